import { type EntityManager, isUuid } from '@postern/database';
import { common } from '@postern/errors';
import { Role, type RoleEntity } from './role.entity.ts';

/** A role by its key. Throws NOT_FOUND. */
export async function getRole(em: EntityManager, pk: string): Promise<RoleEntity> {
  const role = isUuid(pk) ? await em.findOne(Role, { pk }) : null;
  if (!role) throw common.NOT_FOUND();
  return role;
}
