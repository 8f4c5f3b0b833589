import type { JsonObject } from './json.ts';
import { type ModelObject, object } from './model-object.ts';

/** A group, as expressions see it. */
export type GroupFacts = {
  /** UUID. */
  pk: string;
  num_pk?: number;
  name: string;
  is_superuser: boolean;
  attributes: JsonObject;
  /** The group it lies in, with its own parent, up to the top. */
  parent?: GroupFacts | null;
};

/** A user, as expressions see it. */
export type UserFacts = {
  pk: number;
  uuid: string;
  username: string;
  name: string;
  email: string;
  path?: string;
  type?: string;
  is_active: boolean;
  is_superuser?: boolean;
  attributes: JsonObject;
  /** Stable identifier for applications. */
  uid?: string;
  avatar?: string;
  date_joined?: Date;
  last_login?: Date | null;
  password_change_date?: Date;
  /** Whether a password check has happened already: its back end (`user.backend`). */
  backend?: string;
  /** Direct groups. Left out, they are asked for by `ak_groups_of` when the code wants them. */
  groups?: readonly GroupFacts[];
};

/** A user for `variables`: `user.username`, `user.ak_groups.all()`, `user.group_attributes()`. Null stands for an anonymous visitor. */
export function userObject(user: UserFacts | null): ModelObject {
  if (user === null) return object('user', { pk: null, username: '', groups: [], is_active: false, attributes: {} });
  return object('user', { ...user, groups: user.groups?.map(groupObject) });
}

/** A group for `variables`. */
export function groupObject(group: GroupFacts): ModelObject {
  const { parent, ...members } = group;
  return object('group', { ...members, parent: parent ? groupObject(parent) : null });
}
