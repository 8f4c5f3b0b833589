import { flagSetting, integerSetting, type SettingsOf, textSetting } from '../../plans/index.ts';
import type { StageModel } from '../stage.model.ts';

/** Settings of an e-mail stage. `timeout` counts seconds, `token_expiry` minutes. */
export const emailSettings = {
  use_global_settings: flagSetting(false),
  host: textSetting('localhost'),
  port: integerSetting(25),
  username: textSetting(''),
  password: textSetting(''),
  use_tls: flagSetting(false),
  use_ssl: flagSetting(false),
  timeout: integerSetting(10),
  from_address: textSetting('system@authentik.local'),
  token_expiry: integerSetting(30),
  subject: textSetting('authentik'),
  template: textSetting('email/password_reset.html'),
  activate_user_on_success: flagSetting(false),
};

export type EmailSettings = SettingsOf<typeof emailSettings>;

export const emailModel: StageModel = {
  kind: 'email',
  model: 'authentik_stages_email.emailstage',
  verboseName: 'Email Stage',
  verboseNamePlural: 'Email Stages',
  component: 'ak-stage-email-form',
  links: {},
  trusted: ['use_global_settings', 'host', 'port', 'username', 'password', 'use_tls', 'use_ssl'],
  secrets: { password: 'write_only' },
};
