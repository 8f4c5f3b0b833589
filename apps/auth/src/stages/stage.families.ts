import type { SettingsSchema } from '../plans/index.ts';
import { authenticatorDuoModel, authenticatorDuoSettings } from './authenticator-duo/settings.ts';
import { authenticatorSmsModel, authenticatorSmsSettings } from './authenticator-sms/settings.ts';
import { authenticatorStaticModel, authenticatorStaticSettings } from './authenticator-static/settings.ts';
import { authenticatorTotpModel, authenticatorTotpSettings } from './authenticator-totp/settings.ts';
import { authenticatorValidateModel, authenticatorValidateSettings } from './authenticator-validate/settings.ts';
import { authenticatorWebauthnModel, authenticatorWebauthnSettings } from './authenticator-webauthn/settings.ts';
import { captchaModel, captchaSettings } from './captcha/settings.ts';
import { consentModel, consentSettings } from './consent/settings.ts';
import { denyModel, denySettings } from './deny/settings.ts';
import { dummyModel, dummySettings } from './dummy/settings.ts';
import { emailModel, emailSettings } from './email/settings.ts';
import { identificationModel, identificationSettings } from './identification/settings.ts';
import { invitationModel, invitationSettings } from './invitation/settings.ts';
import { passwordModel, passwordSettings } from './password/settings.ts';
import { promptModel, promptSettings } from './prompt/settings.ts';
import type { StageModel } from './stage.model.ts';
import { userDeleteModel, userDeleteSettings } from './user-delete/settings.ts';
import { userLoginModel, userLoginSettings } from './user-login/settings.ts';
import { userLogoutModel, userLogoutSettings } from './user-logout/settings.ts';
import { userWriteModel, userWriteSettings } from './user-write/settings.ts';

/** A kind of stage as the API and the store see it. */
export type StageFamily = {
  readonly model: StageModel;
  readonly settings: SettingsSchema<Readonly<Record<string, unknown>>>;
};

/** Every kind of stage that this server has. */
export const STAGE_FAMILIES: readonly StageFamily[] = [
  { model: authenticatorDuoModel, settings: authenticatorDuoSettings },
  { model: authenticatorSmsModel, settings: authenticatorSmsSettings },
  { model: authenticatorStaticModel, settings: authenticatorStaticSettings },
  { model: authenticatorTotpModel, settings: authenticatorTotpSettings },
  { model: authenticatorValidateModel, settings: authenticatorValidateSettings },
  { model: authenticatorWebauthnModel, settings: authenticatorWebauthnSettings },
  { model: captchaModel, settings: captchaSettings },
  { model: consentModel, settings: consentSettings },
  { model: denyModel, settings: denySettings },
  { model: dummyModel, settings: dummySettings },
  { model: emailModel, settings: emailSettings },
  { model: identificationModel, settings: identificationSettings },
  { model: invitationModel, settings: invitationSettings },
  { model: passwordModel, settings: passwordSettings },
  { model: promptModel, settings: promptSettings },
  { model: userDeleteModel, settings: userDeleteSettings },
  { model: userLoginModel, settings: userLoginSettings },
  { model: userLogoutModel, settings: userLogoutSettings },
  { model: userWriteModel, settings: userWriteSettings },
];

/** What the API calls a kind. */
export function modelOf(kind: string): StageModel | undefined {
  return STAGE_FAMILIES.find(({ model }) => model.kind === kind)?.model;
}

/** Settings of any kind that hold the key of a flow. */
export const STAGE_LINKS: readonly string[] = [
  ...new Set(
    STAGE_FAMILIES.flatMap(({ model: { links } }) => Object.keys(links).filter((name) => links[name] === 'flow')),
  ),
];
