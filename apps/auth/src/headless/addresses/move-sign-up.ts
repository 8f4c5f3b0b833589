import { domainProblems } from '../../registration/index.ts';
import { type Answer, bad, ok, TOO_MANY } from '../headless.answer.ts';
import type { HeadlessParts } from '../headless.parts.ts';
import { problem } from '../headless.problems.ts';
import type { Visit } from '../headless.visit.ts';
import { freshCode } from '../sent.code.ts';
import {
  maySend,
  sendAccountExists,
  sendCode,
  signUpLater,
  type Verification,
  verificationOf,
} from '../signup/index.ts';

/** The sign-up whose code may go elsewhere. */
export function changeable(parts: HeadlessParts, visit: Visit): Verification | undefined {
  const process = verificationOf(parts, visit);
  const isAllowed =
    process?.kind === 'login' &&
    process.isSignup &&
    process.sent.changed < visit.settings.email_verification_supports_change;
  return isAllowed ? process : undefined;
}

/** Has the code of a sign-up sent to another address, which will be theirs. */
export async function change(
  parts: HeadlessParts,
  visit: Visit,
  process: Verification,
  email: string,
): Promise<Answer> {
  const { tenant, settings } = visit;
  if (email === process.email.toLowerCase()) return bad(problem('same_as_current', 'email'));
  const [wrongDomain] = domainProblems(email, settings.signup_domains);
  if (wrongDomain !== undefined) return bad({ ...wrongDomain, param: 'email' });
  const holder = await parts.mailboxes.holderOf(tenant, email);
  const isTaken = holder !== undefined && holder.pk !== process.user;
  if (isTaken && settings.enumeration === 'allowed') return bad(problem('email_taken', 'email'));
  if (!(await maySend(parts, visit, email))) return TOO_MANY;
  const login = parts.pipeline.waiting(visit, 'verify_email');
  const joined = login === undefined ? {} : await signUpLater(parts, visit, login, { email });
  const { wrong, resent, changed } = process.sent;
  // Nothing that comes back matches the code for the address of somebody else.
  const isForSomebody = !isTaken && (process.user ?? joined.user) !== undefined;
  const sent = { ...freshCode(visit, { email }, isForSomebody), wrong, resent, changed: changed + 1 };
  parts.pipeline.note(visit, sent, joined);
  if (isTaken) sendAccountExists(parts, visit, email);
  else sendCode(parts, visit, email, sent.code);
  return ok([{ email, verified: false, primary: false }]);
}
