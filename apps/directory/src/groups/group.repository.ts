import { LockMode, type RequiredEntityData } from '@mikro-orm/core';
import { type EntityManager, isUuid } from '@postern/database';
import { common } from '@postern/errors';
import { arrayOf } from '../memberships/index.ts';
import { findUsers, type UserRow } from '../users/index.ts';
import { Group, type GroupEntity, type GroupRow } from './group.entity.ts';

/** A group by its key. Throws NOT_FOUND. */
export async function getGroup(em: EntityManager, pk: string): Promise<GroupRow> {
  const rows = isUuid(pk) ? await em.createQueryBuilder(Group).where({ pk }).execute<GroupRow[]>('all') : [];
  if (!rows[0]) throw common.NOT_FOUND();
  return rows[0];
}

/** Groups by their keys; those that do not exist are left out. */
export async function findGroups(em: EntityManager, pks: readonly string[]): Promise<GroupRow[]> {
  const keys = pks.filter(isUuid);
  if (keys.length === 0) return [];
  return em
    .createQueryBuilder(Group)
    .where({ pk: { $in: keys } })
    .execute<GroupRow[]>('all');
}

/** Keys of the groups with this name. */
export async function findGroupsByName(em: EntityManager, name: string): Promise<string[]> {
  const rows = await em.execute<{ pk: string }[]>('select pk from user_group where name = ? order by pk', [name]);
  return rows.map(({ pk }) => pk);
}

/** A group, the last key of the page before, and how many members to read. */
export type MemberPage = { readonly group: string; readonly after: number; readonly limit: number };

/** Direct members whose account may be used, by key. */
export async function pageOfMembers(em: EntityManager, { group, after, limit }: MemberPage): Promise<UserRow[]> {
  const rows = await em.execute<{ pk: number }[]>(
    `select u.pk from membership m join user_account u on u.pk = m.user_pk
     where m.group_pk = ? and u.pk > ? and u.is_active order by u.pk limit ?`,
    [group, after, limit],
  );
  return rows.length === 0
    ? []
    : findUsers(
        em,
        rows.map(({ pk }) => pk),
      );
}

/** A group to be changed: whoever else would change it waits until this transaction ends. Throws NOT_FOUND. */
export async function lockGroup(em: EntityManager, pk: string): Promise<GroupEntity> {
  const group = isUuid(pk) ? await em.findOne(Group, { pk }, { lockMode: LockMode.PESSIMISTIC_WRITE }) : null;
  if (!group) throw common.NOT_FOUND();
  return group;
}

/** What a new group has; the table knows the rest. */
export type NewGroup = Pick<GroupEntity, 'name'> & Partial<Pick<GroupEntity, 'pk' | 'isSuperuser'>>;

/** Stores a new group at the top of the tree, in the caller's transaction. */
export async function addGroup(em: EntityManager, values: NewGroup): Promise<GroupEntity> {
  const group = em.create(Group, values as RequiredEntityData<GroupEntity>);
  em.persist(group);
  await em.flush();
  return group;
}

/** Lets one transaction at a time move groups about: two moves at once could close a circle that neither sees. */
export async function lockTree(em: EntityManager, tenant: string): Promise<void> {
  await em.execute('select pg_advisory_xact_lock(hashtextextended(?, 0))', [`directory.groups.${tenant}`]);
}

/** Makes these the roles that a group gives; answers whether that changed anything. */
export async function setRolesOf(em: EntityManager, group: string, roles: readonly string[]): Promise<boolean> {
  const left = await em.execute<unknown[]>(
    'delete from group_role where group_pk = ? and not role_pk = any (?::uuid[]) returning 1',
    [group, arrayOf(roles)],
  );
  return (await addRolesTo(em, group, roles)) > 0 || left.length > 0;
}

/** Adds to the roles that a group gives; answers how many it did not give before. */
export async function addRolesTo(em: EntityManager, group: string, roles: readonly string[]): Promise<number> {
  if (roles.length === 0) return 0;
  const sql =
    'insert into group_role (group_pk, role_pk) select ?, unnest(?::uuid[]) on conflict do nothing returning 1';
  return (await em.execute<unknown[]>(sql, [group, arrayOf(roles)])).length;
}

type RoleRow = { group_pk: string; pk: string; name: string };

/** The roles of groups, by the key of the group. */
export async function rolesOf(em: EntityManager, groups: readonly string[]): Promise<Map<string, RoleRow[]>> {
  if (groups.length === 0) return new Map();
  const rows = await em.execute<RoleRow[]>(
    `select gr.group_pk, r.pk, r.name from group_role gr join role r on r.pk = gr.role_pk
     where gr.group_pk = any (?::uuid[]) order by r.name, r.pk`,
    [arrayOf(groups)],
  );
  return Map.groupBy(rows, ({ group_pk }) => group_pk);
}

/** The names of groups by their keys. */
export async function namesOf(em: EntityManager, groups: readonly string[]): Promise<Map<string, string>> {
  if (groups.length === 0) return new Map();
  const rows = await em.execute<{ pk: string; name: string }[]>(
    'select pk, name from user_group where pk = any (?::uuid[])',
    [arrayOf(groups)],
  );
  return new Map(rows.map(({ pk, name }) => [pk, name]));
}
