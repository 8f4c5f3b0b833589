import type { EntityManager } from '@postern/database';
import { above, SUPERUSER_GROUPS, THEIR_MEMBERS } from '../memberships/index.ts';

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
/** Memberships that are looked at to find them: superuser groups may have any number of members. */
const MOST_MEMBERSHIPS = 500;

const OF_CHOSEN = `select user_pk, group_pk, 0 from chosen
  join lateral (select user_pk, group_pk from membership where user_pk = chosen.pk offset 0) direct on true`;

/** Members of superuser groups and of the groups below them who may use their account, with all their groups, ancestors included. */
const ADMINISTRATORS = `${above(OF_CHOSEN)}, ${SUPERUSER_GROUPS}, candidate (pk) as materialized (
    select member.user_pk from down ${THEIR_MEMBERS}
      join lateral (select from user_account u where u.pk = member.user_pk and u.is_active and u.type in ('internal', 'external') limit 1) usable on true
    limit ${MOST_MEMBERSHIPS}
  ), chosen as (select distinct pk from candidate order by pk limit ${MOST})
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
