import type { Database, EntityManager } from '@postern/database';
import { common, invalidField } from '@postern/errors';
import type { Outbox } from '@postern/messaging';
import type { auth } from '@postern/proto';
import { eventContext, holdsOn } from '@postern/resource';
import type { Call } from '@postern/rpc';
import { Account, accountsIn, type RightsGuard, requireThemselves, type Users } from '../accounts/index.ts';
import { encodeToken } from './token.codec.ts';
import type { TokenRow } from './token.entity.ts';
import { tokenFact, tokenViewed } from './token.facts.ts';
import { endOfLife, type TokenIssuer, usableKey } from './token.issuer.ts';
import type { TokenKeys } from './token.keys.ts';
import { tokensIn } from './token.repository.ts';
import { type Asker, askerOf, changeable, EXPIRING_ATTRIBUTE, intentOf, managedOf } from './token.rules.ts';

/** What the use cases of tokens need. */
export type TokenOperationsDeps = {
  readonly database: Pick<Database, 'read' | 'write'>;
  readonly outbox: Pick<Outbox, 'record'>;
  readonly users: Users;
  readonly keys: TokenKeys;
  readonly issue: TokenIssuer;
  readonly clock: { now(): Date };
  readonly rights: RightsGuard;
};

/** The use cases of tokens. */
export type TokenOperations = ReturnType<typeof createTokenOperations>;

/**
 * Creates the use cases. A token of somebody else does not exist for those who may not act on it. Whoever acts as somebody else may delete
 * tokens of theirs, and nothing more: a key that is made or read then would outlive it.
 */
export function createTokenOperations(deps: TokenOperationsDeps) {
  const { database, outbox, users, keys, rights } = deps;
  const show = async (row: TokenRow, call: Call) => {
    const owner = (await users.byPk([row.user.pk], call)).get(row.user.pk);
    return encodeToken({ ...plainOf(row) }, owner);
  };
  /** A token whose key the caller gets to know: their own, or one of somebody who can do no more than they can. */
  const reachable = async (em: EntityManager, identifier: string, call: Call, permission?: string) => {
    const row = await tokensIn(em).get(identifier, { pk: undefined, mayAll: true });
    if (row.user.pk === askerOf(call).pk) return row;
    // The permission of an RPC was asked for already.
    if (permission !== undefined && !(await holdsOn(call, em, permission, row.pk))) throw common.NOT_FOUND();
    await rights.require({ users: [row.user.pk] }, call);
    return row;
  };
  return {
    create: (given: auth.Token, call: Call) => create(deps, given, call),
    update: (identifier: string, given: auth.Token, mask: readonly string[] | undefined, call: Call) =>
      update(deps, { identifier, given, mask }, call),
    async get(identifier: string, call: Call): Promise<auth.Token> {
      const row = await database.read(call.context, (em) => tokensIn(em).get(identifier, askerOf(call)));
      return show(row, call);
    },
    async remove(identifier: string, call: Call): Promise<void> {
      await database.write(call.context, async (em) => {
        const row = await tokensIn(em).get(identifier, askerOf(call));
        await outbox.record(em, eventContext(call), tokenFact('deleted', row));
        await tokensIn(em).remove(row);
      });
    },
    /** Replaces the secret: whoever holds the old one is out, and whoever set the new one can act as the owner. */
    async setKey(identifier: string, key: string, call: Call): Promise<void> {
      requireThemselves(call);
      await database.write(call.context, async (em) => {
        const row = await reachable(em, identifier, call);
        row.key = usableKey(key);
        row.keyHash = keys.hash(key);
        await tokensIn(em).store();
        await outbox.record(em, eventContext(call), tokenFact('updated', row, ['key']));
      });
    },
    /** Shows the secret, and records that it was shown. */
    viewKey: async (identifier: string, call: Call): Promise<string> => {
      requireThemselves(call);
      return database.write(call.context, async (em) => {
        const row = await reachable(em, identifier, call, 'authentik_core.view_token_key');
        const key = await tokensIn(em).findKey(row.pk);
        if (key === undefined) throw common.NOT_FOUND();
        await outbox.record(em, eventContext(call), tokenViewed(row));
        return key;
      });
    },
    /** Key of the row behind an identifier. */
    async keyOf(identifier: string, call: Call): Promise<string> {
      return database.read(call.context, async (em) => (await tokensIn(em).get(identifier, askerOf(call))).pk);
    },
  };
}

async function create(deps: TokenOperationsDeps, given: auth.Token, call: Call): Promise<auth.Token> {
  requireThemselves(call);
  const asker = askerOf(call);
  const intent = intentOf(given);
  const owner = await deps.users.get(ownerOf(asker, given), call);
  const own = owner.attributes?.[EXPIRING_ATTRIBUTE] !== false;
  const { row } = await deps.database.write(call.context, async (em) => {
    await accountsIn(em).keep(owner);
    const token = {
      user: owner.pk,
      identifier: given.identifier,
      intent,
      description: given.description,
      expires: given.expires === undefined ? undefined : new Date(given.expires),
      expiring: asker.mayAll ? given.expiring : own,
      managed: asker.mayAll ? (managedOf(given) ?? undefined) : undefined,
    };
    return deps.issue(em, token, eventContext(call));
  });
  return encodeToken(plainOf(row), owner);
}

type Change = { identifier: string; given: auth.Token; mask: readonly string[] | undefined };

async function update(deps: TokenOperationsDeps, { identifier, given, mask }: Change, call: Call): Promise<auth.Token> {
  requireThemselves(call);
  const { database, outbox, users, clock } = deps;
  const asker = askerOf(call);
  const changed = changeable(asker, mask);
  const intent = changed.includes('intent') ? intentOf(given) : undefined;
  // Whose token it is can only be told of somebody who may see it: a stranger learns nothing of users from this.
  const before = await database.read(call.context, (em) => tokensIn(em).get(identifier, asker));
  const owner = await users.get(changed.includes('user') ? given.user : before.user.pk, call);
  const row = await database.write(call.context, async (em) => {
    const token = await tokensIn(em).get(identifier, asker);
    if (changed.includes('user')) {
      await accountsIn(em).keep(owner);
      token.user = em.getReference(Account, owner.pk);
    }
    if (intent !== undefined) token.intent = intent;
    if (changed.includes('identifier')) token.identifier = given.identifier;
    if (changed.includes('description')) token.description = given.description;
    if (changed.includes('expiring')) token.expiring = given.expiring;
    if (changed.includes('managed')) token.managed = managedOf(given);
    if (changed.includes('expires')) {
      token.expires = given.expires === undefined ? endOfLife(clock.now()) : new Date(given.expires);
    }
    await tokensIn(em).store();
    await outbox.record(em, eventContext(call), tokenFact('updated', token, changed));
    return token;
  });
  return encodeToken(plainOf(row), owner);
}

/** Whose a new token is: whom those name who may act for everyone; else the caller. */
function ownerOf({ mayAll, pk }: Asker, { user }: auth.Token): number {
  const owner = mayAll && user !== 0 ? user : pk;
  if (owner === undefined) throw invalidField('user', 'This field is required.', 'REQUIRED');
  return owner;
}

function plainOf(row: TokenRow) {
  return { ...pick(row), user: row.user.pk };
}

function pick({ pk, identifier, intent, description, expires, expiring, managed }: TokenRow) {
  return { pk, identifier, intent, description, expires, expiring, managed };
}

/** The message of a request. Throws INVALID_ARGUMENT without one. */
export function givenToken(token: auth.Token | undefined): auth.Token {
  if (token === undefined) throw common.INVALID_ARGUMENT();
  return token;
}
