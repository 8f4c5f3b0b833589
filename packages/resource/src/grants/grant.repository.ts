import type { EntityManager } from '@postern/database';
import type { directory } from '@postern/proto';

/** A user or a role, and an object on which they may hold something. */
export type Holding = Omit<directory.ListHeldRequest, 'permissions'>;

/** Somebody with their roles. */
export type Somebody = { readonly user: number; readonly roles: readonly string[] };

const THEIRS = '(user_pk = ? or role_pk = any (?::uuid[]))';

/** Whether somebody holds a permission on any object, or on this one. */
export async function isHeld(
  em: EntityManager,
  { user, roles }: Somebody,
  permission: string,
  key?: string,
): Promise<boolean> {
  const onObject = key === undefined ? '' : 'object_pk = ? and ';
  const rows = await em.execute<unknown[]>(
    `select 1 from object_grant where permission = ? and ${onObject}${THEIRS} limit 1`,
    [permission, ...(key === undefined ? [] : [key]), user, `{${roles.join(',')}}`],
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
