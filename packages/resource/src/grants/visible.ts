import { type Condition, type EntityManager, type EntityName, keyColumnOf, raw } from '@postern/database';
import { findPermission } from '@postern/models';
import type { Call } from '@postern/rpc';
import { isHeld } from './grant.repository.ts';

/**
 * The condition under which a list shows a row to its caller; undefined where they may see all of them. The key of the entity is that of the
 * object.
 */
export function visibleTo<Entity extends object>(
  { reach }: Pick<Call, 'reach'>,
  em: EntityManager,
  entity: EntityName<Entity>,
): Condition | undefined {
  const seen = reach();
  if (seen.kind === 'all') return undefined;
  const { column, type } = keyColumnOf(em, entity);
  const theirs = 'permission = ? and (user_pk = ? or role_pk = any (?::uuid[]))';
  const values = [seen.permission, seen.user, `{${seen.roles.join(',')}}`];
  if (seen.extent !== 'many') {
    const granted = `array(select object_pk::${type} from object_grant where ${theirs})`;
    return { [raw((alias) => `"${alias}"."${column}" = any (${granted})`, values)]: [] };
  }
  // The rows are read in their order, and each is asked about: a page is full soon.
  const model = findPermission(seen.permission)?.model ?? '';
  const granted = (key: string) =>
    `select from object_grant where model = ? and object_pk = ${key}::text and ${theirs}`;
  return { [raw((alias) => `exists (${granted(`"${alias}"."${column}"`)} offset 0)`, [model, ...values])]: [] };
}

/** Whether a list shows its caller the object of this key. */
export async function isVisible(call: Pick<Call, 'reach'>, em: EntityManager, key: string | number): Promise<boolean> {
  const seen = call.reach();
  if (seen.kind === 'all') return true;
  return isHeld(em, seen, seen.permission, String(key));
}

/** Whether the caller holds a permission on everything, or on the object of this key: for rules beyond those that the proto declares. */
export async function holdsOn(
  { context: { principal } }: Pick<Call, 'context'>,
  em: EntityManager,
  permission: string,
  key: string | number,
): Promise<boolean> {
  if (principal.kind === 'service') return true;
  if (principal.kind !== 'user') return false;
  if (principal.superuser || principal.permissions.includes(permission)) return true;
  return isHeld(em, { user: principal.user.pk, roles: principal.roles ?? [] }, permission, String(key));
}
