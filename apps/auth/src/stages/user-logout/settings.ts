import type { StageModel } from '../stage.model.ts';

/** A logout stage has no settings. */
export const userLogoutSettings = {};

export const userLogoutModel: StageModel = {
  kind: 'user_logout',
  model: 'authentik_stages_user_logout.userlogoutstage',
  verboseName: 'User Logout Stage',
  verboseNamePlural: 'User Logout Stages',
  component: 'ak-stage-user-logout-form',
  links: {},
};
