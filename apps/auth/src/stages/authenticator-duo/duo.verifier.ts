import { isIP } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import type { Device, DeviceStore, DeviceVerdict, DeviceVerifier, DeviceVisit } from '../../devices/index.ts';
import { type FieldError, fieldError, type JsonObject, readSettings, StageRefused } from '../../plans/index.ts';
import type { StageAccounts, StageAttempts, StageLinks, StageProblems } from '../stage.ports.ts';
import { authAccountOf, DUO_APP } from './duo.account.ts';
import { createDuoClient, type DuoClient, type DuoDeps, DuoFailure } from './duo.client.ts';
import { authenticatorDuoSettings } from './settings.ts';

/** What asking Duo takes. */
export type DuoVerifierDeps = DuoDeps & {
  readonly accounts: Pick<StageAccounts, 'findByPk'>;
  readonly devices: Pick<DeviceStore, 'succeeded'>;
  readonly links: Pick<StageLinks, 'stageSettings'>;
  readonly attempts: Pick<StageAttempts, 'reserve'>;
  readonly problems: StageProblems;
  readonly brands: { readonly title: (tenant: string, host: string) => Promise<string> };
};

/** A question that was sent to a device. */
type Sent = { readonly device: number; readonly txid: string };

const DENIED = { duo: [fieldError('Duo denied access', 'denied')] };

/** Questions that nobody waits for make people confirm what they should not. */
const TOO_MANY = fieldError('Too many requests were sent. Please try again later.', 'throttled');

/** How long a person has, and how much of the time that is left for the answer is kept for saying it. */
const PATIENCE_MS = 60_000;
const MARGIN_MS = 3_000;
/** Duo waits before it answers that nothing is new; should it not, it is not asked without end. */
const PAUSE_MS = 250;

/**
 * Asks people to confirm on their devices. The question is sent once, when they choose the device or first answer with it; then Duo is asked
 * what became of it, outside of any transaction, as long as the request lasts. Whoever has not decided by then is waited for again.
 */
export function createDuoVerifier(deps: DuoVerifierDeps): DeviceVerifier {
  return {
    class: 'duo',
    answerField: 'duo',
    challenge: async (_visit, [device]) => device && { device_uid: String(device.pk), challenge: {} },
    select: async (visit, device) => {
      const sent = await failing(deps, visit, () => push(deps, visit, device), { error: DENIED.duo[0] ?? TOO_MANY });
      return 'error' in sent ? { errors: { duo: [sent.error] } } : { memory: sent };
    },
    verify: async (visit, answer, devices, memory) => {
      const device = devices.find(({ pk }) => pk === answer);
      if (device === undefined) return { ok: false, errors: { duo: [fieldError('Invalid device')] } };
      return failing(deps, visit, () => judge(deps, visit, device, memory), {
        ok: false,
        errors: DENIED,
        isOver: true,
      });
    },
  };
}

async function judge(
  deps: DuoVerifierDeps,
  visit: DeviceVisit,
  device: Device,
  memory: JsonObject,
): Promise<DeviceVerdict> {
  const sent = sentIn(memory, device) ?? (await push(deps, visit, device));
  if ('error' in sent) return { ok: false, errors: { duo: [sent.error] } };
  const { client } = await clientOf(deps, visit, device);
  const { result, status } = await decision(deps, client, sent.txid, visit);
  if (result === 'waiting') return { ok: 'waiting', memory: sent };
  // Anything but a plain `allow` is a refusal.
  if (result !== 'allow') return { ok: false, errors: DENIED, details: { duo_response: status }, isOver: true };
  return {
    ok: true,
    device,
    effect: async (tx) => {
      if (!(await deps.devices.succeeded(tx, device.pk))) throw new StageRefused(DENIED);
      return undefined;
    },
  };
}

/** What became of a question, as soon as it is known, or `waiting` when the request lasts no longer. */
async function decision({ clock }: DuoVerifierDeps, client: DuoClient, txid: string, { request }: DeviceVisit) {
  const { signal, deadline = Number.POSITIVE_INFINITY } = request;
  const end = Math.min(clock().getTime() + PATIENCE_MS, deadline - MARGIN_MS);
  const left = () => end - clock().getTime();
  const patience = () => ({ timeoutMs: Math.max(1, left()), ...(signal === undefined ? {} : { signal }) });
  for (;;) {
    const found = await client.pushStatus(txid, patience()).catch((error: unknown) => {
      if (error instanceof DuoFailure && error.isLate) return { result: 'waiting', status: {} };
      throw error;
    });
    if (found.result !== 'waiting' || left() <= PAUSE_MS) return found;
    await setTimeout(PAUSE_MS, undefined, { signal });
  }
}

async function push(deps: DuoVerifierDeps, visit: DeviceVisit, device: Device): Promise<Sent | { error: FieldError }> {
  const { tenant, client: browser } = visit.request;
  const attempt = { kind: 'message', user: device.user, client: browser } as const;
  if ((await deps.attempts.reserve(tenant, attempt)) !== 'allowed') return { error: TOO_MANY };
  const { client, userId } = await clientOf(deps, visit, device);
  const [title, account] = await Promise.all([
    deps.brands.title(tenant, browser.host),
    deps.accounts.findByPk(tenant, device.user),
  ]);
  const { application } = visit.context;
  const info = { Domain: browser.host, ...(application === undefined ? {} : { Application: application.name }) };
  const address = isIP(browser.address) === 0 ? '0.0.0.0' : browser.address;
  const type = `${title} Login request`;
  return {
    device: device.pk,
    txid: await client.push({ userId, type, username: account?.username ?? '', address, info }),
  };
}

async function clientOf(deps: DuoVerifierDeps, { request }: DeviceVisit, { stage, data }: Device) {
  const stored = stage === null ? undefined : await deps.links.stageSettings(request.tenant, stage);
  const { duo_user_id: userId } = data;
  if (stored === undefined || typeof userId !== 'string')
    throw new DuoFailure('The stage that set the device up is gone.');
  const settings = readSettings(authenticatorDuoSettings, stored);
  return { client: createDuoClient(deps, authAccountOf(settings)), userId };
}

/** Duo's failures are told to administrators, and let nobody pass. */
async function failing<T>(
  { problems }: DuoVerifierDeps,
  { request, stage }: DeviceVisit,
  work: () => Promise<T>,
  otherwise: T,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof DuoFailure)) throw error;
    const message = `Failed to DUO authenticate user: ${error.message}`;
    await problems.tell(request, { app: DUO_APP, message, details: { stage: { pk: stage.pk, name: stage.name } } });
    return otherwise;
  }
}

function sentIn({ device, txid }: JsonObject, { pk }: Device): Sent | undefined {
  return device === pk && typeof txid === 'string' ? { device: pk, txid } : undefined;
}
