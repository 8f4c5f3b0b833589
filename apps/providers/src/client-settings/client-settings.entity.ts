import { defineEntity, type InferEntity, p, tenantColumn, timestamps } from '@postern/database';
import type { JsonObject } from './client-settings.ts';
import type { AuthMethod, GrantType, ResponseType, UserInfoAlg } from './words.ts';

/** Settings of a client. A provider without a row has the defaults. */
export const ClientSettingsEntity = defineEntity({
  name: 'OAuth2ClientSettings',
  tableName: 'oauth2_client_settings',
  properties: {
    provider: p.integer().name('provider_pk').primary(),
    tenant: tenantColumn(),
    ...timestamps(),
    responseTypes: p.array().$type<ResponseType[]>(),
    grantTypes: p.array().$type<GrantType[]>(),
    tokenEndpointAuthMethod: p.text().$type<'' | AuthMethod>(),
    jwks: p.json().$type<JsonObject>().nullable(),
    jwksUri: p.text(),
    requirePkce: p.boolean(),
    requirePushedAuthorizationRequests: p.boolean(),
    requireSignedRequestObject: p.boolean(),
    dpopBoundAccessTokens: p.boolean(),
    userinfoSignedResponseAlg: p.text().$type<'' | UserInfoAlg>(),
    postLogoutRedirectUris: p.array(),
    backchannelLogoutUri: p.text(),
    backchannelLogoutSessionRequired: p.boolean(),
    frontchannelLogoutUri: p.text(),
    frontchannelLogoutSessionRequired: p.boolean(),
    resources: p.array(),
    exchangeAudiences: p.array(),
  },
});

export type ClientSettingsRow = InferEntity<typeof ClientSettingsEntity>;
