/**
 * Signing in by a code that goes to an address or a number: asked for, or wanted besides another proof. Nothing tells whether anybody has
 * the address (decision 253).
 */

export { createCodeStage } from './code.stage.ts';
export { createCodesRpc } from './codes.rpc.ts';
