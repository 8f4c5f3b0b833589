import type { Database, EntityManager } from '@postern/database';
import { common } from '@postern/errors';
import type { Outbox } from '@postern/messaging';
import { eventContext, type Neighbours } from '@postern/resource';
import type { Call } from '@postern/rpc';
import {
  membershipErrors,
  requireRightsOf,
  requireThemselves,
  rightsOfRole,
  rightsOfUser,
} from '../memberships/index.ts';
import { getRole } from '../roles/index.ts';
import { getUser } from '../users/index.ts';
import { type Assignment, type AssignmentRequest, type Holder, readAssignment } from './assignment.ts';
import { permissionErrors } from './permission.errors.ts';
import { permissionsChanged } from './permission.events.ts';
import { give, heldOn, take } from './permission.repository.ts';

/** What giving and taking permissions needs. */
export type AssignmentDeps = {
  readonly db: Database;
  readonly outbox: Outbox;
  readonly neighbours: Pick<Neighbours, 'describe'>;
};

/** Gives or takes permissions, in one transaction with its fact. */
export type Assign = (holder: Holder, verb: 'give' | 'take', request: AssignmentRequest, call: Call) => Promise<void>;

/**
 * Creates what gives and takes permissions. Nobody gives what they do not hold, on everything or on that object; and nobody changes what
 * somebody holds who can do more than they can. Throws NOT_FOUND, RIGHTS_EXCEEDED, SUPERUSER_REQUIRED and field errors.
 */
export function createAssign({ db, outbox, neighbours }: AssignmentDeps): Assign {
  return async (holder, verb, request, call) => {
    requireThemselves(call);
    const assignment = readAssignment(request);
    if (verb === 'give') await requireObject(assignment, neighbours, call);
    await db.write(call.context, async (em) => {
      const facts = await lookUp(em, holder, verb, call);
      if (verb === 'give') await requireHeld(em, assignment, call);
      const changed = await (verb === 'give' ? give : take)(em, holder, assignment);
      if (changed.length === 0) return;
      const { model = '', key: object_pk = '' } = assignment.target ?? {};
      const grants = changed.map((permission) => ({ permission, model, object_pk }));
      const change = verb === 'give' ? { given: grants, taken: [] } : { given: [], taken: grants };
      await outbox.record(em, eventContext(call), permissionsChanged({ ...facts, ...change }));
    });
  };
}

async function requireObject({ target }: Assignment, neighbours: Pick<Neighbours, 'describe'>, call: Call) {
  if (!target) return;
  const found = await neighbours.describe(target.model, [target.key], call);
  if (found.size === 0) throw permissionErrors.PERMISSION_OBJECT_MISSING({ key: target.key });
}

/** Who it is about. Whoever cannot do what they can, changes nothing about them. */
async function lookUp(em: EntityManager, holder: Holder, verb: 'give' | 'take', call: Call) {
  if (holder.user === undefined) {
    const { pk, name } = await getRole(em, holder.role);
    await requireRightsOf(() => rightsOfRole(em, pk), call);
    return { holder_model: 'authentik_rbac.role', holder: pk, name };
  }
  const { pk, username, type } = await getUser(em, holder.user);
  if (type === 'internal_service_account')
    throw permissionErrors.PERMISSION_HOLDER_INTERNAL({ verb: verb === 'give' ? 'assigned to' : 'unassigned from' });
  await requireRightsOf(() => rightsOfUser(em, pk), call);
  return { holder_model: 'authentik_core.user', holder: String(pk), name: username };
}

async function requireHeld(em: EntityManager, { permissions, target }: Assignment, { context }: Call): Promise<void> {
  const { principal } = context;
  if (principal.kind === 'anonymous') throw common.UNAUTHENTICATED();
  if (principal.kind === 'service' || principal.superuser) return;
  const lacking = permissions.filter(({ permission }) => !principal.permissions.includes(permission));
  if (lacking.length === 0) return;
  const held = target ? await heldOn(em, principal.user.pk, target) : [];
  const missing = lacking.find(({ permission }) => !held.includes(permission));
  if (missing) throw membershipErrors.RIGHTS_EXCEEDED({ permission: missing.permission });
}
