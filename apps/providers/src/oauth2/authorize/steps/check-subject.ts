import { subjectOf } from '../../claims/index.ts';
import { type Authorization, type Outcome, refused } from '../authorization.ts';
import { subjectsIn } from '../claims.request.ts';
import type { Step, StepTools } from '../step.ts';

/**
 * OpenID Connect Core, sections 3.1.2.1 and 5.5.1: whoever is signed in is the person that the client expects, by an id token of theirs or by the value of
 * `sub`. An id token that we did not issue to this client says nothing; how old it is does not matter.
 */
export const checkSubject: Step = async (authorization, tools) => {
  const subjects = await expectedSubjects(authorization, tools);
  if (subjects === 'malformed') return refused('invalid_request', 'The parameter id_token_hint is no token of ours');
  const { client, visitor } = authorization;
  if (subjects === undefined || visitor.user === undefined) return undefined;
  const person = await tools.people.find(visitor.tenant, visitor.user, tools.call);
  return person && subjects.includes(subjectOf(client, person)) ? undefined : notThem();
};

/** The only people that an authorization is for; undefined for anybody. */
export async function expectedSubjects(
  { parameters: { idTokenHint, claims }, client }: Pick<Authorization, 'parameters' | 'client'>,
  { subjectOfHint, call }: Pick<StepTools, 'subjectOfHint' | 'call'>,
): Promise<readonly string[] | 'malformed' | undefined> {
  const named = claims === undefined || claims === 'malformed' ? undefined : subjectsIn(claims);
  if (idTokenHint === undefined) return named;
  const hinted = await subjectOfHint(idTokenHint, client, call);
  if (hinted === undefined) return 'malformed';
  return named === undefined || named.includes(hinted) ? [hinted] : [];
}

/** Somebody else is signed in. */
export function notThem(): Outcome & { kind: 'refused' } {
  return refused('login_required', 'The End-User that is signed in is not the one that was asked for');
}
