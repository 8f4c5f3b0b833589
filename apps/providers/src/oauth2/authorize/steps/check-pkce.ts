import { CHALLENGE_METHODS, type ChallengeMethod } from '../../vocabulary.ts';
import { type Parameters, refused } from '../authorization.ts';
import type { Step } from '../step.ts';

/** RFC 7636, section 4.2: 43 to 128 unreserved characters; a digest of S256 has exactly 43. */
const CHALLENGES: Readonly<Record<ChallengeMethod, RegExp>> = {
  plain: /^[A-Za-z0-9\-._~]{43,128}$/,
  S256: /^[A-Za-z0-9_-]{43}$/,
};

/** The method of a request with a challenge: `plain` where none is named (RFC 7636, section 4.3). Undefined for one that is unknown. */
export function challengeMethodOf({ challengeMethod = 'plain' }: Parameters): ChallengeMethod | undefined {
  return CHALLENGE_METHODS.find((method) => method === challengeMethod);
}

/** RFC 7636, section 4.4.1: a challenge is well-formed and its method is served; a method alone is a challenge that got lost. */
export const checkPkce: Step = ({ parameters }) => {
  const { challenge, challengeMethod } = parameters;
  const method = challengeMethodOf(parameters);
  if (challenge === undefined) {
    if (challengeMethod === undefined) return undefined;
    return refused('invalid_request', 'The parameter code_challenge is missing');
  }
  if (!method) return refused('invalid_request', `Unsupported challenge method ${challengeMethod}`);
  if (CHALLENGES[method].test(challenge)) return undefined;
  return refused('invalid_request', 'The parameter code_challenge is malformed');
};
