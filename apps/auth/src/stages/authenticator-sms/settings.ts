import { choiceSetting, flagSetting, keySetting, type SettingsOf, textSetting } from '../../plans/index.ts';
import type { StageModel } from '../stage.model.ts';

/** Settings of a stage that sets up codes by SMS. What `account_sid` and `auth` mean depends on the provider. */
export const authenticatorSmsSettings = {
  configure_flow: keySetting(),
  friendly_name: keySetting(),
  provider: choiceSetting(['twilio', 'generic'], 'twilio'),
  from_number: textSetting(''),
  account_sid: textSetting(''),
  auth: textSetting(''),
  auth_password: textSetting(''),
  auth_type: choiceSetting(['basic', 'bearer'], 'basic'),
  verify_only: flagSetting(false),
  mapping: keySetting(),
};

export type AuthenticatorSmsSettings = SettingsOf<typeof authenticatorSmsSettings>;

export const authenticatorSmsModel: StageModel = {
  kind: 'authenticator_sms',
  model: 'authentik_stages_authenticator_sms.authenticatorsmsstage',
  verboseName: 'SMS Authenticator Setup Stage',
  verboseNamePlural: 'SMS Authenticator Setup Stages',
  component: 'ak-stage-authenticator-sms-form',
  links: { configure_flow: 'flow', mapping: 'mapping' },
  trusted: ['provider', 'from_number', 'account_sid', 'auth', 'auth_password', 'auth_type', 'mapping'],
  secrets: { auth: 'readable', auth_password: 'readable' },
  userSettings: { component: 'ak-user-settings-authenticator-sms' },
};
