import type { EntityManager } from '@postern/database';
import { arrayOf } from '../../memberships/index.ts';
import type { Kind, Row } from '../files/index.ts';

/** An object of an export: what the file says of it, and its place, which the next part goes on behind. */
export type Placed = { readonly place: string; readonly row: Row };

const names = (column: string, from: string, where: string) =>
  `(select coalesce(jsonb_agg(${column} order by ${column}), '[]') from ${from} where ${where})`;

const USER = `jsonb_build_object('username', u.username, 'name', u.name, 'email', u.email, 'is_active', u.is_active,
  'path', u.path, 'type', u.type, 'attributes', u.attributes,
  'groups', ${names('g.name', 'membership m join user_group g on g.pk = m.group_pk', 'm.user_pk = u.pk')})`;

const GROUP = `jsonb_build_object('name', g.name, 'parent', coalesce(p.name, ''), 'is_superuser', g.is_superuser,
  'attributes', g.attributes, 'roles', ${names('r.name', 'group_role gr join role r on r.pk = gr.role_pk', 'gr.group_pk = g.pk')})`;

const MEMBERS = `jsonb_build_object('members',
  ${names('u.username', 'membership m join user_account u on u.pk = m.user_pk', 'm.group_pk = g.pk')})`;

const ROLE = `jsonb_build_object('name', r.name,
  'permissions', ${names('rp.permission', 'role_permission rp', 'rp.role_pk = r.pk')})`;

const WITH_PARENT = 'left join user_group p on p.pk = g.parent_pk';

const BY_KEY: Readonly<Record<Kind, string>> = {
  users: `select u.pk::text as pk, ${USER} as row from user_account u where u.pk = any (?::int[])`,
  groups: `select g.pk::text as pk, ${GROUP} || ${MEMBERS} as row from user_group g ${WITH_PARENT} where g.pk = any (?::uuid[])`,
  roles: `select r.pk::text as pk, ${ROLE} as row from role r where r.pk = any (?::uuid[])`,
};

/** What files say of these objects, by key. */
export async function recordsOf(em: EntityManager, kind: Kind, keys: readonly string[]): Promise<Map<string, Row>> {
  if (keys.length === 0) return new Map();
  const rows = await em.execute<{ pk: string; row: Row }[]>(BY_KEY[kind], [arrayOf(keys)]);
  return new Map(rows.map(({ pk, row }) => [pk, row]));
}

const FIRST = '00000000-0000-0000-0000-000000000000';

// A group stands behind the one above it, so that an import comes upon its parent first. There are no circles.
const LEVELS = `with recursive level (pk, depth) as (
    select pk, 0 from user_group where parent_pk is null
    union all select g.pk, level.depth + 1 from level join user_group g on g.parent_pk = level.pk
  )`;

const AFTER: Readonly<Record<Kind, string>> = {
  // Accounts of the platform are none of a file's business.
  users: `select u.pk::text as place, ${USER} as row from user_account u
    where u.pk > ?::int and u.type <> 'internal_service_account' order by u.pk limit ?`,
  groups: `${LEVELS} select level.depth || ' ' || g.pk as place, ${GROUP} as row
    from level join user_group g on g.pk = level.pk ${WITH_PARENT}
    where (level.depth, level.pk) > (?::int, ?::uuid) order by level.depth, level.pk limit ?`,
  roles: `select r.pk::text as place, ${ROLE} as row from role r where r.pk > ?::uuid order by r.pk limit ?`,
};

const START: Readonly<Record<Kind, string>> = { users: '0', groups: `0 ${FIRST}`, roles: FIRST };

/**
 * The objects behind a place, from the first where none is given. Members are told by users alone: a file of groups can be read before there are
 * users, and a file of users once there are groups.
 */
export function recordsAfter(em: EntityManager, kind: Kind, place: string, limit: number): Promise<Placed[]> {
  return em.execute<Placed[]>(AFTER[kind], [...(place || START[kind]).split(' '), limit]);
}
