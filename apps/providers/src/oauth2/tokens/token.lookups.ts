import { createLookup, type Database, type Lookup, type TenantScope } from '@postern/database';
import type { StoredAccessToken, StoredRefreshToken } from './stored-token.ts';
import { findAccessTokens, findRefreshTokens } from './token.repository.ts';

/** Tokens by their hashes. Everybody who asks at one moment shares a statement. */
export type TokenLookups = {
  readonly access: Lookup<string, StoredAccessToken>;
  readonly refresh: Lookup<string, StoredRefreshToken>;
};

/** Creates the lookups of tokens. Nothing is remembered: what is revoked is revoked for the next who asks. */
export function createTokenLookups({ db }: { readonly db: Pick<Database, 'statement'> }): TokenLookups {
  const within =
    (scope: TenantScope) =>
    <R extends object>(sql: string, values: unknown[]) =>
      db.statement<R>(scope, sql, values);
  return {
    access: createLookup({ find: (scope, hashes) => findAccessTokens(within(scope), hashes) }),
    refresh: createLookup({ find: (scope, hashes) => findRefreshTokens(within(scope), hashes) }),
  };
}
