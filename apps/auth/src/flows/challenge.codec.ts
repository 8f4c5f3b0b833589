import { auth } from '@postern/proto';
import type { Challenge } from '../plans/index.ts';

/** Makes a message out of its fields; generated codecs fit. */
type Maker = { fromPartial(object: object): object };

/** Members of the union by the component they show. */
const MEMBERS: ReadonlyMap<string, readonly [member: keyof auth.ChallengeTypes, maker: Maker]> = new Map<
  string,
  readonly [keyof auth.ChallengeTypes, Maker]
>([
  ['ak-provider-oauth2-device-code', ['oauth_device_code', auth.OAuthDeviceCodeChallenge]],
  ['ak-provider-oauth2-device-code-finish', ['oauth_device_code_finish', auth.OAuthDeviceCodeFinishChallenge]],
  ['ak-stage-access-denied', ['access_denied', auth.AccessDeniedChallenge]],
  ['ak-stage-authenticator-duo', ['authenticator_duo', auth.AuthenticatorDuoChallenge]],
  ['ak-stage-authenticator-sms', ['authenticator_sms', auth.AuthenticatorSMSChallenge]],
  ['ak-stage-authenticator-static', ['authenticator_static', auth.AuthenticatorStaticChallenge]],
  ['ak-stage-authenticator-totp', ['authenticator_totp', auth.AuthenticatorTOTPChallenge]],
  ['ak-stage-authenticator-validate', ['authenticator_validation', auth.AuthenticatorValidationChallenge]],
  ['ak-stage-authenticator-webauthn', ['authenticator_webauthn', auth.AuthenticatorWebAuthnChallenge]],
  ['ak-stage-autosubmit', ['autosubmit', auth.AutosubmitChallenge]],
  ['ak-stage-captcha', ['captcha', auth.CaptchaChallenge]],
  ['ak-stage-consent', ['consent', auth.ConsentChallenge]],
  ['ak-stage-dummy', ['dummy', auth.DummyChallenge]],
  ['ak-stage-email', ['email', auth.EmailChallenge]],
  ['ak-stage-flow-error', ['flow_error', auth.FlowErrorChallenge]],
  ['ak-stage-identification', ['identification', auth.IdentificationChallenge]],
  ['ak-stage-password', ['password', auth.PasswordChallenge]],
  ['ak-stage-prompt', ['prompt', auth.PromptChallenge]],
  ['ak-stage-user-login', ['user_login', auth.UserLoginChallenge]],
  ['xak-flow-redirect', ['redirect', auth.RedirectChallenge]],
  ['xak-flow-shell', ['shell', auth.ShellChallenge]],
]);

/** A challenge as the message of the contract. Throws TypeError for a component that no member shows. */
export function encodeChallenge(challenge: Challenge): auth.ChallengeTypes {
  const found = MEMBERS.get(challenge.component);
  if (found === undefined) throw new TypeError(`no challenge shows ${challenge.component}`);
  const [member, maker] = found;
  const errors = Object.entries(challenge.response_errors ?? {});
  const response_errors = Object.fromEntries(errors.map(([field, items]) => [field, { items }]));
  return { [member]: maker.fromPartial({ ...challenge, response_errors }) };
}
