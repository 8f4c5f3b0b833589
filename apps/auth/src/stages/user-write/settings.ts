import { choiceSetting, flagSetting, keySetting, type SettingsOf, textSetting } from '../../plans/index.ts';
import type { StageModel } from '../stage.model.ts';

/** What a user can be. */
export const USER_TYPES = ['internal', 'external', 'service_account', 'internal_service_account'] as const;

/** Settings of a user write stage. */
export const userWriteSettings = {
  user_creation_mode: choiceSetting(['create_when_required', 'never_create', 'always_create'], 'create_when_required'),
  create_users_as_inactive: flagSetting(false),
  create_users_group: keySetting(),
  user_type: choiceSetting(USER_TYPES, 'external'),
  user_path_template: textSetting(''),
};

export type UserWriteSettings = SettingsOf<typeof userWriteSettings>;

export const userWriteModel: StageModel = {
  kind: 'user_write',
  model: 'authentik_stages_user_write.userwritestage',
  verboseName: 'User Write Stage',
  verboseNamePlural: 'User Write Stages',
  component: 'ak-stage-user-write-form',
  links: {},
};
