/** People of the tests, and what the policies of the default flows know of them. */

import { randomUUID } from 'node:crypto';
import { directory } from '@postern/proto';
import type { JsonObject } from '../plans/index.ts';
import type { StageAccount } from '../stages/index.ts';
import type { SelfCare, Setup } from './index.ts';

/** Somebody who can sign in. */
export type Person = StageAccount & {
  password?: string;
  superuser?: boolean;
  permissions?: string[];
  attributes?: JsonObject | undefined;
  groups?: string[];
  path?: string;
};

/** A browser session; nobody is signed in to one without a user. */
export type Session = { readonly user?: Person; readonly since: Date };

/** A person of this name. */
export function aPerson(username: string, rest: Partial<Person> = {}): Person {
  const pk = [...username].reduce((sum, letter) => sum * 7 + letter.charCodeAt(0), 0) % 1_000_000;
  const email = `${username}@example.com`;
  return { pk, uuid: randomUUID(), username, name: username, email, isActive: true, type: 'internal', ...rest };
}

export function setupOf(people: readonly Person[]): Setup {
  return {
    admin: async () => {
      const admin = people.find(({ username, password }) => username === 'akadmin' && password === undefined);
      return admin && { pk: admin.pk, uuid: admin.uuid, username: admin.username };
    },
    token: () => 'the-set-up-token',
  };
}

/** People may change their names. */
export const SETTINGS = directory.Settings.fromPartial({ default_user_change_name: true });

export function selfCareOf(people: readonly Person[]): SelfCare {
  return {
    person: async (_tenant, pk) => {
      const person = people.find((one) => one.pk === pk);
      return person && { user: { ...person, is_active: person.isActive, path: 'users' }, attributes: undefined };
    },
    settings: async () => SETTINGS,
  };
}

export function userOf(person: Person | undefined) {
  const { attributes, groups = [], path = 'users' } = person ?? {};
  const { pk = 0, uuid = '', username = '', name = '', email = '', type = 'internal', isActive = false } = person ?? {};
  return {
    pk,
    uuid,
    username,
    name,
    email,
    type,
    is_active: isActive,
    last_login: undefined,
    is_superuser: false,
    groups,
    groups_obj: [],
    avatar: '',
    attributes,
    uid: '',
    path,
  };
}
