import type { Database } from '@postern/database';
import { common } from '@postern/errors';
import type { directory } from '@postern/proto';
import type { Call } from '@postern/rpc';
import { type JsonObject, mergeAttributes, objectAt } from '../attributes/index.ts';
import type { Brands } from '../brands/index.ts';
import { type Ancestry, ancestryOf, type Rights, rightsOfUser } from '../memberships/index.ts';
import type { Settings } from '../settings/index.ts';
import { avatarOf } from './avatar.ts';
import type { UidOf } from './uid.ts';
import type { UserRow } from './user.entity.ts';
import { getUser } from './user.repository.ts';

/** What people seeing themselves needs. */
export type SelfDeps = {
  readonly db: Database;
  readonly brands: Pick<Brands, 'attributesOf'>;
  readonly settings: Settings;
  readonly uidOf: UidOf;
};

/** Shows callers themselves. Throws UNAUTHENTICATED for a caller who is no user, or no longer one. */
export type ShowSelf = (call: Call) => Promise<directory.SessionUser>;

/** Creates it. */
export function createShowSelf({ db, brands, settings, uidOf }: SelfDeps): ShowSelf {
  return ({ context }) => {
    const { principal, client } = context;
    if (principal.kind !== 'user') throw common.UNAUTHENTICATED();
    return db.read(context, async (em) => {
      const { pk } = principal.user;
      const row = await getUser(em, pk).catch(whenGone);
      const groups = await ancestryOf(em, pk);
      const rights = await rightsOfUser(em, pk);
      const { avatars } = await settings.read(em);
      const attributes = attributesOf(await brands.attributesOf(em, client.host), groups, row);
      const parts = { groups, rights, attributes, avatar: avatarOf(row, avatars), uid: uidOf(pk) };
      return { user: encodeSelf(row, parts), original: undefined };
    });
  };
}

/** Attributes of brand, groups by name, and user, added up in this order. */
export function attributesOf(
  brand: JsonObject,
  groups: readonly Ancestry[],
  row: Pick<UserRow, 'attributes'>,
): JsonObject {
  return mergeAttributes([brand, ...groups.map((group) => group.attributes), row.attributes]);
}

type SelfParts = {
  readonly groups: readonly Ancestry[];
  readonly rights: Rights;
  readonly attributes: JsonObject;
  readonly avatar: string;
  readonly uid: string;
};

function encodeSelf(row: UserRow, { groups, rights, attributes, avatar, uid }: SelfParts): directory.UserSelf {
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

function whenGone(error: unknown): never {
  throw common.NOT_FOUND.is(error) ? common.UNAUTHENTICATED() : error;
}
