/** Invitations: made by administrators, asked for by invitation stages, single ones used up by the statement that goes with their use. */

import { referable } from '@postern/database';
import { Invitation } from './invitation.entity.ts';

export { Invitation } from './invitation.entity.ts';
export { INVITATION_MIGRATIONS } from './invitation.migrations.ts';
export { createInvitations } from './invitation.repository.ts';
export { bindInvitations } from './invitation.rpc.ts';

/** How long an invitation is kept after its end, in milliseconds: whoever began before goes on. */
export const INVITATION_KEPT_MS = 3_600_000;

/** Invitations as objects that refer to others. */
export const INVITATION_REFERABLE = referable({
  model: 'authentik_stages_invitation.invitation',
  entity: Invitation,
  type: 'postern.auth.v1.Invitation',
  title: ({ pk }) => `Invitation ${pk} created by someone`,
});
