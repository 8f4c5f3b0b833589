import { oauth2Errors } from '../../oauth2.errors.ts';
import { type Authorization, refused } from '../authorization.ts';
import type { Step } from '../step.ts';
import { signIn } from './require-sign-in.ts';

/**
 * The application's policies let this person use it. Who may not is told on a page: the application learns nothing of them, except where `prompt=none`
 * forbids pages.
 */
export const checkAccess: Step = async (authorization, { gate, call }) => {
  const { client, visitor } = authorization;
  const { tenant, session, user } = visitor;
  if (user === undefined) return signIn(authorization);
  const answer = await gate({ tenant, client, user, session, context: policyContext(authorization) }, call);
  if (answer.kind === 'open') return undefined;
  if (answer.reason === 'session') return signIn(authorization);
  if (authorization.parameters.prompts.includes('none'))
    return refused('access_denied', 'The resource owner or authorization server denied the request');
  const [message = 'Permission denied'] = answer.messages;
  throw oauth2Errors.APPLICATION_DENIED({ message });
};

/** What policies may look at. */
export function policyContext({ parameters, scopes }: Pick<Authorization, 'parameters' | 'scopes'>) {
  return {
    oauth_scopes: scopes,
    oauth_grant_type: parameters.kind?.grant,
    oauth_code_challenge: parameters.challenge,
    oauth_code_challenge_method: parameters.challengeMethod,
    oauth_max_age: parameters.maxAge,
    oauth_redirect_uri: parameters.redirectUri,
    oauth_response_type: parameters.responseType,
  };
}
