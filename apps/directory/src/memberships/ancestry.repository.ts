import type { EntityManager } from '@postern/database';
import type { Rights } from '@postern/resource';
import type { JsonObject } from '../attributes/index.ts';
import { arrayOf, only } from './query.ts';

/** How many steps up a group inherits, as the contract has it. */
const MAX_DEPTH = 20;

/** A group that a user belongs to directly. */
export type DirectGroup = {
  readonly pk: string;
  readonly name: string;
  readonly isSuperuser: boolean;
  readonly parent: string | null;
  readonly parentName: string | null;
  readonly attributes: JsonObject;
};

/** The groups of one user. */
export type Belonging = {
  /** Groups they belong to directly, by name. */
  readonly direct: readonly DirectGroup[];
  /** Whether one of those, or an ancestor of one, makes them a superuser. */
  readonly superuser: boolean;
};

/** A group that a user belongs to, directly or as an ancestor of one. */
export type Ancestry = { readonly pk: string; readonly name: string; readonly attributes: JsonObject };

/**
 * Begins a statement with `up`: starting from the rows (user, group, 0) of `start`, all groups above them. Each group is looked up by its key: how
 * far a recursion goes the planner cannot know, and it rather reads all groups there are.
 */
export const above = (start: string) => `with recursive up (user_pk, pk, depth) as (
  ${start}
  union
  select up.user_pk, g.parent_pk, up.depth + 1 from up ${byKey('parent_pk', 'up.pk', 'g')}
  where g.parent_pk is not null and up.depth < ${MAX_DEPTH}
)`;

/** Within `with recursive`: `down`, superuser groups and all groups below them, which make superusers of their members. */
export const SUPERUSER_GROUPS = `down (pk, depth) as (
  select pk, 0 from user_group where is_superuser
  union
  select g.pk, down.depth + 1 from down
    join lateral (select pk from user_group where parent_pk = down.pk offset 0) g on true where down.depth < ${MAX_DEPTH}
)`;

/** Joins the members of `down` as `member`, group by group. */
export const THEIR_MEMBERS =
  'join lateral (select user_pk from membership where group_pk = down.pk offset 0) member on true';

/** Joins the group of a key, by an index whatever the planner expects. */
function byKey(columns: string, key: string, name: string, join = 'join'): string {
  return `${join} lateral (select ${columns} from user_group where user_group.pk = ${key} limit 1) ${name} on true`;
}

const OF_USERS = 'select user_pk, group_pk, 0 from membership where user_pk = any (?::int[])';
const OF_GROUPS = 'select 0, pk, 0 from user_group where pk = any (?::uuid[])';

const BELONGINGS = `${above(OF_USERS)}
  select up.user_pk, bool_or(up.depth = 0) as direct, g.pk, g.name, g.is_superuser, g.parent_pk, parent.name as parent_name, g.attributes
  from up ${byKey('*', 'up.pk', 'g')} ${byKey('name', 'g.parent_pk', 'parent', 'left join')}
  where up.depth = 0 or g.is_superuser
  group by up.user_pk, g.pk, g.name, g.is_superuser, g.parent_pk, g.attributes, parent.name order by g.name, g.pk`;

type BelongingRow = {
  user_pk: number;
  direct: boolean;
  pk: string;
  name: string;
  is_superuser: boolean;
  parent_pk: string | null;
  parent_name: string | null;
  attributes: JsonObject;
};

const NOBODY: Belonging = { direct: [], superuser: false };

/** What users belong to, a page at a time in one query. */
export async function belongingsOf(em: EntityManager, users: readonly number[]): Promise<(user: number) => Belonging> {
  if (users.length === 0) return () => NOBODY;
  const rows = await em.execute<BelongingRow[]>(BELONGINGS, [arrayOf(users)]);
  const byUser = new Map(
    [...Map.groupBy(rows, (row) => row.user_pk)].map(([user, groups]) => [user, belonging(groups)] as const),
  );
  return (user) => byUser.get(user) ?? NOBODY;
}

