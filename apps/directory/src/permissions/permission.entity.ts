import { defineEntity, p, tenantColumn } from '@postern/database';

/** What a user or a role holds on one object. What they hold on everything is a row of `user_permission` or `role_permission`. */
export const ObjectPermission = defineEntity({
  name: 'ObjectPermission',
  tableName: 'object_permission',
  properties: {
    id: p.integer().primary().autoincrement(),
    tenant: tenantColumn(),
    user: p.integer().name('user_pk').nullable(),
    role: p.uuid().name('role_pk').nullable(),
    permission: p.text(),
    model: p.text(),
    object: p.text().name('object_pk'),
  },
});
