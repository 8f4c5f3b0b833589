import { choiceSetting, keySetting, type Setting, type SettingsOf } from '../../plans/index.ts';
import type { StageModel } from '../stage.model.ts';

const ATTACHMENTS = ['platform', 'cross-platform'] as const;

/** Which authenticators may be set up: those of the machine itself, or those that are carried about. */
export type Attachment = (typeof ATTACHMENTS)[number];

const attachmentSetting: Setting<Attachment | undefined> = (stored) => ATTACHMENTS.find((one) => one === stored);

/** Settings of a stage that sets up passkeys. */
export const authenticatorWebauthnSettings = {
  configure_flow: keySetting(),
  friendly_name: keySetting(),
  user_verification: choiceSetting(['required', 'preferred', 'discouraged'], 'preferred'),
  authenticator_attachment: attachmentSetting,
  resident_key_requirement: choiceSetting(['discouraged', 'preferred', 'required'], 'preferred'),
};

export type AuthenticatorWebauthnSettings = SettingsOf<typeof authenticatorWebauthnSettings>;

export const authenticatorWebauthnModel: StageModel = {
  kind: 'authenticator_webauthn',
  model: 'authentik_stages_authenticator_webauthn.authenticatewebauthnstage',
  verboseName: 'WebAuthn Authenticator Setup Stage',
  verboseNamePlural: 'WebAuthn Authenticator Setup Stages',
  component: 'ak-stage-authenticator-webauthn-form',
  links: { configure_flow: 'flow' },
  userSettings: { component: 'ak-user-settings-authenticator-webauthn' },
};
