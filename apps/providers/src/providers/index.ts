/** What serves applications: one table for all kinds, one folder per kind, and what they share written once. */

export { type Endpoints, endpointsOf, issuerOf, type Origin } from './oauth2/endpoints.ts';
export {
  type ClientType,
  type IssuerMode,
  OAuth2ProviderEntity,
  type OAuth2ProviderRow,
  type SubMode,
} from './oauth2/oauth2-provider.entity.ts';
export { matchesRedirectUri, parseRedirectUris, type RedirectUri, redirectUriError } from './oauth2/redirect-uris.ts';
export { ProviderEntity, type ProviderRow } from './provider.entity.ts';
export { ScimProviderEntity, type ScimProviderRow } from './scim/scim-provider.entity.ts';
