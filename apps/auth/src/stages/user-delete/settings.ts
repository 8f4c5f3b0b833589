import type { StageModel } from '../stage.model.ts';

/** A delete stage has no settings. */
export const userDeleteSettings = {};

export const userDeleteModel: StageModel = {
  kind: 'user_delete',
  model: 'authentik_stages_user_delete.userdeletestage',
  verboseName: 'User Delete Stage',
  verboseNamePlural: 'User Delete Stages',
  component: 'ak-stage-user-delete-form',
  links: {},
};
