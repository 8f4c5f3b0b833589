import type { DeviceStore, NewDevice } from '../../devices/index.ts';
import { readRegistration, relyingPartyOf, textIn } from '../../factors/index.ts';
import { fieldError, type JsonObject, type StageEffect, StageRefused, type StageVisit } from '../../plans/index.ts';
import type { StageAccount } from '../stage.ports.ts';
import type { AuthenticatorWebauthnSettings } from './settings.ts';

type Visit = StageVisit<AuthenticatorWebauthnSettings>;

/** A passkey to be kept, or why there is none. */
export async function judgeRegistration(
  visit: Visit,
  user: StageAccount,
  sent: JsonObject,
): Promise<{ readonly device: NewDevice } | { readonly failure: string }> {
  const asked = {
    party: relyingPartyOf(visit),
    challenge: textIn(visit.memory, 'challenge'),
    user,
    needsVerification: visit.settings.user_verification === 'required',
  };
  const registered = await readRegistration(asked, sent);
  if ('failure' in registered) return registered;
  return { device: { ...registered.device, name: 'WebAuthn Device', stage: visit.stage.pk } };
}

/** Keeps a new passkey; refuses one that somebody of the tenant has already. */
export function keepPasskey(devices: Pick<DeviceStore, 'add'>, device: NewDevice, { request }: Visit): StageEffect {
  return async (tx) => {
    const kept = await devices.add(tx, device, request);
    if (kept === undefined) throw new StageRefused({ response: [fieldError('Credential ID already exists.')] });
    return undefined;
  };
}
