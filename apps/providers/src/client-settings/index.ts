/**
 * Settings of OAuth2 clients that the public contract does not know. They lie beside the provider: one without a row has the defaults, which are what
 * clients of the contract expect. They have operations of their own below `/api/postern/v1/`, and no part in the document of `/api/v3`.
 */

export { ClientSettingsEntity } from './client-settings.entity.ts';
export { clientSettingsMigrations } from './client-settings.migrations.ts';
export { findClientSettings, storeClientSettings } from './client-settings.repository.ts';
export { type ClientSettingsDeps, createClientSettingsRpc } from './client-settings.rpc.ts';
export { type ClientSettings, CONTRACT_SETTINGS, type JsonObject } from './client-settings.ts';
export { FAPI_ALGS, isFapiClient, maySignBy } from './security.profile.ts';
export {
  AUTH_METHODS,
  type AuthMethod,
  CONTRACT_GRANT_TYPES,
  DEVICE_CODE_GRANT,
  GRANT_TYPE_NAMES,
  type GrantType,
  RESPONSE_TYPE_NAMES,
  type ResponseType,
  TOKEN_EXCHANGE_GRANT,
  USERINFO_ALGS,
  type UserInfoAlg,
} from './words.ts';
