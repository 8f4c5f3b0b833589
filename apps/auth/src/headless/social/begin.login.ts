import type { Answer } from '../headless.answer.ts';
import { EMPTY_STATE } from '../headless.state.ts';
import type { Visit } from '../headless.visit.ts';
import { waitForSignup } from './social.state.ts';

/** Begins the login of somebody who came by an identity provider. Whoever was signed in before is not any more, unless it comes to nothing. */
export async function inPlaceOfOthers(visit: Visit, begin: () => Promise<Answer>): Promise<Answer> {
  const isSwitch = visit.person !== undefined;
  const before = visit.state;
  if (isSwitch) visit.state = EMPTY_STATE;
  waitForSignup(visit, undefined);
  const answer = await begin();
  if (answer.kind === 'plain') visit.state = before;
  else if (isSwitch && visit.ending === undefined) visit.ending = { kind: 'leave' };
  return answer;
}
