import type { Device, DeviceClass, DeviceStore, DeviceVerdict, DeviceVerifier } from '../../devices/index.ts';
import { fieldError, type JsonObject, type ResponseErrors, type StageEffect, StageRefused } from '../../plans/index.ts';
import type { Attempt, StageAttempts, StageFacts } from '../stage.ports.ts';
import type { ValidateAnswer } from './answer.ts';
import { askedOf } from './challenge.ts';
import type { Person } from './person.ts';
import { authenticatorValidateModel, type ValidateVisit } from './settings.ts';

/** What judging answers needs. */
export type JudgeDeps = {
  readonly verifiers: readonly DeviceVerifier[];
  readonly devices: Pick<DeviceStore, 'failed'>;
  readonly attempts: StageAttempts;
  readonly facts: StageFacts;
};

/** An answer that proved something, or why it did not. */
export type Judgement =
  | { readonly ok: true; readonly device: Device; readonly effect: StageEffect }
  /** Nobody can tell yet: somebody has to decide elsewhere. */
  | { readonly ok: 'waiting'; readonly class: DeviceClass; readonly memory: JsonObject }
  | {
      readonly ok: false;
      readonly errors: ResponseErrors;
      /** Classes that forget what they remembered. */
      readonly over: readonly DeviceClass[];
      readonly effect?: StageEffect;
    };

/** An answer and the field that it came in. */
export type Given = { readonly field: DeviceVerifier['answerField']; readonly value: string | JsonObject | number };

/** Whom an answer is of, and their devices; undefined for nobody, who may answer with a passkey. */
export type Answering = { readonly person: Person; readonly owned: readonly Device[] } | undefined;

const INVALID_TOKEN = { code: [fieldError('Invalid Token')] };

/** The one answer among the fields; undefined for none. */
export function givenIn({ code, webauthn, duo }: ValidateAnswer): Given | undefined {
  if (code !== undefined) return { field: 'code', value: code };
  if (webauthn !== undefined) return { field: 'webauthn', value: webauthn };
  return duo === undefined ? undefined : { field: 'duo', value: duo };
}

/**
 * Judges an answer by the classes that were asked and that it can be for. A code is counted before anything is looked at, and a wrong one
 * counts against every device it was tried on, after every class had its say: the right code of one device is no wrong one of another. What
 * cannot be guessed is not counted.
 */
export async function judge(
  visit: ValidateVisit,
  given: Given,
  answering: Answering,
  deps: JudgeDeps,
): Promise<Judgement> {
  const judging = deps.verifiers.filter(
    ({ answerField, passwordless, ...verifier }) =>
      answerField === given.field &&
      (answering !== undefined || passwordless !== undefined) &&
      askedOf(visit, verifier.class) !== undefined,
  );
  if (judging.length === 0) {
    return { ok: false, errors: { [given.field]: [fieldError('No compatible device class allowed')] }, over: [] };
  }
  const attempt = given.field === 'code' ? attemptOf(visit, answering) : undefined;
  const isAllowed = attempt === undefined || (await deps.attempts.reserve(visit.request.tenant, attempt)) === 'allowed';
  const failed: Failed[] = [];
  for (const verifier of isAllowed ? judging : []) {
    const verdict = await verdictOf(visit, given, answering, verifier);
    if (verdict.ok === true) return proved({ visit, answering, deps }, attempt, verifier, verdict);
    if (verdict.ok === 'waiting') return { ok: 'waiting', class: verifier.class, memory: verdict.memory };
    failed.push({ verifier, verdict });
  }
  return refuse({ visit, answering, deps }, given, failed, judging);
}

type Failed = { readonly verifier: DeviceVerifier; readonly verdict: DeviceVerdict & { ok: false } };
type Judging = { readonly visit: ValidateVisit; readonly answering: Answering; readonly deps: JudgeDeps };

function verdictOf(
  visit: ValidateVisit,
  { value }: Given,
  answering: Answering,
  verifier: DeviceVerifier,
): Promise<DeviceVerdict> {
  const memory = askedOf(visit, verifier.class)?.memory ?? {};
  if (answering !== undefined) {
    const own = answering.owned.filter((device) => device.class === verifier.class);
    return verifier.verify(visit, value, own, memory);
  }
  if (verifier.passwordless === undefined || typeof value !== 'object') {
    throw new TypeError(`nobody can answer with ${verifier.class}`);
  }
  return verifier.passwordless.verify(visit, value, memory);
}

/** The right answer; if its effect finds that somebody else has used it up, it was a wrong one. */
function proved(
  judging: Judging,
  attempt: Attempt | undefined,
  verifier: DeviceVerifier,
  verdict: DeviceVerdict & { ok: true },
): Judgement {
  const { visit, deps } = judging;
  const effect: StageEffect = async (tx, standing) => {
    try {
      const result = await verdict.effect(tx, standing);
      if (attempt !== undefined) await deps.attempts.succeeded(tx, visit.request.tenant, attempt);
      return result;
    } catch (error) {
      if (!(error instanceof StageRefused)) throw error;
      throw new StageRefused(error.errors, async (after, place) => {
        await error.effect?.(after, place);
        await tellOf(judging, after, verifier, undefined);
        return undefined;
      });
    }
  };
  return { ok: true, device: verdict.device, effect };
}

function refuse(
  judging: Judging,
  given: Given,
  failed: readonly Failed[],
  asked: readonly DeviceVerifier[],
): Judgement {
  const told = failed.at(-1)?.verdict.errors ?? { [given.field]: [fieldError('Invalid Token')] };
  const culprit = culpritOf(given, asked);
  const about = failed.find(({ verifier }) => verifier === culprit)?.verdict;
  return {
    ok: false,
    errors: given.field === 'code' ? INVALID_TOKEN : told,
    over: failed.flatMap(({ verifier, verdict }) => (verdict.isOver === true ? [verifier.class] : [])),
    effect: async (tx, standing) => {
      for (const { verdict } of failed) await verdict.effect?.(tx, standing);
      const tried = failed.flatMap(({ verdict }) => verdict.tried ?? []);
      await judging.deps.devices.failed(
        tx,
        tried.map(({ pk }) => pk),
      );
      await tellOf(judging, tx, culprit, about?.details);
      return undefined;
    },
  };
}

/** Which class a wrong answer was meant for, as far as its looks tell. */
function culpritOf({ value }: Given, asked: readonly DeviceVerifier[]): DeviceVerifier | undefined {
  const likely = typeof value === 'string' && /^[\d\s]+$/.test(value) ? ['sms', 'totp'] : ['static'];
  return asked.find((verifier) => likely.includes(verifier.class)) ?? asked[0];
}

async function tellOf(
  { visit, answering, deps }: Judging,
  tx: Parameters<StageEffect>[0],
  verifier: DeviceVerifier | undefined,
  details: JsonObject | undefined,
): Promise<void> {
  const { pk, name } = visit.stage;
  const fact = {
    kind: 'login_failed',
    username: answering?.person.username ?? '',
    passwordLength: 0,
    stage: { pk, name, model: authenticatorValidateModel.model },
    device: { class: verifier?.class ?? '', details },
  } as const;
  await deps.facts.record(tx, fact, visit.request);
}

function attemptOf({ request: { client } }: ValidateVisit, answering: Answering): Attempt {
  const user = answering?.person.kind === 'account' ? answering.person.pk : undefined;
  return { kind: 'code', user, client };
}
