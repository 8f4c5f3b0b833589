import type { Database, EntityManager } from '@postern/database';
import { common } from '@postern/errors';
import type { EventContext, Outbox } from '@postern/messaging';
import type { ClientInfo } from '@postern/rpc';
import { v7 } from 'uuid';
import { type AccountFacts, accountsIn } from '../accounts/index.ts';
import { Token, type TokenIssuer, tokenFact, tokensIn } from '../tokens/index.ts';
import { type AccessKey, type AccessKeyQuery, accessKeysIn } from './access-key.repository.ts';
import { dayOf, endOf, masked, nameOfKey, newKey, usualExpiry } from './key.text.ts';

/** What access keys need. */
export type AccessKeyDeps = {
  readonly database: Pick<Database, 'read' | 'write'>;
  readonly outbox: Pick<Outbox, 'record'>;
  readonly issue: TokenIssuer;
  readonly clock: { now(): Date };
};

/** Whose key it is, and where they ask from. */
export type KeyOwner = {
  readonly user: AccountFacts;
  readonly client: Pick<ClientInfo, 'address' | 'userAgent' | 'host'>;
};

/** A key that whoever asks gets to know. */
export type KnownKey = { readonly row: AccessKey; readonly key: string };

/** Access keys of people. */
export type AccessKeys = {
  /** The key of this name that works, or a new one; of many at once all get the same. */
  obtain(em: EntityManager, owner: KeyOwner, name: string, context: EventContext): Promise<KnownKey>;
  /** A new key, whatever there is. `expiry`: its last day, a year from now by default. */
  create(
    em: EntityManager,
    owner: KeyOwner,
    key: { readonly name: string; readonly expiry?: string | undefined },
    context: EventContext,
  ): Promise<KnownKey>;
  list(tenant: string, query: AccessKeyQuery): Promise<{ count: number; rows: readonly AccessKey[] }>;
  /** Throws NOT_FOUND, for those of others, too. */
  get(tenant: string, number: number, user: number): Promise<AccessKey>;
  /** The key opens nothing from now on. Throws NOT_FOUND. */
  revoke(em: EntityManager, number: number, user: number, context: EventContext): Promise<void>;
  /** Removes the token with this key of the user, if there is one. */
  forget(em: EntityManager, token: string, user: number, context: EventContext): Promise<void>;
};

/** Creates access keys. */
export function createAccessKeys({ database, outbox, issue, clock }: AccessKeyDeps): AccessKeys {
  const create: AccessKeys['create'] = async (em, { user, client }, given, context) => {
    const now = clock.now();
    const key = newKey(now);
    const [name, expiry] = [nameOfKey(given.name), given.expiry ?? usualExpiry(now)];
    await accountsIn(em).keep(user);
    const token = {
      user: user.pk,
      identifier: `access-key-${v7()}`,
      intent: 'api',
      expiring: true,
      expires: endOf(expiry),
      description: name,
      key,
    };
    const { row } = await issue(em, token, context);
    const added = { token: row.pk, user: user.pk, name, shown: masked(key), expiry };
    const number = await accessKeysIn(em).add(added, originOf(client));
    return { row: { ...added, number, created: now.getTime(), lastSeen: null, revoked: false }, key };
  };

  const find = async (em: EntityManager, number: number, user: number) => {
    const row = await accessKeysIn(em).find(number, user);
    if (row === undefined) throw common.NOT_FOUND();
    return row;
  };

  return {
    create,
    async obtain(em, owner, given, context) {
      const keys = accessKeysIn(em);
      const { pk } = owner.user;
      const name = nameOfKey(given);
      await accountsIn(em).keep(owner.user);
      await keys.lockOwner(pk);
      const row = await keys.findUsable(pk, name, dayOf(clock.now()));
      const key = row && (await tokensIn(em).findKey(row.token));
      if (row === undefined || key === undefined) return create(em, owner, { name }, context);
      await keys.noteOrigin(row.number, originOf(owner.client));
      return { row, key };
    },
    list: (tenant, query) => database.read({ tenant }, (em) => accessKeysIn(em).list(query)),
    get: (tenant, number, user) => database.read({ tenant }, (em) => find(em, number, user)),
    async revoke(em, number, user, context) {
      const { token, revoked } = await find(em, number, user);
      if (revoked) return;
      await accessKeysIn(em).revoke(number);
      const row = await em.findOne(Token, { pk: token });
      if (row !== null) await outbox.record(em, context, tokenFact('updated', row, ['revoked']));
    },
    async forget(em, pk, user, context) {
      const row = await em.findOne(Token, { pk, user });
      if (row === null) return;
      await outbox.record(em, context, tokenFact('deleted', row));
      await em.remove(row).flush();
    },
  };
}

/** What is kept of the request by which a key was fetched last. */
function originOf({ address, userAgent, host }: KeyOwner['client']) {
  return { user_agent: userAgent, remote_addr: address, server_name: host };
}
