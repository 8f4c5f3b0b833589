import type { Device } from '../../devices/index.ts';
import {
  fieldError,
  type JsonObject,
  type ResponseErrors,
  type StageEffect,
  type StageOutcome,
  StageRefused,
  type StageVisit,
} from '../../plans/index.ts';
import { provedBy } from '../authenticator-validate/index.ts';
import { sessionMark } from '../session.mark.ts';
import type { StageAccount, StageAccounts, StageFacts } from '../stage.ports.ts';
import {
  asDeviceVisit,
  offeredTo,
  type PasskeyOffering,
  type Passwordless,
  passwordlessOf,
  withoutOffer,
} from './passkey.ts';
import { type IdentificationSettings, identificationModel } from './settings.ts';

/** What judging a passkey needs that takes the place of a name. */
export type PasskeyJudging = PasskeyOffering & {
  readonly accounts: Pick<StageAccounts, 'findByPk'>;
  readonly facts: StageFacts;
};

type Visit = StageVisit<IdentificationSettings>;

const INVALID_DEVICE = { webauthn: [fieldError('Invalid device')] };
const ASSERTION_FAILED = { webauthn: [fieldError('Assertion failed')] };

/** Somebody answered with a passkey: the passwordless flow goes on with them. What was offered is used up, whatever comes of it. */
export async function identifyByPasskey(visit: Visit, answer: JsonObject, deps: PasskeyJudging): Promise<StageOutcome> {
  const target = await passwordlessOf(visit, deps.flows);
  const offered = offeredTo(visit, deps.clock());
  if (target === undefined || offered === undefined) return refused(visit, deps, ASSERTION_FAILED);
  const verdict = await deps.passkeys.passwordless.verify(asDeviceVisit(visit, target), answer, offered);
  if (verdict.ok === 'waiting') throw new TypeError('nobody decides elsewhere about a passkey');
  if (!verdict.ok) return refused(visit, deps, verdict.errors, verdict.details);
  const account = await deps.accounts.findByPk(visit.request.tenant, verdict.device.user);
  if (account?.isActive !== true) return refused(visit, deps, INVALID_DEVICE);
  return {
    kind: 'passed',
    handOver: { flow: target.flow, context: proved(visit, target, account, verdict.device, deps.clock()) },
    effect: usedUp(visit, verdict.effect, deps),
  };
}

/** What the passwordless flow is told: who it is, how they proved it, and a proof for the stage that would ask for the same again. */
function proved({ session }: Visit, { verification }: Passwordless, account: StageAccount, device: Device, now: Date) {
  const { pending_user, auth_method, auth_method_args } = provedBy(account, device);
  const proof = { user: account.pk, device: device.pk, verification, session: sessionMark(session), at: now.getTime() };
  return { pending_user, auth_method, auth_method_args, passkey_proof: proof };
}

/** The effect of a right answer; if it finds that somebody else has used it up, it was a wrong one. */
function usedUp(visit: Visit, effect: StageEffect, deps: PasskeyJudging): StageEffect {
  return async (tx, standing) => {
    try {
      return await effect(tx, standing);
    } catch (error) {
      if (!(error instanceof StageRefused)) throw error;
      throw new StageRefused(error.errors, failed(visit, deps), withoutOffer(visit));
    }
  };
}

function refused(visit: Visit, deps: PasskeyJudging, errors: ResponseErrors, details?: JsonObject): StageOutcome {
  return { kind: 'refused', errors, memory: withoutOffer(visit), effect: failed(visit, deps, details) };
}

/** A failed try, told as the stage that asks for passkeys tells it. */
function failed({ stage, request }: Visit, { facts }: PasskeyJudging, details?: JsonObject): StageEffect {
  const fact = {
    kind: 'login_failed',
    username: '',
    passwordLength: 0,
    stage: { pk: stage.pk, name: stage.name, model: identificationModel.model },
    device: { class: 'webauthn', details },
  } as const;
  return (tx) => facts.record(tx, fact, request).then(() => undefined);
}
