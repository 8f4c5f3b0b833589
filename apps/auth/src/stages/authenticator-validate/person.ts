import type { Device, DeviceStore, DeviceVerifier } from '../../devices/index.ts';
import type { ValidateVisit } from './settings.ts';

/** Whom a stage asks: somebody who exists, or a name that nobody has; undefined for nobody. */
export type Person =
  | { readonly kind: 'account'; readonly pk: number; readonly username: string }
  | { readonly kind: 'unknown'; readonly username: string };

/** Who is signing in, else who is signed in. */
export function personOf({ context: { pending_user }, request: { requester } }: ValidateVisit): Person | undefined {
  if (pending_user !== undefined || requester === undefined) return pending_user;
  return { kind: 'account', pk: requester.pk, username: requester.username };
}

/** The key of no account: whoever is unknown costs the same look-up, and has no devices. */
const NOBODY = 0;

/** The devices of somebody that the stage admits. */
export async function usableDevices(
  { settings, request }: ValidateVisit,
  person: Person,
  { devices, verifiers }: { devices: Pick<DeviceStore, 'ofUser'>; verifiers: readonly DeviceVerifier[] },
): Promise<readonly Device[]> {
  const pk = person.kind === 'account' ? person.pk : NOBODY;
  const owned = await devices.ofUser(request.tenant, pk);
  const admitted = settings.device_classes.filter((cls) => verifiers.some((verifier) => verifier.class === cls));
  return owned.filter((device) => admitted.includes(device.class));
}
