import { refused } from '../authorization.ts';
import type { Step } from '../step.ts';

/** OpenID Connect Core, section 3.1.2.1: an age in whole seconds. Zero means now. */
export const checkMaxAge: Step = ({ parameters: { maxAge } }) =>
  Number.isNaN(maxAge) ? refused('invalid_request', 'The parameter max_age is no number of seconds') : undefined;
