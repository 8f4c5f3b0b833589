/**
 * Asks for a second factor, or for a passkey instead of a name. Only confirmed devices of the classes that the stage admits are asked, and
 * only those that were asked may answer. An answer counts once, whoever gives it at the same time: its effect uses it up.
 */

import { seconds } from '@postern/durations';
import type { DeviceStore } from '../../devices/index.ts';
import {
  defineStage,
  type EffectResult,
  readSettings,
  type StageEffect,
  type StageKind,
  type StageOutcome,
} from '../../plans/index.ts';
import type { StageAccounts } from '../stage.ports.ts';
import { type ValidateAnswer, validateAnswer } from './answer.ts';
import { carriedProof } from './carried.proof.ts';
import { askFor, type Offer, offersFor, withChoice } from './challenge.ts';
import { type ConfigureDeps, chooseStage, notConfigured, WRONG_STAGE } from './configure.ts';
import { type Answering, type Given, givenIn, type JudgeDeps, judge } from './judge.ts';
import { MFA_COOKIE, type MfaCookies } from './mfa.cookie.ts';
import { personOf, usableDevices } from './person.ts';
import { provedBy, provedWith } from './proof.ts';
import { choose } from './select.ts';
import { authenticatorValidateSettings, type ValidateVisit } from './settings.ts';

export { createMfaCookies, type MfaCookies } from './mfa.cookie.ts';
export { provedBy } from './proof.ts';
export { authenticatorValidateModel, authenticatorValidateSettings } from './settings.ts';

/** What the stage needs. */
export type AuthenticatorValidateDeps = JudgeDeps &
  ConfigureDeps & {
    readonly accounts: Pick<StageAccounts, 'findByPk'>;
    readonly devices: Pick<DeviceStore, 'ofUser' | 'failed'>;
    readonly mfaCookies: MfaCookies;
    readonly clock: () => Date;
  };

/** Creates the stage that asks for a second factor. */
export function createAuthenticatorValidateStage(deps: AuthenticatorValidateDeps): StageKind {
  return defineStage({
    kind: 'authenticator_validate',
    component: 'ak-stage-authenticator-validate',
    readSettings: (stored) => readSettings(authenticatorValidateSettings, stored),
    enter: async (visit) => {
      const answering = await answeringOf(visit, deps);
      const carried = carriedProof(visit, answering, deps.clock());
      if (carried !== undefined) {
        const effect = remembering(visit, carried.pk, async () => undefined, deps);
        return { kind: 'passed', context: { passkey_proof: undefined }, effect };
      }
      if (await wasProved(visit, answering, deps)) return { kind: 'passed' };
      const offers = await offersOf(visit, answering, deps);
      return offers.length > 0 ? askFor(visit, offers) : notConfigured(visit, deps);
    },
    isQuiet: async (visit) => {
      if (visit.settings.not_configured_action !== 'skip') return false;
      const answering = await answeringOf(visit, deps);
      return answering !== undefined && (answering.owned.length === 0 || (await wasProved(visit, answering, deps)));
    },
    answer: validateAnswer,
    respond: (visit, answer) => respond(visit, answer, deps),
  });
}

async function respond(
  visit: ValidateVisit,
  answer: ValidateAnswer,
  deps: AuthenticatorValidateDeps,
): Promise<StageOutcome> {
  const answering = await answeringOf(visit, deps);
  if (answer.selected_stage !== undefined) {
    // Whoever has a device uses it, and sets no other up instead.
    const isAsked = (await offersOf(visit, answering, deps)).length > 0;
    return isAsked ? WRONG_STAGE : chooseStage(visit, answer.selected_stage, deps);
  }
  const given = givenIn(answer);
  const { selected_challenge: selected } = answer;
  const chosen = selected && (await choose(visit, selected, answering?.owned ?? [], deps, given !== undefined));
  if (chosen !== undefined) return chosen;
  if (given === undefined) throw new TypeError('an answer without anything in it was accepted');
  return decide(visit, given, answering, deps);
}

async function decide(
  visit: ValidateVisit,
  given: Given,
  answering: Answering,
  deps: AuthenticatorValidateDeps,
): Promise<StageOutcome> {
  const judgement = await judge(visit, given, answering, deps);
  if (judgement.ok === false) {
    const { errors, effect, over } = judgement;
    const [cls] = over;
    const memory = cls === undefined ? {} : { memory: withChoice(visit, cls, {}) };
    return { kind: 'refused', errors, effect, ...memory };
  }
  if (judgement.ok === 'waiting') {
    // The same question again, without errors: whoever answers it waits on.
    const memory = withChoice(visit, judgement.class, judgement.memory);
    return askFor({ ...visit, memory }, await offersOf(visit, answering, deps), visit.memory);
  }
  const { device } = judgement;
  const effect = remembering(visit, device.pk, judgement.effect, deps);
  if (answering !== undefined) return { kind: 'passed', context: provedWith(visit.context, device), effect };
  const account = await deps.accounts.findByPk(visit.request.tenant, device.user);
  return account === undefined ? { kind: 'denied' } : { kind: 'passed', context: provedBy(account, device), effect };
}

/** Whom the stage asks, and their devices; undefined for nobody. */
async function answeringOf(visit: ValidateVisit, deps: AuthenticatorValidateDeps): Promise<Answering> {
  const person = personOf(visit);
  return person && { person, owned: await usableDevices(visit, person, deps) };
}

/** What can be asked. Nobody in particular is asked for a passkey, where the flow is there to sign people in. */
async function offersOf(
  visit: ValidateVisit,
  answering: Answering,
  { verifiers }: AuthenticatorValidateDeps,
): Promise<readonly Offer[]> {
  if (answering !== undefined) return offersFor(visit, answering.owned, verifiers);
  if (visit.flow.designation !== 'authentication') return [];
  const offers: Offer[] = [];
  for (const { class: cls, passwordless } of verifiers) {
    const asked = visit.settings.device_classes.includes(cls) ? await passwordless?.challenge(visit) : undefined;
    if (asked === undefined) continue;
    offers.push({ class: cls, uid: asked.device_uid, challenge: asked.challenge, memory: asked.memory ?? {} });
  }
  return offers;
}

/** Whether one of the person's devices answered this stage in this browser a short while ago. */
async function wasProved(
  { settings, stage, request }: ValidateVisit,
  answering: Answering,
  { mfaCookies }: AuthenticatorValidateDeps,
): Promise<boolean> {
  const lasts = seconds(settings.last_auth_threshold);
  const cookie = request.client.cookies?.[MFA_COOKIE];
  if (lasts < 1 || cookie === undefined || stage.pk === null || answering === undefined) return false;
  const device = await mfaCookies.read(cookie, stage.pk, lasts);
  return answering.owned.some(({ pk }) => pk === device);
}

/** The effect of a right answer, and the cookie that remembers it where the stage says so. */
function remembering(
  { settings, stage, request }: ValidateVisit,
  device: number,
  effect: StageEffect,
  { mfaCookies }: AuthenticatorValidateDeps,
): StageEffect {
  const lasts = seconds(settings.last_auth_threshold);
  if (lasts < 1 || stage.pk === null) return effect;
  const proof = { device, stage: stage.pk };
  return async (tx, standing): Promise<EffectResult> => {
    const result = await effect(tx, standing);
    const cookie = await mfaCookies.mint(proof, { seconds: lasts, scheme: request.client.scheme });
    const { key = standing.session, cookies = [] } = result?.session ?? {};
    return { ...result, session: { key, cookies: [...cookies, cookie] } };
  };
}
