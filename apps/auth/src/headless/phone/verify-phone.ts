import type { JsonObject } from '../../plans/index.ts';
import { type Answer, AUTHENTICATION, bad, CONFLICT, ok, TOO_MANY } from '../headless.answer.ts';
import { optionalText } from '../headless.fields.ts';
import { operation } from '../headless.operation.ts';
import type { HeadlessParts } from '../headless.parts.ts';
import { problem } from '../headless.problems.ts';
import type { Login } from '../headless.state.ts';
import { remember, type Visit } from '../headless.visit.ts';
import { freshAgain, isAlive, judge, type SentCode, sentCodeIn } from '../sent.code.ts';
import { isTaken, keptAsVerified, phoneRules, tell } from './phone.courier.ts';

const STAGE = 'verify_phone';
/** Where the new number of whoever is signed in waits. */
export const PHONE_CHANGE = 'phone_change';

/** Verifies a number by the code that went there. No code at all counts as a wrong one. */
export const verifyPhone = (parts: HeadlessParts) =>
  operation({ form: { code: optionalText() }, run: (visit, { code }) => verify(parts, visit, code) });

/** Sends another code in place of the one before, as often as the tenant lets. */
export const resendPhoneCode = (parts: HeadlessParts) => operation({ run: (visit) => resend(parts, visit) });

/** A code that waits: whose, and how it goes on. */
type Waiting = {
  readonly sent: SentCode;
  readonly user: number | undefined;
  /** The login that waits for it; undefined for a change by whoever is signed in. */
  readonly login?: Login;
  /** Remembers what is left of it, and whose the login is; undefined gives it up. */
  readonly note: (
    left: (SentCode & JsonObject) | undefined,
    joined?: Partial<Pick<Login, 'user' | 'applicant'>>,
  ) => void;
  readonly pass: () => Promise<Answer>;
};

/** The code of the login that waits. */
export function waitingStage({ pipeline }: HeadlessParts, visit: Visit): Waiting | undefined {
  const login = pipeline.waiting(visit, STAGE);
  const sent = sentCodeIn(login?.memory[STAGE]);
  if (login === undefined || sent === undefined) return undefined;
  return {
    sent,
    user: login.user,
    login,
    note: (left, joined) => (left === undefined ? pipeline.abandon(visit) : pipeline.note(visit, left, joined)),
    pass: () => pipeline.pass(visit),
  };
}

/** The code of a change by whoever is signed in. */
function waitingChange(visit: Visit): Waiting | undefined {
  const sent = sentCodeIn(visit.state.slots[PHONE_CHANGE]);
  const { person } = visit;
  if (person === undefined || sent === undefined) return undefined;
  const note: Waiting['note'] = (left) => remember(visit, PHONE_CHANGE, left);
  if (!isAlive(sent, phoneRules(visit), visit)) {
    note(undefined);
    return undefined;
  }
  const pass = async () => {
    note(undefined);
    return AUTHENTICATION;
  };
  return { sent, user: person.pk, note, pass };
}

async function verify(parts: HeadlessParts, visit: Visit, given: string): Promise<Answer> {
  const found = waitingStage(parts, visit) ?? waitingChange(visit);
  if (found === undefined) return CONFLICT;
  const { sent, user, note, pass } = found;
  const { phone = '' } = sent;
  const verdict = judge(sent, given, phoneRules(visit));
  if (!verdict.isRight) {
    note(verdict.left);
    return bad(problem(given === '' ? 'required' : 'incorrect_code', 'code'));
  }
  if (await isTaken(parts, visit, phone, user)) {
    note(undefined);
    return bad(problem('phone_taken', 'code'));
  }
  if (user !== undefined) visit.effects.push(await keptAsVerified(parts, visit, user, phone));
  return pass();
}

async function resend(parts: HeadlessParts, visit: Visit): Promise<Answer> {
  const found = waitingStage(parts, visit);
  if (found === undefined || found.sent.resent >= visit.settings.phone_verification_supports_resend) return CONFLICT;
  const { sent, user, note } = found;
  const { phone = '' } = sent;
  if (!(await parts.limits.use(visit, 'verify_phone', phone))) return TOO_MANY;
  const fresh = freshAgain(visit, sent);
  note(fresh);
  // The owner of a number that is taken was told once.
  tell(parts, visit, 'verify', fresh.code === '' ? { code: '' } : fresh, user);
  return ok();
}
