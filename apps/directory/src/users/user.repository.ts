import { LockMode, type RequiredEntityData } from '@mikro-orm/core';
import { type EntityManager, isInteger, type ListRequest, listPage, listQuery, type Page } from '@postern/database';
import { common } from '@postern/errors';
import { arrayOf } from '../memberships/index.ts';
import { User, type UserEntity, type UserRow } from './user.entity.ts';
import { pathList, userList } from './user.list.ts';

/** One page of users. */
export function pageOfUsers(em: EntityManager, request: ListRequest, where?: Condition): Promise<Page<UserRow>> {
  return listPage(em, userList, request, { where });
}

/** A user by their key. Throws NOT_FOUND. */
export async function getUser(em: EntityManager, pk: number): Promise<UserRow> {
  const [row] = isInteger(pk) ? await findUsers(em, [pk]) : [];
  if (!row) throw common.NOT_FOUND();
  return row;
}

/** Stores a new user with these properties, in the caller's transaction. Violated constraints pass as they are. */
export async function addUser(em: EntityManager, values: NewUser): Promise<UserEntity> {
  const user = em.create(User, values as RequiredEntityData<UserEntity>);
  em.persist(user);
  await em.flush();
  return user;
}

/** What a new user has; the table knows the rest. */
export type NewUser = Partial<
  Pick<UserEntity, 'uuid' | 'username' | 'name' | 'email' | 'isActive' | 'lastLogin' | 'path' | 'type' | 'attributes'>
>;

/** Users by their keys, by key; those that do not exist are left out. */
export function findUsers(em: EntityManager, pks: readonly number[]): Promise<UserRow[]> {
  return select(em, { pk: { $in: [...pks] } });
}

/** A user to be changed: whoever else would change them waits until this transaction ends. Throws NOT_FOUND. */
export async function lockUser(em: EntityManager, pk: number): Promise<UserEntity> {
  const user = isInteger(pk) ? await em.findOne(User, { pk }, { lockMode: LockMode.PESSIMISTIC_WRITE }) : null;
  if (!user) throw common.NOT_FOUND();
  return user;
}

/** Whoever has this name, character by character, until the transaction ends. */
export async function findNamed(em: EntityManager, username: string): Promise<UserEntity | null> {
  return em.findOne(User, { username }, { lockMode: LockMode.PESSIMISTIC_WRITE });
}

/** Notes that a user signed in. */
export async function markSignedIn(em: EntityManager, pk: number, now: Date): Promise<void> {
  await em.execute('update user_account set last_login = greatest(last_login, ?::timestamptz) where pk = ?', [now, pk]);
}

// Steps from folder to folder along the index instead of reading every user.
const EVERY_PATH = `with recursive folder (path) as (
    (select path from user_account order by path limit 1)
    union all
    select (select u.path from user_account u where u.path > folder.path order by u.path limit 1) from folder where folder.path is not null
  ) select path from folder where path is not null`;

/** The folders of all users, or of those that a search finds and a condition lets through: each once, sorted. */
export async function pathsOfUsers(em: EntityManager, search: string, where?: Condition): Promise<string[]> {
  const isWhole = search.trim() === '' && where === undefined;
  const rows: { path: string }[] = isWhole
    ? await em.execute<{ path: string }[]>(EVERY_PATH)
    : await listQuery(em, pathList, { search }, { where })
        .select(['path'], true)
        .orderBy({ path: 'asc' })
        .execute('all');
  return rows.map(({ path }) => path);
}

/** The one answer to a question about one user. Throws NOT_FOUND when there is none. */
export function only<Message>([message]: readonly Message[]): Message {
  if (message === undefined) throw common.NOT_FOUND();
  return message;
}

type Condition = { readonly [property: string]: unknown };

function select(em: EntityManager, where: Condition): Promise<UserRow[]> {
  return em
    .createQueryBuilder(User)
    .where(where as never)
    .orderBy({ pk: 'asc' })
    .execute<UserRow[]>('all');
}

// Read as a set of their own: a row for each member and group, without a query for each group. Raw rows hold times as text.
const MEMBERS = `select m.group_pk, u.pk, u.username, u.name, u.is_active as "isActive", u.email, u.attributes,
    to_char(u.last_login at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as signed_in
  from membership m join user_account u on u.pk = m.user_pk where m.group_pk = any (?::uuid[]) order by u.username, u.pk`;

type Member = Pick<UserRow, 'pk' | 'username' | 'name' | 'isActive' | 'lastLogin' | 'email' | 'attributes'>;
type MemberRow = Omit<Member, 'lastLogin'> & { readonly group_pk: string; readonly signed_in: string | null };

/** The direct members of groups, by the key of the group. */
export async function findMembers(em: EntityManager, groups: readonly string[]): Promise<Map<string, Member[]>> {
  if (groups.length === 0) return new Map();
  const rows = await em.execute<MemberRow[]>(MEMBERS, [arrayOf(groups)]);
  const byGroup = Map.groupBy(rows, ({ group_pk }) => group_pk);
  return new Map([...byGroup].map(([group, members]) => [group, members.map(memberOf)]));
}

function memberOf({ signed_in, ...row }: MemberRow): Member {
  return { ...row, lastLogin: signed_in === null ? null : new Date(signed_in) };
}
