/**
 * Groups of users, in a tree. Members of a group belong to its ancestors; a superuser group makes superusers of all below it; the roles of a
 * group are its members'. The tree has no circles: moves happen one at a time, and one that would close a circle is refused.
 */

export { Group, GroupRole, Membership } from './group.entity.ts';
export { groupErrors } from './group.errors.ts';
export { groupCreated } from './group.events.ts';
export { createGroupMaker } from './group.maker.ts';
export { GROUP_MIGRATIONS } from './group.migrations.ts';
export { createGroupOperations, type GroupOperations, type GroupOperationsDeps } from './group.operations.ts';
export { addGroup, findGroupsByName } from './group.repository.ts';
export { bindGroups, type GroupRpcDeps, groupReferable } from './group.rpc.ts';
export { createShowGroup, createShowGroups, type ShowGroup, type ShowGroups } from './group.view.ts';
export { bindGroupDirectory } from './group-directory.rpc.ts';
