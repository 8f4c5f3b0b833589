import type { EntityManager } from '@postern/database';
import { type Answer, AUTHENTICATION, bad, CONFLICT, ok, TOO_MANY } from '../headless.answer.ts';
import { text } from '../headless.fields.ts';
import { operation } from '../headless.operation.ts';
import type { HeadlessParts } from '../headless.parts.ts';
import { problem } from '../headless.problems.ts';
import { Refused, type Visit } from '../headless.visit.ts';
import { freshAgain, judge } from '../sent.code.ts';
import { tellOfChange } from './change.notice.ts';
import { isByCode, maySend, sendCode } from './verification.courier.ts';
import { changeVerification, type Verification, verificationOf } from './verification.process.ts';
import { rulesOf } from './verification.rules.ts';

const KEY_HEADER = 'x-email-verification-key';

/** What a key or a code stands for. */
type Claim = { readonly user: number; readonly email: string; readonly process?: Verification };

/** Tells which address a key or a code stands for. */
export const getVerification = (parts: HeadlessParts) =>
  operation({
    async run(visit) {
      const key = (visit.call.headers[KEY_HEADER] ?? '').trim();
      if (key === '') return bad(problem('required', 'key'));
      const claim = await claimOf(parts, visit, key);
      if ('answer' in claim) return claim.answer;
      const standing = await parts.gate.admit(visit.tenant, claim.user);
      if (standing === undefined) return bad(problem('invalid_or_expired_key', 'key'));
      const data = { email: claim.email, user: await parts.presenter.user(visit, { standing }) };
      return ok(data, { is_authenticating: parts.pipeline.waiting(visit, 'verify_email') !== undefined });
    },
  });

/** Notes that somebody reads an address, and goes on with the login that waited for it. */
export const verifyEmail = (parts: HeadlessParts) =>
  operation({
    form: { key: text() },
    async run(visit, { key }) {
      const claim = await claimOf(parts, visit, key);
      if ('answer' in claim) return claim.answer;
      visit.finishing.push((tx) => settleAddress(tx, parts, visit, claim));
      if (claim.process?.kind === 'account') {
        changeVerification(parts, visit, claim.process, undefined);
        return AUTHENTICATION;
      }
      return goOn(parts, visit, claim);
    },
  });

/** Sends another code in place of the one before, as often as the tenant lets. */
export const resendVerification = (parts: HeadlessParts) =>
  operation({
    async run(visit) {
      const process = verificationOf(parts, visit);
      if (process === undefined || process.sent.resent >= visit.settings.email_verification_supports_resend)
        return CONFLICT;
      return (await sendAgain(parts, visit, process)) ? ok() : TOO_MANY;
    },
  });

/** Has another code sent in place of the one that waits; false when that is too early. */
export async function sendAgain(parts: HeadlessParts, visit: Visit, process: Verification): Promise<boolean> {
  if (!(await maySend(parts, visit, process.email))) return false;
  const fresh = freshAgain(visit, process.sent);
  changeVerification(parts, visit, process, fresh);
  sendCode(parts, visit, process.email, fresh.code);
  return true;
}

async function claimOf(parts: HeadlessParts, visit: Visit, key: string): Promise<Claim | { readonly answer: Answer }> {
  const claim = isByCode(visit) ? claimOfCode(parts, visit, key) : await claimOfLink(parts, visit, key);
  if ('answer' in claim) return claim;
  const isTaken = await parts.mailboxes.isTaken(visit.tenant, claim.user, claim.email);
  return isTaken ? { answer: TAKEN } : claim;
}

const TAKEN = bad(problem('email_taken', 'key'));

function claimOfCode(parts: HeadlessParts, visit: Visit, code: string): Claim | { readonly answer: Answer } {
  const process = verificationOf(parts, visit);
  if (process === undefined) return { answer: CONFLICT };
  const verdict = judge(process.sent, code, rulesOf(visit));
  const { user, email } = process;
  if (verdict.isRight && user !== undefined) return { user, email, process };
  if (!verdict.isRight) changeVerification(parts, visit, process, verdict.left);
  return { answer: bad(problem('incorrect_code', 'key')) };
}

async function claimOfLink(
  { mailboxes }: HeadlessParts,
  { tenant, now, settings }: Visit,
  key: string,
): Promise<Claim | { readonly answer: Answer }> {
  const found = await mailboxes.findByKey(tenant, key, now, settings.email_confirmation_expire_days);
  return found ?? { answer: bad(problem('invalid_or_expired_key', 'key')) };
}

/**
 * A code came from where the login waits, so it goes on. A link may have been opened anywhere: the login goes on only where it waits for this
 * user, and the tenant wants that.
 */
async function goOn({ pipeline }: HeadlessParts, visit: Visit, { user, email, process }: Claim): Promise<Answer> {
  if (process !== undefined) return pipeline.pass(visit, { email });
  const waiting = pipeline.waiting(visit, 'verify_email');
  if (waiting === undefined) return AUTHENTICATION;
  if (waiting.user === user && visit.settings.login_on_email_confirmation) return pipeline.pass(visit, { email });
  pipeline.abandon(visit);
  return AUTHENTICATION;
}

/** The address is theirs from now on. Whoever is signed in is shown with it. */
async function settleAddress(
  tx: EntityManager,
  parts: HeadlessParts,
  visit: Visit,
  { user, email, process }: Claim,
): Promise<void> {
  const { tenant, settings, person } = visit;
  const before = (await parts.mailboxes.list(tenant, user)).find(({ primary }) => primary);
  const alone = settings.change_email || (process?.kind === 'login' && process.sent.changed > 0);
  const done = await parts.mailboxes.verify(tenant, user, email, { alone });
  if ('refused' in done) throw new Refused(TAKEN);
  const after = done.mailboxes.find(({ primary }) => primary);
  await tellOfChange(tx, parts, visit, before?.email, after?.email);
  if (person?.pk !== user) return;
  const standing = await parts.gate.admit(tenant, user);
  if (standing) Object.assign(visit, { person: { ...person, standing } });
}
