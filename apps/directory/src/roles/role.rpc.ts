import { defineList, exact } from '@postern/database';
import { directory } from '@postern/proto';
import { type Resource, type ResourceDeps, standardMethods } from '@postern/resource';
import { type BoundService, bind } from '@postern/rpc';
import { Role, type RoleEntity } from './role.entity.ts';
import { roleErrors } from './role.errors.ts';

/** Roles as a plain resource. */
export const roleResource: Resource<RoleEntity, directory.Role> = {
  model: 'authentik_rbac.role',
  type: 'postern.directory.v1.Role',
  subject: 'directory.v1.role',
  entity: Role,
  list: defineList({
    entity: Role,
    // The contract gives every role a hidden group of the same name, and filters by that.
    filters: { group_name: exact('name') },
    search: ['name'],
    ordering: { pk: 'pk', name: 'name', group__name: 'name' },
    defaultOrder: ['name'],
  }),
  fields: { name: 'name' },
  title: ({ name }) => name,
  encode: (rows) => rows.map(({ pk, name }) => ({ pk, name })),
  constraints: { role__name: roleErrors.ROLE_NAME_TAKEN },
};

/** Bundles of permissions that groups give to their members. */
export function bindRoles(deps: ResourceDeps): BoundService {
  const roles = standardMethods(deps, roleResource);
  return bind(directory.RoleServiceDefinition, {
    listRoles: (request, call) => roles.list(request, call),
    getRole: ({ uuid }, call) => roles.get(uuid, call),
    createRole: ({ role }, call) => roles.create(role, call),
    updateRole: ({ uuid, role, update_mask }, call) => roles.update(uuid, role, update_mask, call),
    deleteRole: ({ uuid }, call) => roles.remove(uuid, call),
    listRoleUsedBy: ({ uuid }, call) => roles.usedBy(uuid, call),
  });
}
