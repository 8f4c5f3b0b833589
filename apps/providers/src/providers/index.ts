/**
 * What serves applications: one table for all kinds, one folder per kind, and what they share written once. A name is unique across kinds.
 * Secrets are encrypted at rest and shown to those who may change the provider. Which application uses a provider is asked through `Assignments`.
 */

import { referable } from '@postern/database';
import { ProviderEntity } from './provider.entity.ts';
import { PROVIDER_FAMILY } from './provider.kinds.ts';

export { type Endpoints, endpointsOf, issuerOf, type Origin } from './oauth2/endpoints.ts';
export { findLaunchUrls } from './oauth2/launch-url.ts';
export {
  type ClientType,
  type IssuerMode,
  OAuth2ProviderEntity,
  type OAuth2ProviderRow,
  type SubMode,
} from './oauth2/oauth2-provider.entity.ts';
export { referableOAuth2Providers } from './oauth2/oauth2-provider.resource.ts';
export { createOAuth2ProviderRpc, type PreviewClaims } from './oauth2/oauth2-provider.rpc.ts';
export { findOAuth2Providers } from './oauth2/oauth2-provider.view.ts';
export { matchesRedirectUri, parseRedirectUris, type RedirectUri, redirectUriError } from './oauth2/redirect-uris.ts';
export { type Assigned, type Assignment, type Assignments, encodeProvider } from './provider.codec.ts';
export { ProviderEntity, type ProviderRow } from './provider.entity.ts';
export { kindOf, PROVIDER_FAMILY, PROVIDER_KINDS, type ProviderKind } from './provider.kinds.ts';
export { createProviderMakers, type ProviderMaker } from './provider.makers.ts';
export { findBackchannelProviders, findProviders } from './provider.repository.ts';
export { createProviderRpc } from './provider.rpc.ts';
export { ScimProviderEntity, type ScimProviderRow } from './scim/scim-provider.entity.ts';
export { referableScimProviders } from './scim/scim-provider.resource.ts';
export { createScimProviderRpc } from './scim/scim-provider.rpc.ts';

/** Providers of any kind, as fields refer to them. */
export const referableProviders = referable({
  model: PROVIDER_FAMILY,
  entity: ProviderEntity,
  title: ({ name }) => name,
});
