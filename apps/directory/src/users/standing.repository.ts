import { type Database, isInteger, isUuid, prepared, type TenantScope } from '@postern/database';
import { common } from '@postern/errors';
import type { JsonObject } from '../attributes/index.ts';
import { BRAND_OF_HOST } from '../brands/index.ts';
import { type Ancestry, above, permissionsOf } from '../memberships/index.ts';

/** The key of a user, in one of its forms. */
export type UserKey = { readonly pk: number } | { readonly uuid: string };

/** The facts about a user, as columns of `user_account`. */
export const FACTS =
  'user_account.pk, user_account.uuid, username, name, email, type, user_account.is_active, user_account.path';

/** What a user is known by: the facts of the contract between services. */
export type KnownUser = {
  readonly pk: number;
  readonly uuid: string;
  readonly username: string;
  readonly name: string;
  readonly email: string;
  readonly type: string;
  readonly is_active: boolean;
  readonly path: string;
};

/** A user with all that decides what they may do. */
export type Standing = {
  readonly facts: KnownUser;
  readonly attributes: JsonObject;
  readonly superuser: boolean;
  readonly permissions: readonly string[];
  /** Keys of the roles that the groups give. */
  readonly roles: readonly string[];
  /** Groups and their ancestors, by name. */
  readonly groups: readonly Ancestry[];
  /** Attributes of the brand that serves the host; null without one. */
  readonly brand: JsonObject | null;
};

type Row = KnownUser &
  Omit<Standing, 'facts' | 'superuser' | 'groups'> & { groups: (Ancestry & { superuser: boolean })[] };

/** One statement for what every sign-in, and every request of somebody signed in, asks. */
const standingBy = (column: 'pk' | 'uuid') =>
  prepared(`${above(`select user_pk, group_pk, 0 from membership
    join user_account on user_account.pk = user_pk where user_account.${column} = ?`)}
  select ${FACTS}, user_account.attributes, ${permissionsOf('user_account.pk')} as permissions,
    array(select distinct role_pk from group_role where group_pk in (select pk from up) order by 1) as roles,
    (select coalesce(jsonb_agg(jsonb_build_object('pk', g.pk, 'name', g.name, 'attributes', g.attributes,
      'superuser', g.is_superuser) order by g.name, g.pk), '[]') from user_group g where g.pk in (select pk from up)) as groups,
    (select attributes from brand where pk in (${BRAND_OF_HOST})) as brand
  from user_account where user_account.${column} = ?`);

const STANDING = { pk: standingBy('pk'), uuid: standingBy('uuid') };

/** A user with what they may do, on a host. Throws NOT_FOUND. */
export async function findStanding(
  database: Pick<Database, 'statement'>,
  scope: TenantScope,
  key: UserKey,
  host: string,
): Promise<Standing> {
  const [column, value] = 'pk' in key ? (['pk', key.pk] as const) : (['uuid', key.uuid] as const);
  const isKey = column === 'pk' ? isInteger(value) : isUuid(value);
  const [row] = isKey ? await database.statement<Row>(scope, STANDING[column], [value, host, host, value]) : [];
  if (row === undefined) throw common.NOT_FOUND();
  const { attributes, permissions, roles, groups, brand, ...facts } = row;
  return { facts, attributes, permissions, roles, brand, groups, superuser: groups.some(({ superuser }) => superuser) };
}
