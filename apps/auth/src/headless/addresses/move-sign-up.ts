import type { JsonObject } from '../../plans/index.ts';
import { type Applicant, domainProblems } from '../../registration/index.ts';
import { type Answer, bad, ok, TOO_MANY } from '../headless.answer.ts';
import type { HeadlessParts } from '../headless.parts.ts';
import { problem } from '../headless.problems.ts';
import type { Visit } from '../headless.visit.ts';
import { freshCode } from '../sent.code.ts';
import { maySend, sendAccountExists, sendCode, type Verification, verificationOf } from '../signup/index.ts';

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
  const user = await newcomerAt(parts, visit, process, email, isTaken);
  const { wrong, resent, changed } = process.sent;
  // Nothing that comes back matches the code for the address of somebody else.
  const isForSomebody = !isTaken && (process.user ?? user) !== undefined;
  const sent = { ...freshCode(visit, { email }, isForSomebody), wrong, resent, changed: changed + 1 };
  parts.pipeline.note(visit, sent, user);
  if (isTaken) sendAccountExists(parts, visit, email);
  else sendCode(parts, visit, email, sent.code);
  return ok([{ email, verified: false, primary: false }]);
}

/**
 * Whoever only seemed to sign up, since somebody has the address that they gave, signs up now with one that is free. Everybody else takes as
 * long: neither the answer, nor its time, nor a mail that comes or does not, tells of the first address.
 */
async function newcomerAt(
  { registration, pipeline }: HeadlessParts,
  visit: Visit,
  { user }: Verification,
  email: string,
  isTaken: boolean,
): Promise<number | undefined> {
  const { tenant } = visit;
  const applicant = user === undefined ? applicantIn(pipeline.waiting(visit, 'verify_email')?.applicant) : undefined;
  if (isTaken || applicant === undefined) {
    await registration.pretend(tenant, { email, password: '', mayShareAddress: false });
    return undefined;
  }
  const made = await registration.register(tenant, { ...applicant, email });
  // Their name is somebody's meanwhile.
  if (made.kind === 'refused') return undefined;
  visit.undo.push(made.registered.undo);
  visit.effects.unshift(made.registered.keep);
  return made.registered.account.pk;
}

function applicantIn(memory: JsonObject | undefined): Omit<Applicant, 'email'> | undefined {
  if (memory === undefined) return undefined;
  const { username, name, phone, hash, group } = memory;
  return {
    username: String(username ?? ''),
    name: String(name ?? ''),
    ...(typeof phone === 'string' && { phone }),
    ...(typeof hash === 'string' && { hash }),
    password: '',
    group: String(group ?? ''),
    mayShareAddress: false,
  };
}
