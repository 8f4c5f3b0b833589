/**
 * Clients of OAuth 2 as the protocol sees them: a provider together with its application, mappings, signing key and the keys that may sign for it.
 * Reading only; what a client is made of is changed through the features that keep it.
 */

export type { ClientSettings } from '../client-settings/index.ts';
export { type Clients, createClients } from './client.repository.ts';
export type { ClientApplication, ClientSource, OAuth2Client, ScopeProgram } from './oauth2-client.ts';
