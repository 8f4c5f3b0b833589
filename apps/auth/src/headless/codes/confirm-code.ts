import { type Answer, bad, CONFLICT, ok, TOO_MANY } from '../headless.answer.ts';
import { optionalText } from '../headless.fields.ts';
import { operation } from '../headless.operation.ts';
import type { HeadlessParts } from '../headless.parts.ts';
import { problem } from '../headless.problems.ts';
import { secondsOf, type Visit } from '../headless.visit.ts';
import { isTaken, keptAsVerified } from '../phone/index.ts';
import { freshAgain, judge, type SentCode, sentCodeIn } from '../sent.code.ts';
import { bring } from './code.courier.ts';
import { rulesOf } from './code.stage.ts';

const STAGE = 'login_by_code';

/** Signs in by the code that was sent. No code at all counts as a wrong one. */
export const confirmCode = (parts: HeadlessParts) =>
  operation({
    form: { code: optionalText() },
    run: (visit, { code }) => confirm(parts, visit, code),
  });

/** Sends another code in place of the one before, as often as the tenant lets. */
export const resendCode = (parts: HeadlessParts) =>
  operation({
    isServed: ({ settings }) => settings.login_by_code_enabled,
    run: (visit) => resend(parts, visit),
  });

/** The login that waits for a code which may still be tried. */
function waiting({ pipeline }: HeadlessParts, visit: Visit) {
  const login = pipeline.waiting(visit, STAGE);
  const sent = sentCodeIn(login?.memory[STAGE]);
  return login === undefined || sent === undefined ? undefined : { login, sent };
}

async function confirm(parts: HeadlessParts, visit: Visit, given: string): Promise<Answer> {
  const { pipeline } = parts;
  const found = waiting(parts, visit);
  if (found === undefined) return CONFLICT;
  const { login, sent } = found;
  const verdict = judge(sent, given, rulesOf(visit));
  if (!verdict.isRight) {
    if (verdict.left === undefined) pipeline.abandon(visit);
    else pipeline.note(visit, verdict.left);
    return bad(problem(given === '' ? 'required' : 'incorrect_code', 'code'));
  }
  const { email, phone } = sent;
  if (login.user !== undefined) await noteReached(parts, visit, login.user, sent);
  const record = { method: 'code', at: secondsOf(visit.now), ...(email ? { email } : { phone: phone ?? '' }) };
  return pipeline.pass(visit, { methods: [...login.methods, record] });
}

/** Whoever has the code reads what goes there. An address or number that somebody else has shown to be theirs stays theirs. */
async function noteReached(
  parts: HeadlessParts,
  visit: Visit,
  user: number,
  { email, phone }: SentCode,
): Promise<void> {
  const { tenant } = visit;
  // Only once it is certain that the code was still to be tried.
  if (email !== undefined) visit.finishing.push(() => parts.mailboxes.noteRead(tenant, user, email));
  const number = phone === undefined ? undefined : await parts.phones.ofUser(tenant, user);
  if (number === undefined || number.phone !== phone || number.verified) return;
  if (!(await isTaken(parts, visit, phone, user))) visit.effects.push(await keptAsVerified(parts, visit, user, phone));
}

async function resend(parts: HeadlessParts, visit: Visit): Promise<Answer> {
  const found = waiting(parts, visit);
  if (found === undefined || found.sent.resent >= visit.settings.login_by_code_supports_resend) return CONFLICT;
  const { login, sent } = found;
  const { phone } = sent;
  if (phone !== undefined && !(await parts.limits.use(visit, 'verify_phone', phone))) return TOO_MANY;
  const fresh = freshAgain(visit, sent);
  parts.pipeline.note(visit, fresh);
  bring(parts, visit, fresh, login.user);
  return ok();
}
