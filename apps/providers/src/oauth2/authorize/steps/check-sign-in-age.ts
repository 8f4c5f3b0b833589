import { refused } from '../authorization.ts';
import type { Step } from '../step.ts';

/**
 * OpenID Connect Core, section 3.1.2.1: a sign-in older than `max_age` has to be repeated. The flow sees to that, except where `prompt=none`
 * forbids to ask.
 */
export const checkSignInAge: Step = async ({ parameters: { prompts, maxAge }, visitor }, { sessions, now, call }) => {
  if (!prompts.includes('none') || maxAge === undefined || visitor.session === undefined) return undefined;
  const facts = await sessions.find(visitor.tenant, visitor.session, call);
  if (facts?.auth_time && isFresh(new Date(facts.auth_time), maxAge, now)) return undefined;
  return refused('login_required', 'The Authorization Server requires End-User authentication');
};

/** Whether somebody signed in at most so many seconds ago. */
export function isFresh(authTime: Date, maxAge: number, now: Date): boolean {
  return authTime.getTime() + maxAge * 1000 >= now.getTime();
}
