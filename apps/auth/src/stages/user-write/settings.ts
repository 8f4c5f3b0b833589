import { choiceSetting, flagSetting, keySetting, type SettingsOf, textSetting } from '../../plans/index.ts';
import type { StageModel } from '../stage.model.ts';

/** What a user can be. */
export const USER_TYPES = ['internal', 'external', 'service_account', 'internal_service_account'] as const;

/** A type that a user may be made to be: accounts of Postern's own parts are not made by visitors. Undefined for a word that is no type. */
export function madeType(wanted: string): (typeof USER_TYPES)[number] | undefined {
  const type = USER_TYPES.find((one) => one === wanted);
  return type === 'internal_service_account' ? 'service_account' : type;
}

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
