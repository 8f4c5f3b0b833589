import { defineEntity, type InferEntity, p, tenantColumn, tenantTable } from '@postern/database';
import { OAuth2ProviderEntity } from '../../providers/index.ts';
import type { ClaimWishes } from '../claims/index.ts';

/** What one authorization gave a client. Codes and tokens hang off it: revoking it ends all of them. */
export const GrantEntity = defineEntity({
  name: 'OAuth2Grant',
  tableName: 'oauth2_grant',
  properties: {
    ...tenantTable(),
    provider: () => p.manyToOne(OAuth2ProviderEntity).deleteRule('cascade'),
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
    /** Audiences that access tokens may have; empty for the client itself. */
    resources: p.array().default([]),
    idClaims: p.json().$type<ClaimWishes>().nullable(),
    /** Grant whose token this one was exchanged for; null for others. */
    parent: p.uuid().name('parent_pk').nullable(),
    revoked: p.datetime().nullable(),
    /** The client was told that the session is over. */
    told: p.datetime().nullable(),
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
    /** Thumbprint of the key that it is bound to; null for none. */
    jkt: p.text().nullable(),
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
    /** Thumbprint of the key that it is bound to; null for none. */
    jkt: p.text().nullable(),
    used: p.datetime().nullable(),
    /** What was told with it, as JSON: decision 206. */
    claims: p.text().nullable(),
  },
});

export type GrantRow = InferEntity<typeof GrantEntity>;
export type CodeRow = InferEntity<typeof CodeEntity>;
export type AccessTokenRow = InferEntity<typeof AccessTokenEntity>;
export type RefreshTokenRow = InferEntity<typeof RefreshTokenEntity>;

function tokenColumns() {
  return {
    pk: p.bigint('number').primary().autoincrement(),
    tenant: tenantColumn(),
    hash: p.text(),
    grant: () => p.manyToOne(GrantEntity).deleteRule('cascade'),
    issued: p.datetime(),
    expires: p.datetime(),
  };
}
