/** A tenant with people who can do different things, made in two statements; and the truth about what everybody can do. */

import { randomUUID } from 'node:crypto';
import type { Standing } from './served-rights.fixture.ts';

/** Runs raw SQL past all policies. */
export type Sql = <Row extends object>(text: string, values?: readonly unknown[]) => Promise<Row[]>;

/** What somebody can do: `superuser`, `app.name` on everything, `app.name@key` on one object. */
export type Rights = ReadonlySet<string>;

/** Who is there. Delegates are those who act; the others can do something that delegates may lack. */
export type World = {
  readonly tenant: string;
  /** Keys of users by what they are. */
  readonly people: { readonly [name: string]: number };
  readonly groups: readonly string[];
  readonly roles: readonly string[];
};

/** What delegates start with, in the order of their names. */
export type Grants = readonly (readonly string[])[];

export const DELEGATES = ['one', 'two', 'three'] as const;

/** What only some can do whom nobody may become. */
const KEEPING = 'authentik_crypto.view_certificatekeypair';
const ON_OBJECT = 'authentik_brands.change_brand';

/**
 * Makes a tenant: a superuser, somebody with a permission by a role of a group, somebody with one on one
 * object, somebody with none; and a stage that makes newcomers members of a group, that of superusers where it `opens`.
 */
export async function settle(sql: Sql, { grants, opens }: { grants: Grants; opens: boolean }): Promise<World> {
  const tenant = randomUUID();
  const names = [...DELEGATES, 'root', 'keeper', 'holder', 'plain'];
  const users = await sql<{ pk: number; uuid: string; username: string }>(
    `insert into directory.user_account (tenant_id, uuid, username)
     select $1, gen_random_uuid(), name from unnest($2::text[]) as name returning pk, uuid, username`,
    [tenant, names],
  );
  const people = Object.fromEntries(users.map(({ pk, username }) => [username, pk]));
  const [admins, keepers, plain, below] = [randomUUID(), randomUUID(), randomUUID(), randomUUID()];
  const [keeping, empty] = [randomUUID(), randomUUID()];
  const given = DELEGATES.flatMap((name, index) =>
    (grants[index] ?? []).map((permission) => [people[name], permission]),
  );
  await sql(
    `with t as (select $1::uuid as id),
      a as (insert into auth.account (pk, tenant_id, uuid, username, type, is_active)
        select pk, tenant_id, uuid, username, type, is_active from directory.user_account where tenant_id = $1),
      g as (insert into directory.user_group (pk, tenant_id, name, is_superuser, parent_pk) values
        ($2, $1, 'admins', true, null), ($3, $1, 'keepers', false, null), ($4, $1, 'plain', false, null), ($5, $1, 'below', false, $4)),
      r as (insert into directory.role (pk, tenant_id, name) values ($6, $1, 'keeping'), ($7, $1, 'empty')),
      rp as (insert into directory.role_permission (tenant_id, role_pk, permission) values ($1, $6, '${KEEPING}')),
      gr as (insert into directory.group_role (tenant_id, group_pk, role_pk) values ($1, $3, $6), ($1, $4, $7)),
      m as (insert into directory.membership (tenant_id, group_pk, user_pk) values ($1, $2, $8), ($1, $3, $9), ($1, $5, $10)),
      op as (insert into directory.object_permission (tenant_id, user_pk, permission, model, object_pk)
        values ($1, $11, '${ON_OBJECT}', 'authentik_brands.brand', gen_random_uuid()::text))
     insert into directory.user_permission (tenant_id, user_pk, permission)
     select $1, (pair ->> 0)::int, pair ->> 1 from jsonb_array_elements($12::jsonb) as pair on conflict do nothing`,
    [
      tenant,
      admins,
      keepers,
      plain,
      below,
      keeping,
      empty,
      people.root,
      people.keeper,
      people.plain,
      people.holder,
      JSON.stringify(given),
    ],
  );
  await sql(
    `with f as (insert into auth.flow (pk, tenant_id, policy_target, name, slug, title, designation)
        values (gen_random_uuid(), $1, gen_random_uuid(), 'join', 'join', 'Join', 'enrollment'))
     insert into auth.stage (pk, tenant_id, kind, name, settings)
     values (gen_random_uuid(), $1, 'user_write', 'writing', jsonb_build_object('create_users_group', $2::text))`,
    [tenant, opens ? admins : plain],
  );
  return { tenant, people, groups: [admins, keepers, plain, below], roles: [keeping, empty] };
}

const TRUTH = `with recursive up (user_pk, pk) as (
    select user_pk, group_pk from directory.membership where tenant_id = $1
    union select up.user_pk, g.parent_pk from up join directory.user_group g on g.pk = up.pk where g.parent_pk is not null
  ), role (user_pk, pk) as (select up.user_pk, gr.role_pk from up join directory.group_role gr on gr.group_pk = up.pk)
  select user_pk, 'superuser' as right from up join directory.user_group g on g.pk = up.pk where g.is_superuser
  union select user_pk, permission from directory.user_permission where tenant_id = $1
  union select role.user_pk, permission from role join directory.role_permission rp on rp.role_pk = role.pk
  union select role.user_pk, permission || '@' || object_pk from role join directory.object_permission o on o.role_pk = role.pk
  union select user_pk, permission || '@' || object_pk from directory.object_permission where tenant_id = $1 and user_pk is not null
  union select role.user_pk, ' ' || pk::text from role`;

/** The truth about a tenant. */
export type Truth = {
  of(user: number): Rights;
  /** How somebody calls at this moment. */
  standing(user: number): Standing;
  readonly everybody: readonly number[];
};

/** Looks at what everybody can do. */
export async function look(sql: Sql, { tenant }: World): Promise<Truth> {
  const rows = await sql<{ user_pk: number; right: string }>(TRUTH, [tenant]);
  const byUser = Map.groupBy(rows, (row) => row.user_pk);
  const words = (user: number) => (byUser.get(user) ?? []).map(({ right }) => right);
  return {
    everybody: [...byUser.keys()],
    of: (user) => new Set(words(user).filter((word) => !word.startsWith(' '))),
    standing: (user) => ({
      pk: user,
      tenant,
      superuser: words(user).includes('superuser'),
      permissions: words(user).filter((word) => !/^superuser$|^ |@/.test(word)),
      roles: words(user)
        .filter((word) => word.startsWith(' '))
        .map((word) => word.trim()),
    }),
  };
}

/** What a group gives its members. */
export async function givenBy(sql: Sql, group: string): Promise<Rights> {
  const rows = await sql<{ right: string }>(
    `with recursive up (pk) as (
       select $1::uuid union select g.parent_pk from up join directory.user_group g on g.pk = up.pk where g.parent_pk is not null
     ), role (pk) as (select role_pk from directory.group_role where group_pk in (select pk from up))
     select 'superuser' as right from directory.user_group where pk in (select pk from up) and is_superuser
     union select permission from directory.role_permission where role_pk in (select pk from role)
     union select permission || '@' || object_pk from directory.object_permission where role_pk in (select pk from role)`,
    [group],
  );
  return new Set(rows.map(({ right }) => right));
}

/** The first right that is not among others; who may do something to everything may do it to one. */
export function firstBeyond(rights: Rights, ...others: readonly Rights[]): string | undefined {
  if (others.some((one) => one.has('superuser'))) return undefined;
  const has = (right: string) => others.some((one) => one.has(right) || one.has(right.split('@')[0] ?? right));
  return [...rights].find((right) => !has(right));
}