function belonging(groups: readonly BelongingRow[]): Belonging {
  const direct = groups
    .filter((group) => group.direct)
    .map(({ pk, name, is_superuser, parent_pk, parent_name, attributes }) => ({
      pk,
      name,
      isSuperuser: is_superuser,
      parent: parent_pk,
      parentName: parent_name,
      attributes,
    }));
  return { direct, superuser: groups.some(({ is_superuser }) => is_superuser) };
}

/** All groups of a user, ancestors included, by name. */
export function ancestryOf(em: EntityManager, user: number): Promise<Ancestry[]> {
  return em.execute<Ancestry[]>(
    `${above(OF_USERS)} select pk, name, attributes from user_group where pk in (select pk from up) order by name, pk`,
    [arrayOf([user])],
  );
}

/** Whether `above` is the group itself or one of its ancestors. Walks on to the root: what is asked is the shape of the tree. */
export async function isAncestor(em: EntityManager, candidate: string, of: string): Promise<boolean> {
  const rows = await em.execute<unknown[]>(
    `with recursive up (pk) as (
       select ?::uuid union select g.parent_pk from up join user_group g on g.pk = up.pk where g.parent_pk is not null
     ) select 1 from up where pk = ?`,
    [of, candidate],
  );
  return rows.length > 0;
}

/** In a statement that begins with `above`: the permissions of its groups, and those of the user. */
export const permissionsOf = (user: string) => `array(
  select distinct permission from role_permission rp join group_role gr on gr.role_pk = rp.role_pk
  where gr.group_pk in (select pk from up) union select permission from user_permission where user_pk = ${user} order by 1)`;

const RIGHTS = `select
  exists (select from user_group where pk in (select pk from up) and is_superuser) as superuser, ${permissionsOf('?')} as permissions,
  array(select distinct permission from object_permission where user_pk = ?
    or role_pk in (select role_pk from group_role where group_pk in (select pk from up))) as "onObjects"`;

/** What membership of any of these groups gives. */
export async function rightsOfGroups(em: EntityManager, groups: readonly string[]): Promise<Rights> {
  if (groups.length === 0) return { superuser: false, permissions: [], onObjects: [] };
  return only(await em.execute<Rights[]>(`${above(OF_GROUPS)} ${RIGHTS}`, [arrayOf(groups), null, null]));
}

const OF_ALL = `select user_pk, group_pk, 0 from membership where user_pk = any (?::int[])
  union all select 0, pk, 0 from user_group where pk = any (?::uuid[])`;

const ALL_RIGHTS = `${above(OF_ALL)}, role (pk) as (select role_pk from group_role where group_pk in (select pk from up))
  select exists (select from user_group where pk in (select pk from up) and is_superuser) as superuser,
    array(select permission from role_permission where role_pk in (select pk from role)
      union select permission from user_permission where user_pk = any (?::int[])) as permissions,
    array(select permission from object_permission where role_pk in (select pk from role)
      union select permission from object_permission where user_pk = any (?::int[])) as "onObjects"`;

/** What these users may do and what membership of these groups gives, put together. */
export async function rightsOfAll(
  em: EntityManager,
  { users, groups }: { readonly users: readonly number[]; readonly groups: readonly string[] },
): Promise<Rights> {
  return only(
    await em.execute<Rights[]>(ALL_RIGHTS, [arrayOf(users), arrayOf(groups), arrayOf(users), arrayOf(users)]),
  );
}

/** What a user may do, by their own permissions and by those of their groups. */
export async function rightsOfUser(em: EntityManager, user: number): Promise<Rights> {
  return only(await em.execute<Rights[]>(`${above(OF_USERS)} ${RIGHTS}`, [arrayOf([user]), user, user]));
}

const OF_ROLE = `select false as superuser, array(select permission from role_permission where role_pk = ?) as permissions,
  array(select distinct permission from object_permission where role_pk = ?) as "onObjects"`;

/** What a role gives. */
export async function rightsOfRole(em: EntityManager, role: string): Promise<Rights> {
  return only(await em.execute<Rights[]>(OF_ROLE, [role, role]));
}
