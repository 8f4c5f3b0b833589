import type { DeviceClass } from './device.ts';

/** What the API calls a class of devices. */
export type DeviceModel = {
  readonly class: DeviceClass;
  /** App and class of the model, as answers name the type: `authentik_stages_authenticator_totp.TOTPDevice`. */
  readonly type: string;
  /** Model label, as events and permissions name it. */
  readonly model: string;
  readonly verboseName: string;
  readonly verboseNamePlural: string;
};

/** Every class of devices, by its short name, in the order of the API. */
export const DEVICE_MODELS: Readonly<Record<DeviceClass, DeviceModel>> = {
  duo: modelOf('duo', 'Duo'),
  sms: modelOf('sms', 'SMS'),
  static: modelOf('static', 'Static'),
  totp: modelOf('totp', 'TOTP'),
  webauthn: modelOf('webauthn', 'WebAuthn'),
};

function modelOf(cls: DeviceClass, name: string): DeviceModel {
  const type = `authentik_stages_authenticator_${cls}.${name}Device`;
  const names = { verboseName: `${name} Device`, verboseNamePlural: `${name} Devices` };
  return { class: cls, type, model: type.toLowerCase(), ...names };
}
