/**
 * Permissions: what users and roles may do, on everything or on one object. Whoever gives one must hold it; whoever changes what somebody
 * holds must be able to do all that they can.
 */

export { forgetPermissions } from './permission.consumer.ts';
export { ObjectPermission } from './permission.entity.ts';
export { permissionErrors } from './permission.errors.ts';
export { permissionsChanged } from './permission.events.ts';
export { PERMISSION_MIGRATIONS } from './permission.migrations.ts';
export { bindPermissions } from './permission.rpc.ts';
export { bindPermissionAssignments } from './permission-assignment.rpc.ts';
export { bindPermissionDirectory } from './permission-directory.rpc.ts';
export { bindPermissionHolders } from './permission-holder.rpc.ts';
