/**
 * JSON web tokens of apps: an access token that is short and says whose it is, and a refresh token that gets the next one. Both belong to a
 * session, which neither tells. Keys are made once for each tenant and kept sealed. Decision 247.
 */

import { randomUUID } from 'node:crypto';
import { type Database, prepared } from '@postern/database';
import type { auth } from '@postern/proto';
import { createSigningKeys } from './signing.keys.ts';
import { readToken, type TokenAlgorithm, type TokenClaims, type TokenUse, writeToken } from './token.codec.ts';

export { APP_TOKEN_MIGRATIONS } from './app-token.migrations.ts';

/** Settings of a tenant that tokens follow. */
export type TokenSettings = Pick<
  auth.HeadlessSettings,
  | 'token_strategy'
  | 'jwt_algorithm'
  | 'jwt_access_token_expires_in'
  | 'jwt_refresh_token_expires_in'
  | 'jwt_rotate_refresh_token'
>;

/** What tokens need. */
export type AppTokenDeps = {
  readonly database: Pick<Database, 'statement' | 'write' | 'secrets'>;
  readonly clock: { now(): Date };
  readonly settings: { read(tenant: string): Promise<TokenSettings> };
  /** Whose a session is, as long as it lasts and they may be signed in. */
  readonly ownerOf: (tenant: string, session: string) => Promise<number | undefined>;
};

/** Whom tokens are for: somebody who is signed in. */
export type TokenHolder = { readonly session: string; readonly user: number };

/** What an app gets. */
export type TokenPair = { readonly access_token: string; readonly refresh_token?: string };

/** Tokens of apps. A tenant that gives out none has none that are worth anything. */
export type AppTokens = {
  /** Both tokens for a session; undefined where the tenant gives out none. */
  readonly issue: (tenant: string, holder: TokenHolder) => Promise<Required<TokenPair> | undefined>;
  /** What a refresh token is worth: once where tokens rotate, however many use it at once. Undefined for one that is worth nothing. */
  readonly refresh: (tenant: string, token: string) => Promise<TokenPair | undefined>;
  /** The session of an access token; whether that lasts is not looked at. Undefined for what is none. */
  readonly sessionOf: (tenant: string, token: string) => Promise<string | undefined>;
};

// A session that ends meanwhile gets none.
const ADD = prepared(`insert into headless_refresh (pk, jti, session, expires)
  select gen_random_uuid(), ?::uuid, key, ?::timestamptz from session where key = ? for key share returning 1`);
const USE_UP = prepared('delete from headless_refresh where jti = ?::uuid and session = ? and expires > ? returning 1');
const FIND = prepared('select 1 from headless_refresh where jti = ?::uuid and session = ? and expires > ?');

/** Creates the tokens. */
export function createAppTokens(deps: AppTokenDeps): AppTokens {
  const { database, clock, settings, ownerOf } = deps;
  const keys = createSigningKeys(database);

  async function strategyOf(tenant: string) {
    const found = await settings.read(tenant);
    const algorithm: TokenAlgorithm = found.jwt_algorithm === 'HS256' ? 'HS256' : 'RS256';
    return found.token_strategy === 'jwt' ? { ...found, algorithm } : undefined;
  }
  type Strategy = NonNullable<Awaited<ReturnType<typeof strategyOf>>>;

  async function read(tenant: string, { algorithm }: Strategy, token: string, use: TokenUse) {
    return readToken(await keys.of(tenant), algorithm, token, { use, now: clock.now() });
  }

  async function write(tenant: string, strategy: Strategy, { session, user }: TokenHolder, use: TokenUse) {
    const iat = Math.floor(clock.now().getTime() / 1000);
    const { jwt_access_token_expires_in, jwt_refresh_token_expires_in } = strategy;
    const exp = iat + (use === 'access' ? jwt_access_token_expires_in : jwt_refresh_token_expires_in);
    const claims: TokenClaims = { iat, exp, session, jti: randomUUID(), use, user };
    return { claims, token: await writeToken(await keys.of(tenant), strategy.algorithm, claims) };
  }

  const row = ({ jti, session, exp }: TokenClaims) => [jti, new Date(exp * 1000), session];

  return {
    async issue(tenant, holder) {
      const strategy = await strategyOf(tenant);
      if (strategy === undefined) return undefined;
      const access = await write(tenant, strategy, holder, 'access');
      const refresh = await write(tenant, strategy, holder, 'refresh');
      await database.statement({ tenant }, ADD, row(refresh.claims));
      return { access_token: access.token, refresh_token: refresh.token };
    },
    async refresh(tenant, given) {
      const strategy = await strategyOf(tenant);
      const claims = strategy && (await read(tenant, strategy, given, 'refresh'));
      if (!strategy || !claims || (await ownerOf(tenant, claims.session)) !== claims.user) return undefined;
      const named = [claims.jti, claims.session, clock.now()];
      const access = await write(tenant, strategy, claims, 'access');
      if (!strategy.jwt_rotate_refresh_token) {
        const known = await database.statement({ tenant }, FIND, named);
        return known.length > 0 ? { access_token: access.token } : undefined;
      }
      const next = await write(tenant, strategy, claims, 'refresh');
      const isFirst = await database.write({ tenant }, async (tx) => {
        if ((await tx.execute<unknown[]>(USE_UP, named)).length === 0) return false;
        return (await tx.execute<unknown[]>(ADD, row(next.claims))).length > 0;
      });
      return isFirst ? { access_token: access.token, refresh_token: next.token } : undefined;
    },
    async sessionOf(tenant, token) {
      // What is none costs no look at the settings.
      if (!TOKEN.test(token)) return undefined;
      const strategy = await strategyOf(tenant);
      return strategy && (await read(tenant, strategy, token, 'access'))?.session;
    },
  };
}

const TOKEN = /^[\w-]+\.[\w-]+\.[\w-]+$/;
