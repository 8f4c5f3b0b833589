import type { List, PlainRow } from '@postern/database';
import type { AccessTokenRow, CodeRow, GrantRow, RefreshTokenRow } from '../tokens/index.ts';
import { accessTokenList, codeList, refreshTokenList } from './record.list.ts';

/** What all kinds of rows have. */
export type RecordRow = CodeRow | AccessTokenRow | RefreshTokenRow;

/** What a row says beside what was granted. */
export type Told = {
  readonly scopes: readonly string[];
  /** Claims as JSON; null where nothing was told. */
  readonly claims: string | null;
  readonly isRevoked: boolean;
};

/** One kind of what the protocol issues. */
export type RecordKind<Row extends RecordRow> = {
  /** Model label, without the part before the dot. */
  readonly model: string;
  /** First words of the subjects of its facts. */
  readonly subject: string;
  readonly list: List<Row>;
  /** Rows that exist for people: a code that was redeemed is only kept to notice a second use. */
  readonly where?: Readonly<Record<string, unknown>>;
  /** Whether everything from the same authorization ends with it (RFC 7009, section 2.1). */
  readonly takesAll: boolean;
  told(row: PlainRow<Row>, grant: PlainRow<GrantRow>): Told;
};

export const CODES: RecordKind<CodeRow> = {
  model: 'authorizationcode',
  subject: 'providers.v1.oauth2_code',
  list: codeList,
  where: { used: null },
  takesAll: false,
  told: (_row, { scopes, revoked }) => ({ scopes, claims: null, isRevoked: revoked !== null }),
};

export const ACCESS_TOKENS: RecordKind<AccessTokenRow> = {
  model: 'accesstoken',
  subject: 'providers.v1.oauth2_access_token',
  list: accessTokenList,
  takesAll: false,
  told: ({ scopes, claims }, { revoked }) => ({ scopes, claims: claims ?? null, isRevoked: revoked !== null }),
};

export const REFRESH_TOKENS: RecordKind<RefreshTokenRow> = {
  model: 'refreshtoken',
  subject: 'providers.v1.oauth2_refresh_token',
  list: refreshTokenList,
  takesAll: true,
  told: ({ claims, used }, { scopes, revoked }) => ({
    scopes,
    claims: claims ?? null,
    isRevoked: revoked !== null || used !== null,
  }),
};
