import { refused } from '../authorization.ts';
import type { Step } from '../step.ts';

/** OpenID Connect Core, section 6: request objects are not served, and must not be passed over either. */
export const checkRequestObject: Step = ({ parameters: { request, requestUri } }) => {
  if (request !== undefined) return refused('request_not_supported', 'The request parameter is not supported');
  if (requestUri === undefined) return undefined;
  return refused('request_uri_not_supported', 'The request_uri parameter is not supported');
};
