import type { Database, EntityManager } from '@postern/database';
import { common } from '@postern/errors';
import type { EventContext } from '@postern/messaging';
import { auth, type directory } from '@postern/proto';
import { eventContext } from '@postern/resource';
import { type BoundService, bind } from '@postern/rpc';
import { accountsIn } from '../accounts/index.ts';
import type { PasswordHasher } from './password.hasher.ts';
import type { Passwords } from './password.operations.ts';

/** What serving the directory needs. */
export type CredentialRpcDeps = {
  readonly database: Database;
  readonly hasher: Pick<PasswordHasher, 'hash'>;
  readonly passwords: Pick<Passwords, 'change'>;
  /** Creates an app password in the transaction. Throws TOKEN_IDENTIFIER_TAKEN. */
  readonly createAppPassword: (
    em: EntityManager,
    token: { user: number; identifier: string; expires: string | undefined; expiring: boolean },
    context: EventContext,
  ) => Promise<auth.CreateServiceTokenResponse>;
};

/** Serves the directory, which knows the users and keeps none of their secrets. */
export function createCredentialRpc(deps: CredentialRpcDeps): BoundService {
  const { database, hasher, passwords, createAppPassword } = deps;
  return bind(auth.CredentialServiceDefinition, {
    async setUserPassword({ user, password, keep_session }, call) {
      const facts = required(user);
      // Hashed outside of the transaction: it may wait for its turn.
      const hash = password === undefined || password === '' ? undefined : await hasher.hash(password);
      await database.write(call.context, async (em) => {
        await accountsIn(em).keep(facts);
        await passwords.change(em, facts, hash, { keepSession: keep_session || undefined }, eventContext(call));
      });
      return {};
    },
    async keepAccount({ user }, call) {
      await database.write(call.context, (em) => accountsIn(em).keep(required(user)));
      return {};
    },
    createServiceToken: ({ user, identifier, expires, expiring }, call) =>
      database.write(call.context, async (em) => {
        const facts = required(user);
        await accountsIn(em).keep(facts);
        return createAppPassword(em, { user: facts.pk, identifier, expires, expiring }, eventContext(call));
      }),
  });
}

function required(user: directory.UserFacts | undefined): directory.UserFacts {
  if (user === undefined) throw common.INVALID_ARGUMENT();
  return user;
}
