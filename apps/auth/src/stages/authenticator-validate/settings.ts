import { DEVICE_CLASSES, type DeviceClass } from '../../devices/index.ts';
import {
  choiceSetting,
  type JsonValue,
  listSetting,
  type Setting,
  type SettingsOf,
  type StageVisit,
  textSetting,
} from '../../plans/index.ts';
import type { StageModel } from '../stage.model.ts';

/** Classes of devices, in the order they were given; all where nothing was. */
const classesSetting: Setting<DeviceClass[]> = (stored) =>
  Array.isArray(stored) ? stored.filter(isDeviceClass) : [...DEVICE_CLASSES];

/** Settings of a stage that asks for a second factor. */
export const authenticatorValidateSettings = {
  not_configured_action: choiceSetting(['skip', 'deny', 'configure'], 'skip'),
  device_classes: classesSetting,
  configuration_stages: listSetting(),
  last_auth_threshold: textSetting('seconds=0'),
  webauthn_user_verification: choiceSetting(['required', 'preferred', 'discouraged'], 'preferred'),
};

export type AuthenticatorValidateSettings = SettingsOf<typeof authenticatorValidateSettings>;

/** One look at the stage. */
export type ValidateVisit = StageVisit<AuthenticatorValidateSettings>;

export const authenticatorValidateModel: StageModel = {
  kind: 'authenticator_validate',
  model: 'authentik_stages_authenticator_validate.authenticatorvalidatestage',
  verboseName: 'Authenticator Validation Stage',
  verboseNamePlural: 'Authenticator Validation Stages',
  component: 'ak-stage-authenticator-validate-form',
  links: {},
};

function isDeviceClass(value: JsonValue): value is DeviceClass {
  return DEVICE_CLASSES.some((one) => one === value);
}
