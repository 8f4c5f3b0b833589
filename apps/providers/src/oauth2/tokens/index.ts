/** What is issued to clients: grants, codes, access and refresh tokens; the one gate before them and the one function that makes them. */

export { EXPIRING_TOKENS } from './expiry.ts';
export { createGate, type Gate } from './gate.ts';
export { createTokenIssuer } from './issue.ts';
export type { Claims, IssuedTokens, TokenIssuer, TokenOrder } from './order.ts';
export { equalSecrets, hashOf } from './secret.hash.ts';
export { createSessionIds, type SessionIds } from './session-id.ts';
export type { Grant, StoredAccessToken, StoredCode, StoredRefreshToken } from './stored-token.ts';
export {
  AccessTokenEntity,
  type AccessTokenRow,
  CodeEntity,
  type CodeRow,
  GrantEntity,
  type GrantRow,
  RefreshTokenEntity,
  type RefreshTokenRow,
} from './token.entity.ts';
export { createTokenLookups, type TokenLookups } from './token.lookups.ts';
export {
  deleteAccessToken,
  deleteGrantsOf,
  findAccessToken,
  findCode,
  findGrantOfSession,
  findRefreshToken,
  insertCode,
  insertGrant,
  revokeGrant,
  revokeGrantsOf,
  revokeGrantsTo,
  revokeGrantsToProvider,
  useUp,
} from './token.repository.ts';
