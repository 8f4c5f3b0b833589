import { refused } from '../authorization.ts';
import type { Step } from '../step.ts';

/** OpenID Connect Core, section 3.2.2.1: an id token from this endpoint needs a nonce. */
export const checkNonce: Step = ({ parameters: { kind, nonce }, scopes }) => {
  const isNeeded = kind?.issues.includes('id_token') === true && scopes.includes('openid');
  return isNeeded && nonce === undefined ? refused('invalid_request', 'The parameter nonce is missing') : undefined;
};
