import type { Fact } from '@postern/messaging';
import { type ModelVerb, modelFact, recordedFact } from '@postern/resource';
import { DEVICE_MODELS } from './device.models.ts';
import type { Device, DeviceClass } from './device.ts';

type Named = Pick<Device, 'pk' | 'name'> & { readonly class: DeviceClass };

/** A device was set up, renamed or removed. */
export function deviceFact(verb: ModelVerb, device: Named, changed: readonly string[] = []): Fact {
  const { model } = DEVICE_MODELS[device.class];
  return modelFact('auth.v1.device', verb, { model, pk: device.pk, name: device.name }, changed);
}

/** A device was removed. */
export function removalFacts(device: Named, owner: { readonly pk: number; readonly username: string }): Fact[] {
  return [deviceFact('deleted', device), ...(device.class === 'static' ? [staticCodesDisabled(owner)] : [])];
}

/** Somebody gave their recovery codes up: an event of its own, which rules match on. */
function staticCodesDisabled(user: { readonly pk: number; readonly username: string }): Fact {
  return recordedFact('auth', {
    action: 'custom_',
    app: 'authentik.stages.authenticator_static',
    context: {
      message: 'User disabled Static OTP Tokens.',
      affected_user: { pk: user.pk, username: user.username },
      custom: 'static_authenticator_disable',
    },
  });
}
