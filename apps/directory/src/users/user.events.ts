import { defineEvent, type Fact, fact } from '@postern/messaging';
import { directory } from '@postern/proto';
import type { UserRow } from './user.entity.ts';

const CREATED = defineEvent('directory.v1.user.created', directory.UserCreated);
const UPDATED = defineEvent('directory.v1.user.updated', directory.UserUpdated);
const DELETED = defineEvent('directory.v1.user.deleted', directory.UserDeleted);

/** Whatever the facts about a user are taken from. */
type Known = Parameters<typeof userFacts>[0];

/** A user exists. */
export function userCreated(user: Known): Fact {
  return fact(CREATED, { user: userFacts(user) });
}

/** A user changed; `changed` are fields of the message. */
export function userUpdated(user: Known, changed: readonly string[]): Fact {
  return fact(UPDATED, { user: userFacts(user), changed: [...changed] });
}

/** A user is gone. */
export function userDeleted(user: Known): Fact {
  return fact(DELETED, { user: userFacts(user) });
}

/** The facts about a user that travel in events and principals. */
export function userFacts(row: Pick<UserRow, keyof directory.UserFacts & keyof UserRow> & { isActive: boolean }) {
  const { pk, uuid, username, name, email, type, path, isActive } = row;
  return { pk, uuid, username, name, email, type, is_active: isActive, path } satisfies directory.UserFacts;
}
