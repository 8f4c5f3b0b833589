import { flagSetting, type SettingsOf, textSetting } from '../../plans/index.ts';
import type { StageModel } from '../stage.model.ts';

/** Settings of a login stage. Durations are written `hours=3;minutes=1`. */
export const userLoginSettings = {
  session_duration: textSetting('seconds=0'),
  terminate_other_sessions: flagSetting(false),
  remember_me_offset: textSetting('seconds=0'),
};

export type UserLoginSettings = SettingsOf<typeof userLoginSettings>;

export const userLoginModel: StageModel = {
  kind: 'user_login',
  model: 'authentik_stages_user_login.userloginstage',
  verboseName: 'User Login Stage',
  verboseNamePlural: 'User Login Stages',
  component: 'ak-stage-user-login-form',
  links: {},
};
