import type { AuthenticatorChallenge, DeviceChallenge, SelectableStage } from './authenticator.types.ts';
import { withUser } from './frame.codec.ts';
import { listOf, textOf, type Wire, wireOf } from './wire.codec.ts';

type Decoders = { readonly [C in AuthenticatorChallenge as C['component']]: (wire: Wire) => C };

/** Readers of the challenges about second factors, by component. */
export const authenticatorDecoders: Decoders = {
  'ak-stage-authenticator-validate': (wire) => ({
    component: 'ak-stage-authenticator-validate',
    ...withUser(wire),
    device_challenges: listOf(wire, 'device_challenges', deviceChallenge),
    configuration_stages: listOf(wire, 'configuration_stages', selectableStage),
  }),
  'ak-stage-authenticator-totp': (wire) => ({
    component: 'ak-stage-authenticator-totp',
    ...withUser(wire),
    config_url: textOf(wire, 'config_url'),
  }),
  'ak-stage-authenticator-static': (wire) => ({
    component: 'ak-stage-authenticator-static',
    ...withUser(wire),
    codes: listOf(wire, 'codes', String),
  }),
  'ak-stage-authenticator-sms': (wire) => ({
    component: 'ak-stage-authenticator-sms',
    ...withUser(wire),
    phone_number_required: wire.phone_number_required !== false,
  }),
  'ak-stage-authenticator-duo': (wire) => ({
    component: 'ak-stage-authenticator-duo',
    ...withUser(wire),
    activation_barcode: textOf(wire, 'activation_barcode'),
    activation_code: textOf(wire, 'activation_code'),
    stage_uuid: textOf(wire, 'stage_uuid'),
  }),
  'ak-stage-authenticator-webauthn': (wire) => ({
    component: 'ak-stage-authenticator-webauthn',
    ...withUser(wire),
    registration: wireOf(wire.registration),
  }),
};

function deviceChallenge(value: unknown): DeviceChallenge {
  const wire = wireOf(value);
  return {
    device_class: textOf(wire, 'device_class'),
    device_uid: textOf(wire, 'device_uid'),
    challenge: wireOf(wire.challenge),
  };
}

function selectableStage(value: unknown): SelectableStage {
  const wire = wireOf(value);
  return {
    pk: textOf(wire, 'pk'),
    name: textOf(wire, 'name'),
    verbose_name: textOf(wire, 'verbose_name'),
    meta_model_name: textOf(wire, 'meta_model_name'),
  };
}
