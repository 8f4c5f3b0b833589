import { refused } from '../authorization.ts';
import type { Step } from '../step.ts';

/** RFC 6749, sections 3.1.1 and 4.1.2.1: the response type is there and is served. */
export const checkResponseType: Step = ({ parameters: { responseType, kind } }) => {
  if (responseType === '') return refused('invalid_request', 'The parameter response_type is missing');
  if (kind) return undefined;
  return refused('unsupported_response_type', 'The authorization server does not support this response type');
};
