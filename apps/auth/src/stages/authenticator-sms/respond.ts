import type { DeviceStore, NewDevice } from '../../devices/index.ts';
import {
  type FieldError,
  fieldError,
  type JsonObject,
  type StageOutcome,
  StageRefused,
  type StageVisit,
} from '../../plans/index.ts';
import type { StageAccount, StageSeal } from '../stage.ports.ts';
import { HASHED, type PhoneHashes, readPhoneNumber } from './phone.number.ts';
import type { AuthenticatorSmsSettings } from './settings.ts';
import { isCode, MOST_TRIES, type SentCode, sentCodeIn } from './sms.code.ts';
import { type SmsSender, TOO_MANY } from './sms.sender.ts';

/** What setting a number up takes. */
export type SmsSetupDeps = {
  readonly devices: Pick<DeviceStore, 'add' | 'byNaturalKey'>;
  readonly sender: SmsSender;
  readonly hashes: PhoneHashes;
  readonly seal: Pick<StageSeal, 'open'>;
  readonly clock: () => Date;
};

type Visit = StageVisit<AuthenticatorSmsSettings>;

/** Name of new devices. */
const DEVICE = 'SMS Device';

const INVALID_NUMBER = fieldError('Invalid phone number');

/** A code that went to a number, or why none did. */
export type Reached = { readonly memory: JsonObject } | { readonly error: FieldError };

/** Sends a code to what somebody typed. A number that somebody has at this stage already is no number. */
export async function reach(deps: SmsSetupDeps, visit: Visit, account: StageAccount, typed: string): Promise<Reached> {
  const { stage, settings, request } = visit;
  const number = readPhoneNumber(typed);
  if (number === undefined) return { error: INVALID_NUMBER };
  // Counted before the number is looked for, so that nobody asks for numbers without end.
  if (!(await deps.sender.mayReach({ request, user: account.pk, number }))) return { error: TOO_MANY };
  if (await isTaken(deps, visit, number)) return { error: INVALID_NUMBER };
  const outcome = await deps.sender.send({ request, stage, settings, user: account.pk, number, device: DEVICE });
  return 'sent' in outcome ? { memory: { ...visit.memory, ...outcome.sent } } : outcome;
}

/** Judges the code that came back. */
export function judge(deps: SmsSetupDeps, visit: Visit, account: StageAccount, code: string): StageOutcome {
  const sent = sentCodeIn(visit.memory);
  if (sent !== undefined && isCode(deps.seal, sent, code, deps.clock())) {
    const device = deviceOf(deps, visit, account, sent.number);
    return {
      kind: 'passed',
      effect: async (tx) => {
        const kept = await deps.devices.add(tx, device, visit.request);
        if (kept === undefined) throw new StageRefused({ non_field_errors: [INVALID_NUMBER] });
        return undefined;
      },
    };
  }
  return refused(fieldError('Code does not match'), sent === undefined ? visit.memory : counted(visit.memory, sent));
}

/** Refuses an answer as a whole. */
export function refused(error: FieldError, memory?: JsonObject): StageOutcome {
  return { kind: 'refused', errors: { non_field_errors: [error] }, ...(memory === undefined ? {} : { memory }) };
}

/** One try more; after the last one the number has to be given again. */
function counted(memory: JsonObject, { tries, ...sent }: SentCode): JsonObject {
  if (tries + 1 < MOST_TRIES) return { ...memory, ...sent, tries: tries + 1 };
  const { number: _number, code: _code, expires: _expires, tries: _tries, ...rest } = memory;
  return rest;
}

async function isTaken({ devices, hashes }: SmsSetupDeps, { stage, request }: Visit, number: string): Promise<boolean> {
  for (const hash of hashes.hashes(number)) {
    if ((await devices.byNaturalKey(request.tenant, 'sms', keyOf(stage.pk, hash))) !== undefined) return true;
  }
  return false;
}

function deviceOf(
  { hashes }: SmsSetupDeps,
  { stage, settings }: Visit,
  account: StageAccount,
  number: string,
): NewDevice {
  const hash = hashes.hash(number);
  return {
    user: account.pk,
    class: 'sms',
    name: DEVICE,
    stage: stage.pk,
    naturalKey: keyOf(stage.pk, hash),
    data: { phone_number: settings.verify_only ? `${HASHED}${hash}` : number },
  };
}

/** A number counts once at a stage. */
function keyOf(stage: string | null, hash: string): string {
  return `${stage ?? ''}:${hash}`;
}
