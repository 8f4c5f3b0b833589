import { refused } from '../authorization.ts';
import type { Step } from '../step.ts';

/** RFC 6749, section 3.1 and appendix A: no parameter comes twice, and none holds what no text may hold. */
export const checkFormat: Step = ({ parameters: { broken } }) =>
  broken === undefined ? undefined : refused('invalid_request', `The parameter ${broken} is malformed or repeated`);
