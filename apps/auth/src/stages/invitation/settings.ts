import { flagSetting, type SettingsOf } from '../../plans/index.ts';
import type { StageModel } from '../stage.model.ts';

/** Settings of an invitation stage. */
export const invitationSettings = { continue_flow_without_invitation: flagSetting(false) };

export type InvitationSettings = SettingsOf<typeof invitationSettings>;

export const invitationModel: StageModel = {
  kind: 'invitation',
  model: 'authentik_stages_invitation.invitationstage',
  verboseName: 'Invitation Stage',
  verboseNamePlural: 'Invitation Stages',
  component: 'ak-stage-invitation-form',
  links: {},
};
