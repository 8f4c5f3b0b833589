/** Roles: bundles of permissions that groups give to their members. */

export { Role } from './role.entity.ts';
export { roleErrors } from './role.errors.ts';
export { ROLE_MIGRATIONS } from './role.migrations.ts';
export { getRole } from './role.repository.ts';
export { bindRoles, roleResource } from './role.rpc.ts';
