import type { HeadlessEngine } from '../headless.parts.ts';
import type { Login } from '../headless.state.ts';
import type { Visit } from '../headless.visit.ts';
import type { LoginStage } from '../login.pipeline.ts';
import { freshCode, type SentCode } from '../sent.code.ts';
import { bring, type CodeCourierDeps } from './code.courier.ts';

/** What the step needs. */
export type CodeStageDeps = CodeCourierDeps &
  Pick<HeadlessEngine, 'accounts' | 'phones'> & {
    /** Whether somebody trusts the browser of a visit. */
    readonly isTrusted: (visit: Visit, user: number) => Promise<boolean>;
  };

type Destination = Pick<SentCode, 'email' | 'phone'>;

/** The step that waits for a code: for whoever asked for one, and where the tenant wants one besides what was shown. */
export function createCodeStage(deps: CodeStageDeps): LoginStage {
  return {
    id: 'login_by_code',
    async enter(visit, login) {
      const isAsked = login.by === 'code';
      if (!isAsked && !(await isWanted(deps, visit, login))) return { kind: 'pass' };
      const to = isAsked ? destinationIn(login) : await reachable(deps, visit, login);
      // Who cannot be reached cannot sign in where a code is wanted.
      if (to === undefined) return { kind: 'abandon' };
      const sent = freshCode(visit, to, login.user !== undefined);
      // A sign-up with an address that somebody has is told so by a mail of its own.
      if (isAsked || login.user !== undefined) bring(deps, visit, sent, login.user);
      return { kind: 'wait', memory: sent };
    },
  };
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
