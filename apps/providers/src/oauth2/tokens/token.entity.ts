import { defineEntity, type InferEntity, p, tenantColumn, tenantTable } from '@postern/database';

/** What one authorization gave a client. Codes and tokens hang off it: revoking it ends all of them. */
export const GrantEntity = defineEntity({
  name: 'OAuth2Grant',
  tableName: 'oauth2_grant',
  properties: {
    ...tenantTable(),
    provider: p.integer().name('provider_pk'),
    user: p.integer().name('user_pk'),
    /** Session that it ends with; null for one that outlives its session. */
    session: p.text().nullable(),
    /** Session that it was given in, also where it outlives it; what the client calls that session, and who it knows as issuer. */
    givenIn: p.text().nullable(),
    sid: p.text().nullable(),
    issuer: p.text().nullable(),
    scopes: p.array(),
    authTime: p.datetime(),
    amr: p.array(),
    nonce: p.text().nullable(),
    revoked: p.datetime().nullable(),
  },
});

/** An authorization code: RFC 6749, section 1.3.1. Only its hash is kept; a used one stays, so that a second use is noticed. */
export const CodeEntity = defineEntity({
  name: 'OAuth2Code',
  tableName: 'oauth2_code',
  properties: {
    ...tokenColumns(),
    redirectUri: p.text(),
    challenge: p.text().nullable(),
    challengeMethod: p.text().nullable(),
    used: p.datetime().nullable(),
  },
});

/** An access token: RFC 6749, section 1.4. */
export const AccessTokenEntity = defineEntity({
  name: 'OAuth2AccessToken',
  tableName: 'oauth2_access_token',
  properties: { ...tokenColumns(), scopes: p.array(), claims: p.text().nullable() },
});

/** A refresh token: RFC 6749, section 1.5. A used one stays, so that a second use is noticed. */
export const RefreshTokenEntity = defineEntity({
  name: 'OAuth2RefreshToken',
  tableName: 'oauth2_refresh_token',
  properties: {
    ...tokenColumns(),
    /** What introspection says of it. */
    issuer: p.text(),
    subject: p.text(),
    used: p.datetime().nullable(),
    /** What was told with it, as JSON: decision 206. */
    claims: p.text().nullable(),
  },
});

export type GrantRow = InferEntity<typeof GrantEntity>;

function tokenColumns() {
  return {
    pk: p.bigint('number').primary().autoincrement(),
    tenant: tenantColumn(),
    hash: p.text(),
    grant: p.uuid().name('grant_pk'),
    issued: p.datetime(),
    expires: p.datetime(),
  };
}
