/** JSON web tokens of apps, as the headless API gives and takes them. */

export { createTokenStrategy } from './token.strategy.ts';
export { createTokensRpc } from './tokens.rpc.ts';
