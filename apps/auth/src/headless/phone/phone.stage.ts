import { TOO_MANY } from '../headless.answer.ts';
import type { HeadlessEngine } from '../headless.parts.ts';
import type { Login } from '../headless.state.ts';
import type { Visit } from '../headless.visit.ts';
import type { LoginStage } from '../login.pipeline.ts';
import type { RateLimits } from '../rate.limits.ts';
import { freshCode, isCodeOver, sentCodeIn } from '../sent.code.ts';
import { isTaken, phoneRules, tell } from './phone.courier.ts';

/** What the step needs. */
export type PhoneStageDeps = Pick<HeadlessEngine, 'phones' | 'phoneMessages'> & { readonly limits: RateLimits };

/** The step that waits until somebody has shown that the number they signed up with is theirs. */
export function createPhoneStage(deps: PhoneStageDeps): LoginStage {
  return {
    id: 'verify_phone',
    isOver: (visit, memory) => isCodeOver(memory, phoneRules(visit), visit),
    async enter(visit, login) {
      const phone = await unverified(deps, visit, login);
      if (phone === undefined) return { kind: 'pass' };
      if (!(await deps.limits.use(visit, 'verify_phone', phone))) return { kind: 'refuse', answer: TOO_MANY };
      const { user } = login;
      // Who signs up with the number of somebody else waits like anybody; its owner is told, and nothing passes.
      const isNotice = user === undefined && (await isTaken(deps, visit, phone, user));
      const sent = freshCode(visit, { phone }, !isNotice);
      tell(deps, visit, isNotice ? 'taken' : 'verify', sent, user);
      return { kind: 'wait', memory: sent };
    },
  };
}

/** The number that has to be verified; undefined where there is none, or nothing could verify it. */
async function unverified(
  { phones, phoneMessages }: PhoneStageDeps,
  visit: Visit,
  login: Login,
): Promise<string | undefined> {
  const { settings, tenant } = visit;
  const isAsked =
    settings.phone_verification_enabled && settings.signup_fields.some((field) => /^phone\*?$/.test(field));
  if (!isAsked || !(await phoneMessages.isServed(tenant))) return undefined;
  // What a sign-up keeps is stored only when this visit is over.
  if (login.isSignup) return login.phone;
  const number = login.user === undefined ? undefined : await phones.ofUser(tenant, login.user);
  if (number === undefined || number.verified) return undefined;
  const isShown =
    login.passed.includes('login_by_code') && sentCodeIn(login.memory.login_by_code)?.phone === number.phone;
  return isShown ? undefined : number.phone;
}
