/**
 * Tokens: API tokens and app passwords. A key is stored twice, as a keyed hash that it is looked up by and sealed for its owner to look at
 * again. One function issues every token. An expired token is refused; being presented does nothing to it, the clean-up does.
 */

import type { Database, EntityManager } from '@postern/database';
import type { EventContext, Outbox } from '@postern/messaging';
import type { auth } from '@postern/proto';
import type { Neighbours } from '@postern/resource';
import type { BoundService } from '@postern/rpc';
import type { RightsGuard, Users } from '../accounts/index.ts';
import type { JsonObject } from '../plans/index.ts';
import { createAppPasswordRpc } from './app-password.rpc.ts';
import { tokenErrors } from './token.errors.ts';
import { createTokenExpiry, type ExpireTokens } from './token.expiry.ts';
import { tokenTitle } from './token.facts.ts';
import { createTokenIssuer, type TokenIssuer } from './token.issuer.ts';
import { createTokenKeys } from './token.keys.ts';
import { createTokenOperations } from './token.operations.ts';
import { NOTE_SEEN, type PresentedToken, tokensIn } from './token.repository.ts';
import { createTokenRpc } from './token.rpc.ts';

export { Token } from './token.entity.ts';
export { tokenErrors } from './token.errors.ts';
export { TOKEN_MODEL, TOKEN_VIEWED, tokenFact, tokenTitle } from './token.facts.ts';
export type { NewToken, TokenIssuer } from './token.issuer.ts';
export { createTokenKeys, type TokenKeys } from './token.keys.ts';
export { TOKEN_MIGRATIONS } from './token.migrations.ts';
export { type PresentedToken, tokensIn } from './token.repository.ts';

/** What tokens need. */
export type TokenDeps = {
  readonly database: Database;
  readonly outbox: Outbox;
  readonly clock: { now(): Date };
  /** The installation's secrets: the first hashes new keys, all are looked up by. */
  readonly secrets: readonly string[];
  readonly users: Users;
  readonly rights: RightsGuard;
  readonly neighbours: Pick<Neighbours, 'usedBy'>;
};

/** Tokens, wired. */
export type Tokens = {
  readonly service: BoundService;
  /** App passwords, for whoever redeems them. */
  readonly appPasswords: BoundService;
  readonly issue: TokenIssuer;
  readonly expire: ExpireTokens;
  /** The API token with this key, while it has not expired. Throws TOKEN_REVOKED, TOKEN_EXPIRED for access keys. */
  findApi(tenant: string, key: string): Promise<PresentedToken | undefined>;
  /** The app password of a user with this key, as events name it. */
  findAppPassword(em: EntityManager, user: number, key: string): Promise<JsonObject | undefined>;
  /** The app password of a service account. Throws TOKEN_IDENTIFIER_TAKEN. */
  createAppPassword(
    em: EntityManager,
    token: { user: number; identifier: string; expires: string | undefined; expiring: boolean },
    context: EventContext,
  ): Promise<auth.CreateServiceTokenResponse>;
};

/** Life of the app password of a service account that names no end. */
const SERVICE_LIFE_MS = 360 * 24 * 60 * 60 * 1000;

/** Creates tokens. */
export function createTokens(deps: TokenDeps): Tokens {
  const { database, outbox, clock, secrets, users, rights, neighbours } = deps;
  const keys = createTokenKeys(secrets);
  const issue = createTokenIssuer({ keys, outbox, clock });
  const operations = createTokenOperations({ database, outbox, users, keys, issue, clock, rights });
  return {
    service: createTokenRpc({ database, operations, users, neighbours }),
    appPasswords: createAppPasswordRpc({ database, keys, clock }),
    issue,
    expire: createTokenExpiry({ keys, outbox, clock }),
    async findApi(tenant, key) {
      const now = clock.now();
      const found = await database.read({ tenant }, (em) => tokensIn(em).findPresented(keys.hashes(key), 'api', now));
      if (found?.accessKey) await useAccessKey(database, tenant, found, found.accessKey, now);
      return found;
    },
    async findAppPassword(em, user, key) {
      const found = await tokensIn(em).findPresented(keys.hashes(key), 'app_password', clock.now());
      if (found?.user !== user) return undefined;
      const name = tokenTitle(found);
      return { app: 'authentik_core', model_name: 'token', name, pk: found.pk.replaceAll('-', '') };
    },
    async createAppPassword(em, { user, identifier, expires, expiring }, context) {
      const end = expires === undefined ? new Date(clock.now().getTime() + SERVICE_LIFE_MS) : new Date(expires);
      const token = { user, identifier, intent: 'app_password', expires: end, expiring };
      const { row, key } = await issue(em, token, context);
      return { pk: row.pk, key };
    },
  };
}

/** Lets an access key in and notes the day. Throws TOKEN_REVOKED, TOKEN_EXPIRED. */
async function useAccessKey(
  { statement }: Pick<Database, 'statement'>,
  tenant: string,
  { pk, expires }: PresentedToken,
  { revoked, lastSeen }: NonNullable<PresentedToken['accessKey']>,
  now: Date,
): Promise<void> {
  if (revoked) throw tokenErrors.TOKEN_REVOKED();
  if (expires <= now) throw tokenErrors.TOKEN_EXPIRED();
  const today = now.toISOString().slice(0, 10);
  if (lastSeen !== today) await statement({ tenant }, NOTE_SEEN, [today, pk, today]);
}
