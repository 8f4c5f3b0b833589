import { choiceSetting, keySetting, type SettingsOf } from '../../plans/index.ts';
import type { StageModel } from '../stage.model.ts';

/** Settings of a stage that sets up authenticator apps. */
export const authenticatorTotpSettings = {
  configure_flow: keySetting(),
  friendly_name: keySetting(),
  digits: choiceSetting(['6', '8'], '6'),
};

export type AuthenticatorTotpSettings = SettingsOf<typeof authenticatorTotpSettings>;

export const authenticatorTotpModel: StageModel = {
  kind: 'authenticator_totp',
  model: 'authentik_stages_authenticator_totp.authenticatortotpstage',
  verboseName: 'TOTP Authenticator Setup Stage',
  verboseNamePlural: 'TOTP Authenticator Setup Stages',
  component: 'ak-stage-authenticator-totp-form',
  links: { configure_flow: 'flow' },
  userSettings: { component: 'ak-user-settings-authenticator-totp' },
};
