import type { Mailbox } from '../../mailboxes/index.ts';
import { bad, TOO_MANY } from '../headless.answer.ts';
import { problem } from '../headless.problems.ts';
import type { Login } from '../headless.state.ts';
import type { Visit } from '../headless.visit.ts';
import type { LoginStage, StageTurn } from '../login.pipeline.ts';
import { freshCode, isCodeOver } from '../sent.code.ts';
import {
  isByCode,
  maySend,
  sendAccountExists,
  sendCode,
  sendLink,
  type VerificationCourier,
} from './verification.courier.ts';
import { rulesOf } from './verification.rules.ts';

const PASS: StageTurn = { kind: 'pass' };

/** The step that waits until somebody has shown that they read their address, where the tenant wants that. */
export function createEmailStage(courier: VerificationCourier): LoginStage {
  return {
    id: 'verify_email',
    isOver: (visit, memory) => isByCode(visit) && isCodeOver(memory, rulesOf(visit), visit),
    async enter(visit, login) {
      const { email_verification } = visit.settings;
      if (email_verification === 'none' || (email_verification === 'optional' && !login.isSignup)) return PASS;
      const { user } = login;
      if (user === undefined) return pretend(courier, visit, login);
      const mailbox = await unverified(courier, visit, { ...login, user });
      if (mailbox === 'verified') return PASS;
      const isMandatory = email_verification === 'mandatory';
      // Nothing can be verified where there is no address: whoever has none waits until somebody gives them one.
      if (mailbox === undefined) return isMandatory ? { kind: 'wait', memory: {} } : PASS;
      if (isByCode(visit)) return askForCode(courier, visit, login, mailbox.email);
      if (await maySend(courier, visit, mailbox.email)) sendLink(courier, visit, user, mailbox.email);
      return isMandatory ? { kind: 'wait', memory: { email: mailbox.email } } : PASS;
    },
  };
}

/**
 * The address that is to be verified: the one they came by, else the primary one, unless whoever came by a name has a verified one. One whose
 * code they have just given is verified when the visit is stored.
 */
async function unverified(
  { mailboxes }: VerificationCourier,
  { tenant }: Visit,
  { user, email, methods }: Login & { readonly user: number },
): Promise<Mailbox | 'verified' | undefined> {
  const all = await mailboxes.list(tenant, user);
  const named = email === undefined ? undefined : all.find((one) => one.email.toLowerCase() === email.toLowerCase());
  if (named ? named.verified : all.some(({ verified }) => verified)) return 'verified';
  const asked = named ?? all.find(({ primary }) => primary) ?? all[0];
  const wasRead = asked !== undefined && methods.some((one) => BY_READING.has(one.method) && one.email === asked.email);
  return wasRead && !(await mailboxes.isTaken(tenant, user, asked.email)) ? 'verified' : asked;
}

/** Ways of showing who one is by what came to an address. */
const BY_READING = new Set(['code', 'password_reset']);

async function askForCode(courier: VerificationCourier, visit: Visit, login: Login, email: string): Promise<StageTurn> {
  // Whoever has just signed up gets their code: a second sign-up with their address is no longer one.
  const isFree = (await maySend(courier, visit, email)) || login.isSignup;
  if (!isFree)
    return {
      kind: 'refuse',
      answer: login.email === undefined ? TOO_MANY : bad(problem('too_many_login_attempts')),
    };
  const sent = freshCode(visit, { email });
  sendCode(courier, visit, email, sent.code);
  return { kind: 'wait', memory: sent };
}

/** Nobody signed up, since somebody has the address: its reader is told, and whoever tried waits for what never comes. */
async function pretend(courier: VerificationCourier, visit: Visit, { email = '' }: Login): Promise<StageTurn> {
  if (email !== '' && (await maySend(courier, visit, email))) sendAccountExists(courier, visit, email);
  return { kind: 'wait', memory: isByCode(visit) ? freshCode(visit, { email }, false) : { email } };
}
