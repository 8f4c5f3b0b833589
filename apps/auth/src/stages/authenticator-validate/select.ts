import type { Device, DeviceVerifier } from '../../devices/index.ts';
import { fieldError, type JsonObject, type StageOutcome } from '../../plans/index.ts';
import { EMPTY_RESPONSE } from './answer.ts';
import { askedOf, withChoice } from './challenge.ts';
import type { ValidateVisit } from './settings.ts';

const NOT_OFFERED: StageOutcome = {
  kind: 'refused',
  errors: { selected_challenge: [fieldError('invalid challenge selected')] },
};

/**
 * Somebody chose what they want to answer with: its class gets ready, as by sending a code. A choice alone is no answer, and says so like
 * one in which nothing is. Undefined where an answer came with the choice: that is judged.
 */
export async function choose(
  visit: ValidateVisit,
  selected: JsonObject,
  owned: readonly Device[],
  { verifiers }: { verifiers: readonly DeviceVerifier[] },
  isAnswered: boolean,
): Promise<StageOutcome | undefined> {
  const verifier = verifiers.find((one) => one.class === selected.device_class);
  const asked = verifier && askedOf(visit, verifier.class);
  if (verifier === undefined || asked === undefined || asked.uid !== String(selected.device_uid)) return NOT_OFFERED;
  if (isAnswered) return undefined;
  const device = owned.find(({ pk }) => String(pk) === asked.uid);
  const chosen = device && (await verifier.select?.(visit, device, asked.memory));
  return {
    kind: 'refused',
    errors: chosen?.errors ?? { non_field_errors: [EMPTY_RESPONSE] },
    isRemark: chosen?.errors === undefined,
    effect: chosen?.effect,
    ...(chosen?.memory === undefined ? {} : { memory: withChoice(visit, verifier.class, chosen.memory) }),
  };
}
