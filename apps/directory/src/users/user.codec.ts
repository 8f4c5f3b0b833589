import type { directory } from '@postern/proto';
import type { Rights } from '@postern/resource';
import { type JsonObject, objectAt } from '../attributes/index.ts';
import { type Ancestry, type Belonging, type DirectGroup, groupNumber } from '../memberships/index.ts';
import type { UserRow } from './user.entity.ts';

/** A user, as messages carry them. */
export type UserMessage = directory.User;

/** Someone who is calling, as they see themselves. */
export type SelfMessage = directory.UserSelf;

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

/** What is worked out about someone who sees themselves. */
export type SelfParts = {
  readonly groups: readonly Ancestry[];
  readonly rights: Rights;
  readonly attributes: JsonObject;
  readonly avatar: string;
  readonly uid: string;
};

/** Someone, as they see themselves. */
export function encodeSelf(row: UserRow, { groups, rights, attributes, avatar, uid }: SelfParts): directory.UserSelf {
  return {
    pk: row.pk,
    username: row.username,
    name: row.name,
    is_active: row.isActive,
    is_superuser: rights.superuser,
    groups: groups.map(({ pk, name }) => ({ name, pk })),
    email: row.email,
    avatar,
    uid,
    settings: objectAt(attributes, 'settings'),
    type: row.type,
    system_permissions: systemPermissions(rights),
  };
}

const SYSTEM = 'authentik_rbac.';

/** What a superuser has of the permissions that the pages ask about. */
const ALL_SYSTEM = [
  'access_admin_interface',
  'add_role',
  'assign_role_permissions',
  'change_role',
  'delete_role',
  'edit_system_settings',
  'run_system_tasks',
  'unassign_role_permissions',
  'view_role',
  'view_system_info',
  'view_system_settings',
  'view_system_tasks',
];

function systemPermissions({ superuser, permissions }: Rights): string[] {
  if (superuser) return ALL_SYSTEM;
  return permissions.filter((one) => one.startsWith(SYSTEM)).map((one) => one.slice(SYSTEM.length));
}
