import { isFapiClient } from '../../../client-settings/index.ts';
import { refused } from '../authorization.ts';
import type { Step } from '../step.ts';

/**
 * RFC 6749, sections 3.1.1 and 4.1.2.1: the response type is there, is served, and is one of the client's. Tokens of this endpoint go to whoever holds
 * the answer, so that a client whose tokens are bound to a key gets none here (RFC 9449, section 5), and one of FAPI 2.0 gets codes alone (section 5.3.2.2).
 */
export const checkResponseType: Step = ({ parameters: { responseType, kind }, client: { settings } }) => {
  if (responseType === '') return refused('invalid_request', 'The parameter response_type is missing');
  if (!kind)
    return refused('unsupported_response_type', 'The authorization server does not support this response type');
  const isTheirs = settings.responseTypes.some((type) => type === responseType);
  const grants = [
    ...(kind.issues.includes('code') ? ['authorization_code'] : []),
    ...(kind.grant === 'authorization_code' ? [] : ['implicit']),
  ];
  const isGranted = grants.every((grant) => settings.grantTypes.some((each) => each === grant));
  const isLoose =
    (settings.dpopBoundAccessTokens && kind.issues.includes('token')) ||
    (isFapiClient(settings) && responseType !== 'code');
  if (isTheirs && isGranted && !isLoose) return undefined;
  return refused('unauthorized_client', 'The client is not authorized to use this response type');
};
