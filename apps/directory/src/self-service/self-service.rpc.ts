import { type Database, type EntityManager, onConstraint } from '@postern/database';
import { common, invalidField } from '@postern/errors';
import type { Outbox } from '@postern/messaging';
import { directory } from '@postern/proto';
import { eventContext } from '@postern/resource';
import { type BoundService, bind, type Call } from '@postern/rpc';
import { mergeAttributes } from '../attributes/index.ts';
import { ancestryOf, belongingsOf, groupNumber, rightsOfUser } from '../memberships/index.ts';
import type { Settings } from '../settings/index.ts';
import { getUser, lockUser, type UserEntity, type UserRow, userUpdated } from '../users/index.ts';
import { nameOf, withName } from './person-name.ts';

/** What it needs. */
export type SelfServiceDeps = { readonly db: Database; readonly outbox: Outbox; readonly settings: Settings };

/** What callers may change of themselves; undefined leaves it. */
type Changes = {
  readonly username?: string | undefined;
  readonly first?: string | undefined;
  readonly last?: string | undefined;
};

const USERNAME = /^[\p{L}\p{N}_.@+-]+$/u;
const TAKEN = () => invalidField('user.username', 'A user with that username already exists.', 'USERNAME_TAKEN');

/** Lets callers see and change themselves. */
export function bindSelfService({ db, outbox, settings }: SelfServiceDeps): BoundService {
  const read = (call: Call) => db.read(call.context, (em) => getUser(em, callerOf(call)));

  /** Changes the caller. Throws field errors. */
  const change = (changes: Changes, call: Call, body = 'user') =>
    db.write(call.context, async (em) => {
      const user = await lockUser(em, callerOf(call));
      await requireAllowed(em, user, changes, body);
      const changed = apply(user, changes);
      await em.flush().catch(onConstraint({ user_account__username: TAKEN }));
      if (changed.length > 0) await outbox.record(em, eventContext(call), userUpdated(user, changed));
      return getUser(em, user.pk);
    });

  /** What the tenant lets people do, unless it is said of this one, or of a group of theirs, otherwise: the question that the flow of the settings asks. */
  async function requireAllowed(em: EntityManager, user: UserEntity, changes: Changes, body: string): Promise<void> {
    const fields = renamed(user, changes);
    if (fields.length === 0) return;
    const { changesName: name, changesUsername: username } = await settings.read(em);
    const groups = (await ancestryOf(em, user.pk)).map(({ attributes }) => attributes);
    const said = mergeAttributes([...groups, user.attributes]);
    const refused = fields.find((field) => {
      const own = said[`goauthentik.io/user/can-change-${field === 'username' ? field : 'name'}`];
      return own === undefined ? !(field === 'username' ? username : name) : !own;
    });
    if (refused !== undefined) throw invalidField(`${body}.${refused}`, refused === 'username' ? FIXED : FIXED_NAME);
  }

  const me = (row: UserRow, call: Call) =>
    db.read(call.context, async (em): Promise<directory.RestMe> => {
      const { superuser } = await rightsOfUser(em, row.pk);
      const groups = (await belongingsOf(em, [row.pk]))(row.pk).direct;
      const { pk, username, first_name, last_name, email } = detailsOf(row);
      return {
        pk,
        username,
        first_name,
        last_name,
        email,
        groups: groups.map((group) => ({ pk: groupNumber(group.pk), name: group.name })),
        is_staff: superuser,
        is_superuser: superuser,
        is_active: row.isActive,
      };
    });

  return bind(directory.RestUserServiceDefinition, {
    getRestUser: async (_request, call) => detailsOf(await read(call)),
    updateRestUser: async ({ user, update_mask }, call) => {
      if (user === undefined) throw common.INVALID_ARGUMENT();
      return detailsOf(await change(changesOf(user, update_mask), call));
    },
    getRestMe: async (_request, call) => me(await read(call), call),
    updateRestMe: async ({ me: given, update_mask }, call) => {
      if (given === undefined) throw common.INVALID_ARGUMENT();
      const mask = (update_mask ?? ['first_name', 'last_name']).filter((field) => field !== 'username');
      return me(await change(changesOf(given, mask), call, 'me'), call);
    },
  });
}

function callerOf({ context: { principal } }: Call): number {
  if (principal.kind !== 'user') throw common.UNAUTHENTICATED();
  return principal.user.pk;
}

/** What the mask names, without the spaces around it. Throws field errors. */
function changesOf(
  given: Pick<directory.RestUserDetails, 'username' | 'first_name' | 'last_name'>,
  mask: readonly string[] | undefined,
): Changes {
  const has = (field: string) => mask?.includes(field) ?? true;
  const username = has('username') ? given.username.trim() : undefined;
  if (username === '') throw invalidField('user.username', 'This field may not be blank.', 'BLANK');
  if (username !== undefined && !USERNAME.test(username)) throw invalidField('user.username', STRANGE);
  return {
    username,
    first: has('first_name') ? given.first_name.trim() : undefined,
    last: has('last_name') ? given.last_name.trim() : undefined,
  };
}

const FIXED = 'You may not change your user name.';
const FIXED_NAME = 'You may not change your name.';
const STRANGE = 'Enter a valid username. This value may contain only letters, numbers, and @/./+/-/_ characters.';

/** Fields that would be others. */
function renamed(user: UserEntity, { username, first, last }: Changes) {
  const before = nameOf(user);
  const after = {
    username: username ?? user.username,
    first_name: first ?? before.first,
    last_name: last ?? before.last,
  };
  const known = { username: user.username, first_name: before.first, last_name: before.last };
  return (['username', 'first_name', 'last_name'] as const).filter((field) => after[field] !== known[field]);
}

/** Answers the fields that are others now. */
function apply(user: UserEntity, { username, first, last }: Changes): string[] {
  const changed: string[] = [];
  if (username !== undefined && username !== user.username) {
    user.username = username;
    changed.push('username');
  }
  const before = nameOf(user);
  const name = { first: first ?? before.first, last: last ?? before.last };
  if (name.first !== before.first || name.last !== before.last) {
    withName(user, name);
    changed.push('name', 'attributes');
  }
  return changed;
}

function detailsOf(row: UserRow): directory.RestUserDetails {
  const { first, last } = nameOf(row);
  const { pk, username, email } = row;
  return { pk, username, email, first_name: first, last_name: last };
}
