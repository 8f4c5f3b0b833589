import { directory } from '@postern/proto';
import { type BoundService, bind, type Call } from '@postern/rpc';
import { type AssignmentDeps, createAssign } from './assignment.operations.ts';
import type { Holder } from './assignment.ts';

/** Gives and takes permissions. */
export function bindPermissionAssignments(deps: AssignmentDeps): BoundService {
  const assign = createAssign(deps);

  async function changed(
    holder: Holder,
    verb: 'give' | 'take',
    request: directory.PermissionAssign | undefined,
    call: Call,
  ) {
    await assign(holder, verb, request ?? directory.PermissionAssign.fromPartial({}), call);
    return {};
  }

  return bind(directory.PermissionAssignmentServiceDefinition, {
    assignUserPermissions: ({ id, assignment }, call) => changed({ user: id }, 'give', assignment, call),
    unassignUserPermissions: ({ id, assignment }, call) => changed({ user: id }, 'take', assignment, call),
    assignRolePermissions: ({ uuid, assignment }, call) => changed({ role: uuid }, 'give', assignment, call),
    unassignRolePermissions: ({ uuid, assignment }, call) => changed({ role: uuid }, 'take', assignment, call),
  });
}
