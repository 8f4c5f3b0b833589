import { isFapiClient } from '../../../client-settings/index.ts';
import type { OAuth2Client } from '../../../clients/index.ts';
import { CHALLENGE_METHODS, type ChallengeMethod } from '../../vocabulary.ts';
import { type Outcome, type Parameters, refused } from '../authorization.ts';
import type { Step } from '../step.ts';

/** RFC 7636, section 4.2: 43 to 128 unreserved characters; a digest of S256 has exactly 43. */
const CHALLENGES: Readonly<Record<ChallengeMethod, RegExp>> = {
  plain: /^[A-Za-z0-9\-._~]{43,128}$/,
  S256: /^[A-Za-z0-9_-]{43}$/,
};

/** A thumbprint of RFC 7638, section 3. */
const THUMBPRINT = /^[A-Za-z0-9_-]{43}$/;

/** The method of a request with a challenge: `plain` where none is named (RFC 7636, section 4.3). Undefined for one that is unknown. */
export function challengeMethodOf({ challengeMethod = 'plain' }: Parameters): ChallengeMethod | undefined {
  return CHALLENGE_METHODS.find((method) => method === challengeMethod);
}

/**
 * RFC 7636, section 4.4.1: a challenge is well-formed and its method is served; a method alone is a challenge that got lost. Public clients and those
 * that say so get no code without one (RFC 9700, section 2.1.1). Clients of FAPI 2.0 use S256 (section 5.3.2.2).
 */
export const checkPkce: Step = ({ parameters, client }) => {
  const { challenge, challengeMethod, jkt } = parameters;
  if (jkt !== undefined && !THUMBPRINT.test(jkt))
    return refused('invalid_request', 'The parameter dpop_jkt is malformed');
  const method = challengeMethodOf(parameters);
  if (challenge === undefined) {
    if (challengeMethod === undefined && !needsChallenge(parameters, client)) return undefined;
    return refused('invalid_request', 'The parameter code_challenge is missing');
  }
  const isUnserved = method === 'plain' && isFapiClient(client.settings);
  return malformed(challenge, isUnserved ? undefined : method, challengeMethod ?? 'plain');
};

function needsChallenge({ kind }: Parameters, { clientType, settings }: OAuth2Client): boolean {
  const isNeeded = clientType === 'public' || settings.requirePkce || isFapiClient(settings);
  return kind?.issues.includes('code') === true && isNeeded;
}

function malformed(challenge: string, method: ChallengeMethod | undefined, named: string): Outcome | undefined {
  if (!method) return refused('invalid_request', `Unsupported challenge method ${named}`);
  if (CHALLENGES[method].test(challenge)) return undefined;
  return refused('invalid_request', 'The parameter code_challenge is malformed');
}
