import type { Device, DeviceClass, DeviceStore, DeviceVerdict, DeviceVerifier } from '../../devices/index.ts';
import { type FactorJudgement, judgeFactors } from '../../factors/index.ts';
import {
  type FlowTransaction,
  fieldError,
  type JsonObject,
  type ResponseErrors,
  type StageEffect,
  StageRefused,
} from '../../plans/index.ts';
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

/** Judges an answer by the classes that were asked and that it can be for, and tells of wrong ones. */
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
  const asked = judging.map((verifier) => {
    return { class: verifier.class, verdict: () => verdictOf(visit, given, answering, verifier) };
  });
  const judgement = await judgeFactors(asked, attemptOf(visit, given, answering, deps), deps.devices);
  if (judgement.ok === 'waiting') return judgement;
  if (judgement.ok) return proved({ visit, answering, deps }, judgement);
  return refuse({ visit, answering, deps }, given, judgement, judging);
}

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
function proved(judging: Judging, { device, class: cls, effect }: FactorJudgement & { ok: true }): Judgement {
  return {
    ok: true,
    device,
    effect: async (tx) => {
      try {
        return await effect(tx);
      } catch (error) {
        if (!(error instanceof StageRefused)) throw error;
        throw new StageRefused(error.errors, async (after, place) => {
          await error.effect?.(after, place);
          await tellOf(judging, after, cls, undefined);
          return undefined;
        });
      }
    },
  };
}

function refuse(
  judging: Judging,
  given: Given,
  { failed, errors, effect }: FactorJudgement & { ok: false },
  asked: readonly DeviceVerifier[],
): Judgement {
  const told = errors ?? { [given.field]: [fieldError('Invalid Token')] };
  const culprit = culpritOf(given, asked)?.class;
  const about = failed.find((one) => one.class === culprit)?.verdict;
  return {
    ok: false,
    errors: given.field === 'code' ? INVALID_TOKEN : told,
    over: failed.flatMap((one) => (one.verdict.isOver === true ? [one.class] : [])),
    effect: async (tx) => {
      await effect(tx);
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
  cls: DeviceClass | undefined,
  details: JsonObject | undefined,
): Promise<void> {
  const { pk, name } = visit.stage;
  const fact = {
    kind: 'login_failed',
    username: answering?.person.username ?? '',
    passwordLength: 0,
    stage: { pk, name, model: authenticatorValidateModel.model },
    device: { class: cls ?? '', details },
  } as const;
  await deps.facts.record(tx, fact, visit.request);
}

/** A code is counted; what cannot be guessed is not. */
function attemptOf({ request }: ValidateVisit, given: Given, answering: Answering, { attempts }: JudgeDeps) {
  if (given.field !== 'code') return undefined;
  const user = answering?.person.kind === 'account' ? answering.person.pk : undefined;
  const attempt: Attempt = { kind: 'code', user, client: request.client };
  return {
    reserve: () => attempts.reserve(request.tenant, attempt),
    succeeded: (tx: FlowTransaction) => attempts.succeeded(tx, request.tenant, attempt),
  };
}
