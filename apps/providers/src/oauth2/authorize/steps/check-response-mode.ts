import { refused } from '../authorization.ts';
import type { Step } from '../step.ts';

/** Multiple Response Types, section 5: tokens do not travel in a query. A mode that nobody knows counts as none. */
export const checkResponseMode: Step = ({ parameters: { isModeWrong } }) =>
  isModeWrong ? refused('invalid_request', 'The response mode does not go with the response type') : undefined;
