import { refused } from '../authorization.ts';
import { isClassMet } from '../claims.request.ts';
import type { Step } from '../step.ts';

/** OpenID Connect Core, section 5.5: the parameter can be read, and a class of sign-ins that must be met is ours. */
export const checkClaims: Step = ({ parameters: { claims } }) => {
  if (claims === undefined) return undefined;
  if (claims === 'malformed') return refused('invalid_request', 'The parameter claims is malformed');
  if (isClassMet(claims)) return undefined;
  const description = 'The authentication context that the client requires is not available';
  return refused('unmet_authentication_requirements', description);
};
