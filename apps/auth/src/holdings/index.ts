/** The end of all that a user holds in the login service, for off-boarding. What is ended is told as if its owner had given it up. */

export { createHoldingRpc } from './holding.rpc.ts';
