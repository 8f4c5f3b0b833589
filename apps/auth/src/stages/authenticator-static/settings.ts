import { integerSetting, keySetting, type SettingsOf } from '../../plans/index.ts';
import type { StageModel } from '../stage.model.ts';

/** Settings of a stage that shows codes that each work once. */
export const authenticatorStaticSettings = {
  configure_flow: keySetting(),
  friendly_name: keySetting(),
  token_count: integerSetting(6),
  token_length: integerSetting(12),
};

export type AuthenticatorStaticSettings = SettingsOf<typeof authenticatorStaticSettings>;

/** How many codes a stage shows at most. */
export const MOST_CODES = 100;

/** How many characters a code has at most. */
export const LONGEST_CODE = 16;

export const authenticatorStaticModel: StageModel = {
  kind: 'authenticator_static',
  model: 'authentik_stages_authenticator_static.authenticatorstaticstage',
  verboseName: 'Static Authenticator Stage',
  verboseNamePlural: 'Static Authenticator Stages',
  component: 'ak-stage-authenticator-static-form',
  links: { configure_flow: 'flow' },
  userSettings: { component: 'ak-user-settings-authenticator-static' },
};
