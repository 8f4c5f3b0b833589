import type { EntityManager } from '@postern/database';
import { arrayOf, only } from './query.ts';

/** Keys that joined or left. */
export type Change<Key> = { readonly joined: readonly Key[]; readonly left: readonly Key[] };

/** What others are told about a group. */
export type GroupFacts = {
  readonly pk: string;
  readonly name: string;
  readonly is_superuser: boolean;
  /** Key of the group above; empty for a root. */
  readonly parent: string;
};

/** The facts about groups that travel in events. */
export async function groupFactsOf(em: EntityManager, groups: readonly string[]): Promise<(pk: string) => GroupFacts> {
  const rows =
    groups.length === 0
      ? []
      : await em.execute<GroupFacts[]>(
          `select pk, name, is_superuser, coalesce(parent_pk::text, '') as parent from user_group where pk = any (?::uuid[])`,
          [arrayOf(groups)],
        );
  const known = new Map(rows.map((row) => [row.pk, row]));
  return (pk) => only([known.get(pk)].filter((row) => row !== undefined));
}

/** Groups that filters name: the keys of those with these names, and what names no group. */
export async function findGroups(
  em: EntityManager,
  names: readonly string[],
  keys: readonly string[],
): Promise<{ named: string[]; missing: { parameter: string; value: string }[] }> {
  if (names.length + keys.length === 0) return { named: [], missing: [] };
  const marks = (values: readonly string[]) => values.map(() => '?').join(', ') || 'null';
  const known = await em.execute<{ name: string; pk: string }[]>(
    `select name, pk::text from user_group where name in (${marks(names)}) or pk in (${marks(keys)})`,
    [...names.map((name) => name.replaceAll('\0', '')), ...keys],
  );
  const has = (value: string) => known.some(({ name, pk }) => name === value || pk === value.toLowerCase());
  const missing = (parameter: string, values: readonly string[]) =>
    values.filter((value) => !has(value)).map((value) => ({ parameter, value }));
  return {
    named: known.filter(({ name }) => names.includes(name)).map(({ pk }) => pk),
    missing: [...missing('groups_by_name', names), ...missing('groups_by_pk', keys)],
  };
}

/** Makes these the direct groups of a user. */
export async function setGroupsOf(em: EntityManager, user: number, groups: readonly string[]): Promise<Change<string>> {
  const left = await em.execute<{ key: string }[]>(
    'delete from membership where user_pk = ? and not group_pk = any (?::uuid[]) returning group_pk as key',
    [user, arrayOf(groups)],
  );
  return { joined: await addGroupsTo(em, user, groups), left: left.map(({ key }) => key) };
}

/** Adds a user to groups; answers those that they did not belong to. */
export async function addGroupsTo(em: EntityManager, user: number, groups: readonly string[]): Promise<string[]> {
  if (groups.length === 0) return [];
  const rows = await em.execute<{ key: string }[]>(
    `insert into membership (user_pk, group_pk) select ?, unnest(?::uuid[]) on conflict do nothing returning group_pk as key`,
    [user, arrayOf(groups)],
  );
  return rows.map(({ key }) => key);
}

/** Makes these the direct members of a group. */
export async function setUsersOf(em: EntityManager, group: string, users: readonly number[]): Promise<Change<number>> {
  const left = await em.execute<{ key: number }[]>(
    'delete from membership where group_pk = ? and not user_pk = any (?::int[]) returning user_pk as key',
    [group, arrayOf(users)],
  );
  return { joined: await addUsersTo(em, group, users), left: left.map(({ key }) => key) };
}

/** Adds members to a group; answers those who were none. */
export async function addUsersTo(em: EntityManager, group: string, users: readonly number[]): Promise<number[]> {
  if (users.length === 0) return [];
  const rows = await em.execute<{ key: number }[]>(
    `insert into membership (group_pk, user_pk) select ?, unnest(?::int[]) on conflict do nothing returning user_pk as key`,
    [group, arrayOf(users)],
  );
  return rows.map(({ key }) => key);
}

/** Removes a member from a group; answers whether they were one. */
export async function removeUserFrom(em: EntityManager, group: string, user: number): Promise<boolean> {
  const sql = 'delete from membership where group_pk = ? and user_pk = ? returning 1';
  return (await em.execute<unknown[]>(sql, [group, user])).length > 0;
}
