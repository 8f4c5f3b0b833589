import type { WithUser } from './challenge.types.ts';
import type { Wire } from './wire.codec.ts';

/** Challenges about second factors: setting them up, and proving them. */

/** One way to prove oneself. `challenge` is empty but for WebAuthn, where it holds the options of the ceremony. */
export type DeviceChallenge = {
  readonly device_class: string;
  readonly device_uid: string;
  readonly challenge: Wire;
};

/** A stage that sets a second factor up, to choose from. */
export type SelectableStage = {
  readonly pk: string;
  readonly name: string;
  readonly verbose_name: string;
  readonly meta_model_name: string;
};

export type AuthenticatorValidateChallenge = WithUser & {
  readonly component: 'ak-stage-authenticator-validate';
  readonly device_challenges: readonly DeviceChallenge[];
  readonly configuration_stages: readonly SelectableStage[];
};

export type AuthenticatorTotpChallenge = WithUser & {
  readonly component: 'ak-stage-authenticator-totp';
  /** `otpauth://totp/…` with secret, digits and issuer. */
  readonly config_url: string;
};

export type AuthenticatorStaticChallenge = WithUser & {
  readonly component: 'ak-stage-authenticator-static';
  readonly codes: readonly string[];
};

export type AuthenticatorSmsChallenge = WithUser & {
  readonly component: 'ak-stage-authenticator-sms';
  /** False once a code is on its way. */
  readonly phone_number_required: boolean;
};

export type AuthenticatorDuoChallenge = WithUser & {
  readonly component: 'ak-stage-authenticator-duo';
  /** Address of a picture. */
  readonly activation_barcode: string;
  /** Address that opens Duo on this device. */
  readonly activation_code: string;
  readonly stage_uuid: string;
};

export type AuthenticatorWebauthnChallenge = WithUser & {
  readonly component: 'ak-stage-authenticator-webauthn';
  /** `PublicKeyCredentialCreationOptionsJSON`. */
  readonly registration: Wire;
};

export type AuthenticatorChallenge =
  | AuthenticatorValidateChallenge
  | AuthenticatorTotpChallenge
  | AuthenticatorStaticChallenge
  | AuthenticatorSmsChallenge
  | AuthenticatorDuoChallenge
  | AuthenticatorWebauthnChallenge;
