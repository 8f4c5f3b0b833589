import type { PlainRow } from '@postern/database';
import { invalidField } from '@postern/errors';
import { auth, type directory } from '@postern/proto';
import { type Resource, type ResourceDeps, type Scope, standardMethods } from '@postern/resource';
import { type BoundService, bind, type Call } from '@postern/rpc';
import type { Users } from '../accounts/index.ts';
import { flowsInFull } from '../flows/index.ts';
import { Invitation, type InvitationRow, invitationList } from './invitation.entity.ts';

/** What serving invitations needs. */
export type InvitationDeps = ResourceDeps & {
  readonly users: Pick<Users, 'byPk'>;
  readonly clock: () => Date;
};

/** How long an invitation is good that names no end, in milliseconds. */
const DEFAULT_LIFE_MS = 1_800_000;

/** Serves invitations. */
export function bindInvitations(deps: InvitationDeps): BoundService {
  const plain = standardMethods(deps, invitationsOf(deps));
  return bind(auth.InvitationServiceDefinition, {
    listInvitations: (request, call) => plain.list(request, call),
    getInvitation: ({ invite_uuid }, call) => plain.get(invite_uuid, call),
    createInvitation: ({ invitation }, call) =>
      // Who makes it is no field of it: the methods of this call alone know.
      standardMethods(deps, invitationsOf(deps, call)).create(invitation, call),
    updateInvitation: ({ invite_uuid, invitation, update_mask }, call) =>
      plain.update(invite_uuid, invitation, update_mask, call),
    deleteInvitation: ({ invite_uuid }, call) => plain.remove(invite_uuid, call),
    listInvitationUsedBy: ({ invite_uuid }, call) => plain.usedBy(invite_uuid, call),
  });
}

/** Invitations as a resource; `making` is the call that makes one. */
function invitationsOf({ users, clock }: InvitationDeps, making?: Call): Resource<InvitationRow, auth.Invitation> {
  const byDefault = () => new Date(clock().getTime() + DEFAULT_LIFE_MS);
  return {
    model: 'authentik_stages_invitation.invitation',
    type: 'postern.auth.v1.Invitation',
    subject: 'auth.v1.invitation',
    entity: Invitation,
    list: invitationList,
    fields: {
      name: 'name',
      single_use: 'singleUse',
      flow: (row, value) => Object.assign(row, { flow: value === undefined || value === '' ? null : value }),
      expires: (row, value) => Object.assign(row, { expires: value === undefined ? byDefault() : timeOf(value) }),
      fixed_data: (row, value) => Object.assign(row, { fixedData: value ?? {} }),
      ...(making === undefined ? {} : { created_by: (row) => Object.assign(row, { createdBy: makerOf(making) }) }),
    },
    title: ({ name }) => name,
    encode: (rows, scope) => encode(rows, scope, users),
  };
}

async function encode(
  rows: readonly PlainRow<InvitationRow>[],
  scope: Scope,
  users: Pick<Users, 'byPk'>,
): Promise<auth.Invitation[]> {
  const makers = await users.byPk(
    rows.flatMap(({ createdBy }) => createdBy ?? []),
    scope.call,
  );
  const flows = await flowsInFull(
    rows.flatMap(({ flow }) => flow ?? []),
    scope,
  );
  return rows.map(({ pk, name, expires, fixedData, singleUse, flow, createdBy }) => ({
    pk,
    name,
    expires: new Date(expires).toISOString(),
    fixed_data: fixedData,
    created_by: memberOf(makers.get(createdBy ?? 0)),
    single_use: singleUse,
    flow: flow ?? undefined,
    flow_obj: flows.get(flow ?? ''),
  }));
}

function memberOf(user: directory.User | undefined): directory.GroupMember | undefined {
  if (user === undefined) return undefined;
  const { pk, username, name, is_active, last_login, email, attributes, uid } = user;
  return { pk, username, name, is_active, last_login, email, attributes, uid };
}

/** Whoever is signed in, or whose token it is; nobody for a service. */
function makerOf({ context: { principal } }: Call): number | null {
  return principal.kind === 'user' ? principal.user.pk : null;
}

function timeOf(text: string): Date {
  const time = new Date(text);
  if (Number.isNaN(time.getTime())) throw invalidField('expires', 'Enter a valid date/time.');
  return time;
}
