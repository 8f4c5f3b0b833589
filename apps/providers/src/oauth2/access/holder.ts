import type { Call } from '@postern/rpc';
import type { Proven, ProvenKey } from '../dpop/index.ts';
import { oauth2Errors } from '../oauth2.errors.ts';
import { claimsWithin } from './bearer.ts';

/** Lets a token pass that is presented by whoever may, and says how its key was proven, if it has one: RFC 9449, section 7. Throws INVALID_TOKEN. */
export type RequireHolder = (token: string, call: Call) => Promise<Proven | undefined>;

/** The key that a token is bound to; undefined for one that anybody may use who has it. */
export function boundKeyOf(token: string): string | undefined {
  const { cnf } = claimsWithin(token);
  return typeof cnf === 'object' && cnf !== null && 'jkt' in cnf ? String(cnf.jkt) : undefined;
}

/** Creates the check: a bound token comes with a proof of its key for this very request, and never as a bearer. The token is one that we issued. */
export function createRequireHolder({ provenKey }: { provenKey: ProvenKey }): RequireHolder {
  return async (token, call) => {
    const bound = boundKeyOf(token);
    const isByKey = /^DPoP /i.test(call.headers.authorization ?? '');
    if (bound === undefined && !isByKey) return undefined;
    const proven = isByKey ? await provenKey(call, token).catch(unlessInvalid) : undefined;
    if (bound === undefined || proven?.jkt !== bound) throw oauth2Errors.INVALID_TOKEN({ scheme: 'DPoP' });
    return proven;
  };
}

function unlessInvalid(error: unknown): undefined {
  if (!oauth2Errors.INVALID_DPOP_PROOF.is(error)) throw error;
  return undefined;
}
