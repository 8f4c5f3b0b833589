import { defineEntity, type InferEntity, p, tenantTable } from '@postern/database';

/** A bundle of permissions. Groups give it to their members. */
export const Role = defineEntity({
  name: 'Role',
  tableName: 'role',
  properties: { ...tenantTable(), name: p.string().length(150) },
  uniques: [{ name: 'role__name', properties: ['tenant', 'name'] }],
});

export type RoleEntity = InferEntity<typeof Role>;
