import type { EntityManager } from '@postern/database';
import type { directory } from '@postern/proto';
import type { Extent } from '@postern/rpc';

/** A user or a role, and an object on which they may hold something. */
export type Holding = Omit<directory.ListHeldRequest, 'permissions'>;

/** Somebody with their roles. */
export type Somebody = { readonly user: number; readonly roles: readonly string[] };

const THEIRS = '(user_pk = ? or role_pk = any (?::uuid[]))';

/** More objects than this are many. */
const FEW = 2_000;

/** On how many objects somebody holds a permission: counted no further than it matters. */
export async function extentOf(em: EntityManager, { user, roles }: Somebody, permission: string): Promise<Extent> {
  const held = `select 1 from object_grant where permission = ? and ${THEIRS} limit ${FEW + 1}`;
  const values = [permission, user, `{${roles.join(',')}}`];
  const [{ count } = { count: 0 }] = await em.execute<{ count: number }[]>(
    `select count(*)::int as count from (${held}) as held`,
    values,
  );
  return count === 0 ? 'none' : count > FEW ? 'many' : 'few';
}

/** Whether somebody holds a permission on this object. */
export async function isHeld(
  em: EntityManager,
  { user, roles }: Somebody,
  permission: string,
  key: string,
): Promise<boolean> {
  const rows = await em.execute<unknown[]>(
    `select 1 from object_grant where permission = ? and object_pk = ? and ${THEIRS} limit 1`,
    [permission, key, user, `{${roles.join(',')}}`],
  );
  return rows.length > 0;
}

/** Lets one change of what somebody holds on an object happen at a time: what is asked meanwhile is not older than what is stored. */
export async function lockHolding(em: EntityManager, { holder, object_pk }: Holding): Promise<void> {
  await em.execute("select pg_advisory_xact_lock(hashtextextended(current_setting('postern.tenant') || ?, 0))", [
    ` object_grant ${holder} ${object_pk}`,
  ]);
}

/** Stores what somebody holds on an object, instead of what was stored. */
export async function storeHolding(em: EntityManager, holding: Holding, permissions: readonly string[]): Promise<void> {
  const { holder_model, holder, model, object_pk } = holding;
  const column = holder_model === 'authentik_rbac.role' ? 'role_pk' : 'user_pk';
  const type = column === 'role_pk' ? 'uuid' : 'integer';
  await em.execute(`delete from object_grant where ${column} = ?::${type} and model = ? and object_pk = ?`, [
    holder,
    model,
    object_pk,
  ]);
  if (permissions.length === 0) return;
  await em.execute(
    `insert into object_grant (${column}, model, object_pk, permission) select ?::${type}, ?, ?, unnest(?::text[])`,
    [holder, model, object_pk, `{${permissions.join(',')}}`],
  );
}

/** Forgets what anybody held on an object, and what the object itself held: it is gone. */
export async function forgetGone(em: EntityManager, models: readonly string[], key: string): Promise<void> {
  for (const model of models) {
    await em.execute('delete from object_grant where model = ? and object_pk = ?', [model, key]);
    const column = COLUMNS[model];
    if (column) await em.execute(`delete from object_grant where ${column} = ?`, [key]);
  }
}

const COLUMNS: Readonly<Record<string, string>> = {
  'authentik_core.user': 'user_pk',
  'authentik_rbac.role': 'role_pk',
};
