/** The token endpoint: it owns what all grants share; a grant is one file of `grants/`. */

export { type ClientAuthenticator, createClientAuthenticator, type FindClient } from './client.authentication.ts';
export { type ChangeBus, createClientCache } from './client.cache.ts';
export { createTokenExchange, type TokenExchange } from './exchange.ts';
