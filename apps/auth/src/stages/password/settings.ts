import { integerSetting, keySetting, listSetting, type SettingsOf } from '../../plans/index.ts';
import type { StageModel } from '../stage.model.ts';

/** Settings of a password stage. */
export const passwordSettings = {
  backends: listSetting(),
  configure_flow: keySetting(),
  failed_attempts_before_cancel: integerSetting(5),
};

export type PasswordSettings = SettingsOf<typeof passwordSettings>;

export const passwordModel: StageModel = {
  kind: 'password',
  model: 'authentik_stages_password.passwordstage',
  verboseName: 'Password Stage',
  verboseNamePlural: 'Password Stages',
  component: 'ak-stage-password-form',
  links: { configure_flow: 'flow' },
  userSettings: { component: 'ak-user-settings-password', needsFlow: true },
};
