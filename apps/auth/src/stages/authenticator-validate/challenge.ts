import { isDeepStrictEqual } from 'node:util';
import { DEVICE_CLASSES, type Device, type DeviceClass, type DeviceVerifier } from '../../devices/index.ts';
import { isJsonObject, type JsonObject, type StageOutcome } from '../../plans/index.ts';
import type { ValidateVisit } from './settings.ts';

/** What one class of devices asks. */
export type Offer = {
  readonly class: DeviceClass;
  readonly uid: string;
  readonly challenge: JsonObject;
  readonly memory: JsonObject;
};

/** Asks every class with these devices, in the order of the API; a class that none of them can be used in asks nothing. */
export async function offersFor(
  visit: ValidateVisit,
  devices: readonly Device[],
  verifiers: readonly DeviceVerifier[],
): Promise<Offer[]> {
  const offers: Offer[] = [];
  for (const cls of DEVICE_CLASSES) {
    const own = devices.filter((device) => device.class === cls);
    if (own.length === 0) continue;
    const asked = await verifiers.find((verifier) => verifier.class === cls)?.challenge(visit, own);
    if (asked === undefined) continue;
    offers.push({ class: cls, uid: asked.device_uid, challenge: asked.challenge, memory: asked.memory ?? {} });
  }
  return offers;
}

/** Shows what was asked, and remembers it until it is answered. `stored` is what the plan remembers already. */
export function askFor(visit: ValidateVisit, offers: readonly Offer[], stored = visit.memory): StageOutcome {
  const asked = Object.fromEntries(offers.map(({ class: cls, uid, memory }) => [cls, { uid, memory }]));
  const memory: JsonObject = { ...visit.memory, asked };
  const device_challenges = offers.map(({ class: device_class, uid: device_uid, challenge }) => {
    return { device_class, device_uid, challenge };
  });
  const fields = { device_challenges, configuration_stages: [] };
  const challenge = { component: 'ak-stage-authenticator-validate', withUser: true, fields };
  return { kind: 'challenge', challenge, ...(isDeepStrictEqual(memory, stored) ? {} : { memory }) };
}

/** What was asked of a class, as the plan remembers it; undefined for a class that was not asked. */
export function askedOf({ memory }: ValidateVisit, cls: string): { uid: string; memory: JsonObject } | undefined {
  const asked = within(within(memory, 'asked'), cls);
  if (typeof asked?.uid !== 'string') return undefined;
  return { uid: asked.uid, memory: within(within(memory, 'selected'), cls) ?? within(asked, 'memory') ?? {} };
}

/** The memory of the stage once a device was chosen: what its class remembers from then on. */
export function withChoice({ memory }: ValidateVisit, cls: DeviceClass, chosen: JsonObject): JsonObject {
  return { ...memory, selected: { ...within(memory, 'selected'), [cls]: chosen } };
}

function within(object: JsonObject | undefined, key: string): JsonObject | undefined {
  const found = object !== undefined && Object.hasOwn(object, key) ? object[key] : undefined;
  return isJsonObject(found) ? found : undefined;
}
