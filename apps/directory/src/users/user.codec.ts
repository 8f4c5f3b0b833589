import type { directory } from '@postern/proto';
import { type Belonging, type DirectGroup, groupNumber } from '../memberships/index.ts';
import type { UserRow } from './user.entity.ts';

/** What is worked out about a user. */
export type UserParts = { readonly belonging: Belonging; readonly avatar: string; readonly uid: string };

/** A user in the contract's words. */
export function encodeUser(row: UserRow, { belonging, avatar, uid }: UserParts): directory.User {
  return {
    pk: row.pk,
    username: row.username,
    name: row.name,
    is_active: row.isActive,
    last_login: row.lastLogin?.toISOString(),
    is_superuser: belonging.superuser,
    groups: belonging.direct.map(({ pk }) => pk),
    groups_obj: belonging.direct.map(encodeUserGroup),
    email: row.email,
    avatar,
    attributes: row.attributes,
    uid,
    path: row.path,
    type: row.type,
    uuid: row.uuid,
  };
}

/** A user as far as a group shows them. */
export type Member = Pick<UserRow, 'pk' | 'username' | 'name' | 'isActive' | 'lastLogin' | 'email' | 'attributes'>;

/** A user as a group shows them. */
export function encodeMember(row: Member, uid: string): directory.GroupMember {
  return {
    pk: row.pk,
    username: row.username,
    name: row.name,
    is_active: row.isActive,
    last_login: row.lastLogin?.toISOString(),
    email: row.email,
    attributes: row.attributes,
    uid,
  };
}

/** The facts about a user that travel in events and principals. */
export function userFacts(row: Pick<UserRow, keyof directory.UserFacts & keyof UserRow> & { isActive: boolean }) {
  const { pk, uuid, username, name, email, type, path, isActive } = row;
  return { pk, uuid, username, name, email, type, is_active: isActive, path } satisfies directory.UserFacts;
}

function encodeUserGroup(group: DirectGroup): directory.UserGroup {
  return {
    pk: group.pk,
    num_pk: groupNumber(group.pk),
    name: group.name,
    is_superuser: group.isSuperuser,
    parent: group.parent ?? undefined,
    parent_name: group.parentName ?? undefined,
    attributes: group.attributes,
  };
}
