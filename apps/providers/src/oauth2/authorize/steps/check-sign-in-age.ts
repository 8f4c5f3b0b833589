import { type Authorization, refused } from '../authorization.ts';
import type { Step, StepTools } from '../step.ts';

/** How far the clocks of two services may differ, in milliseconds. */
export const LEEWAY_MS = 5_000;

/**
 * OpenID Connect Core, section 3.1.2.1: a sign-in older than `max_age` has to be repeated. The flow sees to that, except where `prompt=none`
 * forbids to ask.
 */
export const checkSignInAge: Step = async (authorization, tools) => {
  const { prompts, maxAge } = authorization.parameters;
  if (!prompts.includes('none') || maxAge === undefined) return undefined;
  if (!(await mustSignInAgain(authorization, tools))) return undefined;
  return refused('login_required', 'The Authorization Server requires End-User authentication');
};

/**
 * Whether whoever is signed in has to do so again: asked for, to choose another account, or too long ago. Nobody is asked twice: a sign-in since the
 * request came in is the one that it asks for.
 */
export async function mustSignInAgain(
  { parameters: { prompts, maxAge }, visitor, started, provenance }: Authorization,
  { sessions, call }: Pick<StepTools, 'sessions' | 'call'>,
): Promise<boolean> {
  const isAsked = prompts.includes('login') || prompts.includes('select_account');
  if (!isAsked && maxAge === undefined) return false;
  const facts = visitor.session === undefined ? undefined : await sessions.find(visitor.tenant, visitor.session, call);
  if (facts?.auth_time === undefined) return true;
  const slack = provenance.since === undefined ? 0 : LEEWAY_MS;
  return isTooOld(new Date(new Date(facts.auth_time).getTime() + slack), isAsked ? 0 : (maxAge ?? 0), started);
}

/** Whether a sign-in was more than so many seconds before a request. */
export function isTooOld(authTime: Date, maxAge: number, started: Date): boolean {
  return authTime.getTime() + maxAge * 1000 < started.getTime();
}
