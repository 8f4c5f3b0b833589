/** The end of what applications hold of a user, for off-boarding. */

export { createHoldingRpc } from './holding.rpc.ts';
