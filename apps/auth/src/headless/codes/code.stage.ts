import { TOO_MANY } from '../headless.answer.ts';
import type { HeadlessEngine } from '../headless.parts.ts';
import type { Login } from '../headless.state.ts';
import type { Visit } from '../headless.visit.ts';
import type { LoginStage } from '../login.pipeline.ts';
import type { RateLimits } from '../rate.limits.ts';
import { type CodeRules, freshCode, isCodeOver, type SentCode } from '../sent.code.ts';
import { maySend, sendAccountExists } from '../signup/index.ts';
import { bring, bringNotice, type CodeCourierDeps } from './code.courier.ts';

/** What the step needs. */
export type CodeStageDeps = CodeCourierDeps &
  Pick<HeadlessEngine, 'accounts' | 'phones' | 'mailboxes'> & {
    readonly limits: RateLimits;
    /** Whether somebody trusts the browser of a visit. */
    readonly isTrusted: (visit: Visit, user: number) => Promise<boolean>;
  };

type Destination = Pick<SentCode, 'email' | 'phone'>;

/** How long a code to sign in by works, and how many wrong ones end it. */
export function rulesOf({ settings }: Pick<Visit, 'settings'>): CodeRules {
  return { seconds: settings.login_by_code_timeout, most: settings.login_by_code_max_attempts };
}

/** The step that waits for a code: for whoever asked for one, and where the tenant wants one besides what was shown. */
export function createCodeStage(deps: CodeStageDeps): LoginStage {
  return {
    id: 'login_by_code',
    isOver: (visit, memory) => isCodeOver(memory, rulesOf(visit), visit),
    async enter(visit, login) {
      const isAsked = login.by === 'code';
      if (!isAsked && !(await isWanted(deps, visit, login))) return { kind: 'pass' };
      const to = isAsked ? destinationIn(login) : await reachable(deps, visit, login);
      // Who cannot be reached cannot sign in where a code is wanted.
      if (to === undefined) return { kind: 'abandon' };
      // Who asked for a code was counted when they asked. The keys differ, lest a stranger's requests keep people from their codes.
      if (!isAsked && !(await mayGet(deps, visit, to))) return { kind: 'refuse', answer: TOO_MANY };
      // Whoever only seems to sign up, because of what else they gave, reads their own address and number like anybody.
      const isPretended = login.isSignup && login.user === undefined;
      const isTold = isPretended && (await isSomebodys(deps, visit, to));
      const sent = freshCode(visit, to, isPretended ? !isTold : login.user !== undefined);
      if (isTold) await tellOwner(deps, visit, to);
      else bring(deps, visit, sent, login.user);
      return { kind: 'wait', memory: sent };
    },
  };
}

/** A code that a login takes besides what was shown counts for where it goes, whoever has it sent there. */
function mayGet({ limits }: CodeStageDeps, visit: Visit, { email, phone = '' }: Destination): Promise<boolean> {
  return limits.use(visit, 'request_login_code', `besides ${email ?? phone}`);
}

async function isSomebodys(
  { mailboxes, phones }: CodeStageDeps,
  { tenant }: Visit,
  { email, phone }: Destination,
): Promise<boolean> {
  if (email !== undefined) return (await mailboxes.holderOf(tenant, email)) !== undefined;
  return phone !== undefined && (await phones.find(tenant, phone))?.verified === true;
}

/** Tells whoever has an address, or a number, that somebody signs up with it. */
async function tellOwner(deps: CodeStageDeps, visit: Visit, to: Destination): Promise<void> {
  const { email, phone } = to;
  if (phone !== undefined) bringNotice(deps, visit, phone);
  else if (email !== undefined && (await maySend(deps, visit, email))) sendAccountExists(deps, visit, email);
}

async function isWanted({ isTrusted }: CodeStageDeps, visit: Visit, { methods, user }: Login): Promise<boolean> {
  const { login_by_code_required: wanted, login_by_code_trust_enabled } = visit.settings;
  const last = methods.at(-1)?.method;
  if (last === 'code' || !(wanted.includes('*') || (last !== undefined && wanted.includes(last)))) return false;
  return !(login_by_code_trust_enabled && user !== undefined && (await isTrusted(visit, user)));
}

function destinationIn({ email, phone }: Login): Destination | undefined {
  if (email !== undefined) return { email };
  return phone === undefined ? undefined : { phone };
}

/** Where somebody reads a code: the address or number that they came by, else their primary address, else their number. */
async function reachable(
  { accounts, phones, phoneMessages }: CodeStageDeps,
  visit: Visit,
  login: Login,
): Promise<Destination | undefined> {
  const { tenant } = visit;
  const { user, email, phone } = login;
  const canSend = await phoneMessages.isServed(tenant);
  if (email !== undefined || (phone !== undefined && canSend)) return destinationIn(login);
  if (user === undefined) return undefined;
  const account = await accounts.findByPk(tenant, user);
  if (account?.email) return { email: account.email };
  const number = canSend ? await phones.ofUser(tenant, user) : undefined;
  return number?.verified ? { phone: number.phone } : undefined;
}
