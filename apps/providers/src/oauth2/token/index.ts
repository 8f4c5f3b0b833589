/** The token endpoint: it owns what all grants share; a grant is one file of `grants/`, or a folder of its own beside this one. */

export { type ClientAssertionDeps, createProvesByKey, isFor, type ProvesByKey } from './client.assertion.ts';
export { type ClientAuthenticator, createClientAuthenticator, type FindClient } from './client.authentication.ts';
export { type ChangeBus, createClientCache } from './client.cache.ts';
export { createTokenExchange, type GrantHandlers, type TokenExchange } from './exchange.ts';
export type { GrantHandler, Redemption, TokenRequest } from './grant.ts';
export { createProofByAppPassword } from './grants/app-password.ts';
export { createRedeemCode } from './grants/authorization-code.ts';
export { createRedeemClientCredentials } from './grants/client-credentials.ts';
export { createProofByFederatedJwt } from './grants/federated-jwt.ts';
export { createProofByOwnSecret } from './grants/own-secret.ts';
export { createRedeemRefreshToken } from './grants/refresh-token.ts';
export { narrowedAudience, narrowedScopes } from './scopes.ts';
