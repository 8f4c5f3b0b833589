import { type Condition, defineList, type EntityManager, exact, listPage, raw } from '@postern/database';
import { above, arrayOf, SUPERUSER_GROUPS, THEIR_MEMBERS } from '../memberships/index.ts';
import { Role } from '../roles/index.ts';
import { User } from '../users/index.ts';
import type { Assignment, Grant, Holder } from './assignment.ts';
import { ObjectPermission } from './permission.entity.ts';

/** What lists of single grants offer. */
const grants = defineList({
  entity: ObjectPermission,
  filters: { user: exact('user'), role: exact('role') },
  search: ['permission', 'model'],
  ordering: { id: 'id', model: 'model', object_pk: 'object', permission: 'permission' },
  defaultOrder: ['model', 'object_pk', 'permission'],
});

const roles = defineList({ entity: Role, search: ['name'], ordering: { name: 'name' }, defaultOrder: ['name'] });
const users = defineList({
  entity: User,
  search: ['username', 'name', 'email'],
  ordering: { pk: 'pk', username: 'username', name: 'name', email: 'email' },
  defaultOrder: ['username'],
});

type Request = Parameters<typeof listPage>[2];

/** One page of what somebody holds on single objects. */
export function pageOfGrants(em: EntityManager, holder: Holder, request: Request) {
  return listPage(em, grants, { ...request, ...holder });
}

/** Users or roles that hold something on a model, or on one of its objects. */
export type Reach = { readonly model: string; readonly object: string; readonly permissions: readonly string[] };

/** One page of users who hold something there, or everything, of those that meet the condition. */
export function pageOfUsers(em: EntityManager, reach: Reach, request: Request, seen?: Condition) {
  const superusers = `with recursive ${SUPERUSER_GROUPS} select member.user_pk from down ${THEIR_MEMBERS}`;
  return listPage(em, users, request, { where: { ...holding('user', reach, ` union (${superusers})`), ...seen } });
}

/** One page of roles that hold something there, of those that meet the condition. */
export function pageOfRoles(em: EntityManager, reach: Reach, request: Request, seen?: Condition) {
  return listPage(em, roles, request, { where: { ...holding('role', reach), ...seen } });
}

function holding(holder: 'user' | 'role', { model, object, permissions }: Reach, rest = ''): Condition {
  const column = `${holder}_pk`;
  const onObject = object === '' ? '' : ' and object_pk = ?';
  const sql = `select ${column} from object_permission where ${column} is not null and model = ?${onObject}
    union select ${column} from ${holder}_permission where permission = any (?::text[])${rest}`;
  const values = [model, ...(object === '' ? [] : [object]), arrayOf(permissions)];
  return { [raw((alias) => `"${alias}"."pk" in (${sql})`, values)]: [] };
}

/** Everything that these hold on single objects, by their keys. */
export async function grantsOf<Key extends string | number>(
  em: EntityManager,
  holder: 'user' | 'role',
  keys: readonly Key[],
): Promise<ReadonlyMap<Key, Grant[]>> {
  if (keys.length === 0) return new Map();
  const column = `${holder}_pk`;
  const rows = await em.execute<(Grant & { holder: Key })[]>(
    `select ${column} as holder, id, permission, model, object_pk as object from object_permission
      where ${column} = any (?::${holder === 'user' ? 'int' : 'uuid'}[]) order by model, object_pk, permission`,
    [arrayOf(keys)],
  );
  return Map.groupBy(rows, (row) => row.holder);
}

/** Which of these users are superusers, by any of their groups. */
export async function superusersAmong(em: EntityManager, keys: readonly number[]): Promise<ReadonlySet<number>> {
  const rows = await em.execute<{ user_pk: number }[]>(
    `${above('select user_pk, group_pk, 0 from membership where user_pk = any (?::int[])')}
      select distinct up.user_pk from up join user_group g on g.pk = up.pk where g.is_superuser`,
    [arrayOf(keys)],
  );
  return new Set(rows.map(({ user_pk }) => user_pk));
}

/** What a user or a role holds on everything, by themselves. */
export async function heldOnEverything(em: EntityManager, holder: Holder): Promise<string[]> {
  const [table, key] = tableOf(holder);
  const rows = await em.execute<{ permission: string }[]>(
    `select permission from ${table}_permission where ${table}_pk = ?`,
    [key],
  );
  return rows.map(({ permission }) => permission);
}

/** Gives permissions. Answers those that were not held before. */
export async function give(em: EntityManager, holder: Holder, { permissions, target }: Assignment): Promise<string[]> {
  const [table, key] = tableOf(holder);
  const names = arrayOf(permissions.map(({ permission }) => permission));
  const sql = target
    ? `insert into object_permission (${table}_pk, model, object_pk, permission) select ?, ?, ?, unnest(?::text[])`
    : `insert into ${table}_permission (${table}_pk, permission) select ?, unnest(?::text[])`;
  const values = target ? [key, target.model, target.key, names] : [key, names];
  return namesOf(await em.execute<Named[]>(`${sql} on conflict do nothing returning permission`, values));
}

/** Takes permissions. Answers those that were held. */
export async function take(em: EntityManager, holder: Holder, { permissions, target }: Assignment): Promise<string[]> {
  const [table, key] = tableOf(holder);
  const names = arrayOf(permissions.map(({ permission }) => permission));
  const from = target ? 'object_permission' : `${table}_permission`;
  const object = target ? ' and model = ? and object_pk = ?' : '';
  const sql = `delete from ${from} where ${table}_pk = ? and permission = any (?::text[])${object} returning permission`;
  return namesOf(await em.execute<Named[]>(sql, [key, names, ...(target ? [target.model, target.key] : [])]));
}

/** Forgets what anybody held on an object that is gone. */
export async function forgetObject(em: EntityManager, models: readonly string[], key: string): Promise<void> {
  await em.execute('delete from object_permission where model = any (?::text[]) and object_pk = ?', [
    arrayOf(models),
    key,
  ]);
}

/** What a user or a role holds on an object by themselves. */
export async function heldBy(em: EntityManager, holder: Holder, { model, key }: Target): Promise<string[]> {
  const [table, own] = tableOf(holder);
  const sql = `select permission from object_permission where ${table}_pk = ? and model = ? and object_pk = ?`;
  return namesOf(await em.execute<Named[]>(sql, [own, model, key]));
}

/** What a user holds on an object, by themselves or by a role of one of their groups. */
export async function heldOn(em: EntityManager, user: number, target: Target): Promise<string[]> {
  const rows = await em.execute<Named[]>(
    `${above('select user_pk, group_pk, 0 from membership where user_pk = ?')}
      select distinct permission from object_permission where model = ? and object_pk = ?
        and (user_pk = ? or role_pk in (select role_pk from group_role where group_pk in (select pk from up)))`,
    [user, target.model, target.key, user],
  );
  return namesOf(rows);
}

type Target = { readonly model: string; readonly key: string };
type Named = { permission: string };

const namesOf = (rows: readonly Named[]) => rows.map(({ permission }) => permission);

function tableOf(holder: Holder): ['user', number] | ['role', string] {
  return holder.user === undefined ? ['role', holder.role] : ['user', holder.user];
}
