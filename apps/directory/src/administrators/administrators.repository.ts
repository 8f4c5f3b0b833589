import type { EntityManager } from '@postern/database';

/** Somebody who may do everything, with all their groups. */
export type Administrator = {
  readonly user: {
    readonly pk: number;
    readonly uuid: string;
    readonly username: string;
    readonly name: string;
    readonly email: string;
    readonly type: string;
    readonly is_active: boolean;
    readonly path: string;
  };
  readonly groups: string[];
};

/** Who administers a tenant, and the flow that its default brand names for signing in. */
export type Administrators = { readonly administrators: Administrator[]; readonly flow: string | undefined };

/** Administrators that are looked at: one who can sign in is enough. */
const MOST = 50;
/** How many steps up a group inherits, as the contract has it. */
const DEPTH = 20;

/** Members of superuser groups and of the groups below them who may use their account, with all their groups, ancestors included. */
const ADMINISTRATORS = `with recursive down (pk, depth) as (
    select pk, 0 from user_group where is_superuser
    union select g.pk, down.depth + 1 from user_group g join down on g.parent_pk = down.pk where down.depth < ${DEPTH}
  ), chosen as (
    select distinct u.pk from membership m join user_account u on u.pk = m.user_pk
    where m.group_pk in (select pk from down) and u.is_active and u.type in ('internal', 'external') order by u.pk limit ${MOST}
  ), up (user_pk, pk, depth) as (
    select user_pk, group_pk, 0 from membership where user_pk in (select pk from chosen)
    union select up.user_pk, g.parent_pk, up.depth + 1 from up join user_group g on g.pk = up.pk
    where g.parent_pk is not null and up.depth < ${DEPTH}
  )
  select jsonb_build_object('pk', u.pk, 'uuid', u.uuid, 'username', u.username, 'name', u.name, 'email', u.email, 'type', u.type,
      'is_active', u.is_active, 'path', u.path) as "user",
    (select array_agg(distinct up.pk::text) from up where up.user_pk = u.pk) as groups
  from user_account u where u.pk in (select pk from chosen) order by u.pk`;

const FLOW = `select flow_authentication as flow from brand where is_default order by created, pk limit 1`;

/** Who administers the tenant of a transaction, and where they sign in. */
export async function findAdministrators(em: EntityManager): Promise<Administrators> {
  const administrators = await em.execute<Administrator[]>(ADMINISTRATORS);
  const [brand] = await em.execute<{ flow: string | null }[]>(FLOW);
  return { administrators, flow: brand?.flow ?? undefined };
}

/** Lets one transaction after the other look whether its change leaves an administrator: two that each take one of two away must not both pass. */
export async function takeTurn(em: EntityManager): Promise<void> {
  await em.execute(
    `select pg_advisory_xact_lock(hashtext('administrators'), hashtext(current_setting('postern.tenant')))`,
  );
}
