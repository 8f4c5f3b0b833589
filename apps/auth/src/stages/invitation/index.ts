/**
 * Lets on who was invited, with what is known of them. One good for a single person is used up by the statement that goes with writing that
 * person, so that whoever gives up half-way may come again; where no user is written later, by passing the stage.
 */

import { defineStage, readSettings, type StageKind } from '../../plans/index.ts';
import { type Inviting, invited, keyIn, NOT_INVITED } from './respond.ts';
import { invitationSettings } from './settings.ts';

export { invitationModel, invitationSettings } from './settings.ts';

/** Creates the invitation stage. */
export function createInvitationStage(deps: Inviting): StageKind {
  return defineStage({
    kind: 'invitation',
    component: 'xak-flow-response-default',
    readSettings: (stored) => readSettings(invitationSettings, stored),
    enter: async (visit) => {
      const { settings, request, flow } = visit;
      const pk = keyIn(visit);
      const invitation =
        pk === undefined ? undefined : await deps.invitations.find(request.tenant, { pk, flow: flow.pk });
      if (invitation !== undefined) return invited(visit, invitation, deps);
      return settings.continue_flow_without_invitation ? { kind: 'passed' } : { kind: 'denied', message: NOT_INVITED };
    },
    answer: () => ({}),
    respond: async () => ({ kind: 'denied' }),
  });
}
