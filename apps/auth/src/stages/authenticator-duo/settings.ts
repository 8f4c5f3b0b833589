import { keySetting, type SettingsOf, textSetting } from '../../plans/index.ts';
import type { StageModel } from '../stage.model.ts';

/** Settings of a stage that sets up Duo: one integration to ask people, another to look after them. */
export const authenticatorDuoSettings = {
  configure_flow: keySetting(),
  friendly_name: keySetting(),
  client_id: textSetting(''),
  client_secret: textSetting(''),
  api_hostname: textSetting(''),
  admin_integration_key: textSetting(''),
  admin_secret_key: textSetting(''),
};

export type AuthenticatorDuoSettings = SettingsOf<typeof authenticatorDuoSettings>;

export const authenticatorDuoModel: StageModel = {
  kind: 'authenticator_duo',
  model: 'authentik_stages_authenticator_duo.authenticatorduostage',
  verboseName: 'Duo Authenticator Setup Stage',
  verboseNamePlural: 'Duo Authenticator Setup Stages',
  component: 'ak-stage-authenticator-duo-form',
  links: { configure_flow: 'flow' },
  trusted: ['client_id', 'client_secret', 'api_hostname', 'admin_integration_key', 'admin_secret_key'],
  secrets: { client_secret: 'write_only', admin_secret_key: 'write_only' },
  userSettings: { component: 'ak-user-settings-authenticator-duo' },
};
