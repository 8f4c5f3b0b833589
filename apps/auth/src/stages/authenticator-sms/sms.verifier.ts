import type { Device, DeviceStore, DeviceVerdict, DeviceVerifier, DeviceVisit } from '../../devices/index.ts';
import { type FieldError, fieldError, type JsonObject, readSettings, StageRefused } from '../../plans/index.ts';
import type { StageLinks, StageProblems, StageSeal } from '../stage.ports.ts';
import { HASHED } from './phone.number.ts';
import { authenticatorSmsSettings } from './settings.ts';
import { isCode, sentCodeIn } from './sms.code.ts';
import { type SmsSender, TOO_MANY } from './sms.sender.ts';

/** What judging codes by SMS needs. */
export type SmsVerifierDeps = {
  readonly devices: Pick<DeviceStore, 'succeeded'>;
  readonly links: Pick<StageLinks, 'stageSettings'>;
  readonly sender: SmsSender;
  readonly problems: StageProblems;
  readonly seal: Pick<StageSeal, 'open'>;
  readonly clock: () => Date;
};

const WRONG: DeviceVerdict & { ok: false } = { ok: false, errors: { code: [fieldError('Invalid Token')] } };

const UNSENT = fieldError('The message could not be sent.');

/** Judges codes that are sent when somebody chooses their phone. A phone of which only a hash is kept cannot be reached. */
export function createSmsVerifier(deps: SmsVerifierDeps): DeviceVerifier {
  return {
    class: 'sms',
    answerField: 'code',
    challenge: async (_visit, devices) => {
      const device = devices.find((one) => numberOf(one) !== undefined);
      return device && { device_uid: String(device.pk), challenge: {} };
    },
    select: async (visit, device) => {
      const number = numberOf(device);
      if (number === undefined) return { errors: whole(UNSENT) };
      const { request } = visit;
      if (!(await deps.sender.mayReach({ request, user: device.user, number }))) return { errors: whole(TOO_MANY) };
      const outcome = await sendTo(deps, visit, device, number);
      return 'sent' in outcome ? { memory: { ...outcome.sent, device: device.pk } } : { errors: whole(outcome.error) };
    },
    verify: async (_visit, answer, devices, memory) => {
      const sent = sentCodeIn(memory);
      const device = devices.find(({ pk }) => pk === memory.device);
      if (sent === undefined || device === undefined || numberOf(device) !== sent.number) return WRONG;
      if (!isCode(deps.seal, sent, String(answer), deps.clock())) return { ...WRONG, tried: [device] };
      return {
        ok: true,
        device,
        // The code goes with the plan that remembers it, so it counts once.
        effect: async (tx) => {
          if (!(await deps.devices.succeeded(tx, device.pk))) throw new StageRefused(WRONG.errors);
          return undefined;
        },
      };
    },
  };
}

async function sendTo(
  { links, sender, problems }: SmsVerifierDeps,
  { request }: DeviceVisit,
  device: Device,
  number: string,
) {
  const { stage, user, name } = device;
  const stored = stage === null ? undefined : await links.stageSettings(request.tenant, stage);
  if (stored === undefined) {
    const details = { device: { pk: device.pk, name } };
    await problems.tell(request, { message: 'Error sending SMS', app: APP, details: { ...details, error: NO_STAGE } });
    return { error: UNSENT };
  }
  const settings = readSettings(authenticatorSmsSettings, stored);
  return sender.send({ request, stage: { pk: stage, name }, settings, user, number, device: name });
}

const APP = 'authentik.stages.authenticator_sms';
const NO_STAGE = 'the stage that set the device up is gone';

function whole(error: FieldError) {
  return { non_field_errors: [error] };
}

function numberOf({ data }: Pick<Device, 'data'>): string | undefined {
  const { phone_number: number }: JsonObject = data;
  return typeof number === 'string' && number !== '' && !number.startsWith(HASHED) ? number : undefined;
}
