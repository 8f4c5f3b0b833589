/** The tables of tokens as lists read them: joined to what was granted, and to whom. Nothing is written by these. */

import {
  asNumber,
  defineEntity,
  defineList,
  exact,
  type InferEntity,
  type List,
  p,
  tenantColumn,
  tenantTable,
} from '@postern/database';
import { OAuth2ProviderEntity } from '../../providers/index.ts';

/** What somebody gave a client. */
export const GrantRecord = defineEntity({
  name: 'OAuth2GrantRecord',
  tableName: 'oauth2_grant',
  properties: {
    ...tenantTable(),
    provider: () => p.manyToOne(OAuth2ProviderEntity),
    user: p.integer().name('user_pk'),
    scopes: p.array(),
    authTime: p.datetime(),
    amr: p.array(),
    revoked: p.datetime().nullable(),
  },
});

/** An authorization code. */
export const CodeRecord = defineEntity({
  name: 'OAuth2CodeRecord',
  tableName: 'oauth2_code',
  properties: { ...columns(), redirectUri: p.text(), used: p.datetime().nullable() },
});

/** An access token. */
export const AccessTokenRecord = defineEntity({
  name: 'OAuth2AccessTokenRecord',
  tableName: 'oauth2_access_token',
  properties: { ...columns(), scopes: p.array(), claims: p.text().nullable() },
});

/** A refresh token. */
export const RefreshTokenRecord = defineEntity({
  name: 'OAuth2RefreshTokenRecord',
  tableName: 'oauth2_refresh_token',
  properties: {
    ...columns(),
    issuer: p.text(),
    subject: p.text(),
    used: p.datetime().nullable(),
    claims: p.text().nullable(),
  },
});

export type GrantRecordRow = InferEntity<typeof GrantRecord>;
export type CodeRecordRow = InferEntity<typeof CodeRecord>;
export type AccessTokenRecordRow = InferEntity<typeof AccessTokenRecord>;
export type RefreshTokenRecordRow = InferEntity<typeof RefreshTokenRecord>;

function columns() {
  return {
    pk: p.bigint('number').primary(),
    tenant: tenantColumn(),
    hash: p.text(),
    grant: () => p.manyToOne(GrantRecord),
    issued: p.datetime(),
    expires: p.datetime(),
  };
}

const OFFERED = {
  filters: { provider: exact('grant.provider', asNumber), user: exact('grant.user', asNumber) },
  search: ['grant.provider.name', 'grant.provider.clientId'],
  // Other orders would sort every token of the tenant: no index but this one earns its keep.
  ordering: { expires: 'expires' },
  defaultOrder: ['-expires'],
} as const;

/** What the lists offer. */
export const codeList: List<CodeRecordRow> = defineList({ entity: CodeRecord, ...OFFERED });
export const accessTokenList: List<AccessTokenRecordRow> = defineList({ entity: AccessTokenRecord, ...OFFERED });
export const refreshTokenList: List<RefreshTokenRecordRow> = defineList({ entity: RefreshTokenRecord, ...OFFERED });
