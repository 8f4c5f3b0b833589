/**
 * Tokens that are bound to a key of the client: RFC 9449. A proof holds for one request, once, for about a minute. Nonces of the server are not
 * asked for: proofs are used up in the database, which says as much.
 */

import type { Call } from '@postern/rpc';
import { type ClientSettings, maySignBy } from '../../client-settings/index.ts';
import { oauth2Errors } from '../oauth2.errors.ts';
import type { Once } from '../once/index.ts';
import type { Clock } from '../ports.ts';
import { readProof } from './proof.ts';

export { type Proof, type ProofTarget, readProof } from './proof.ts';

/** A key that a request proves to hold, and how the proof was signed. */
export type Proven = { readonly jkt: string; readonly alg: string };

/** The key that a request proves to hold; undefined for a request without a proof. Throws INVALID_DPOP_PROOF for a proof that does not hold. */
export type ProvenKey = (call: Call, accessToken?: string) => Promise<Proven | undefined>;

/** Lets a key pass that was proven as the client has to. Throws INVALID_DPOP_PROOF. */
export function requireSignedWell(settings: ClientSettings, proven: Proven | undefined): void {
  if (proven && !maySignBy(settings, proven.alg)) throw oauth2Errors.INVALID_DPOP_PROOF();
}

/** Creates the check of a request's `DPoP` header. The RPC has to ask for it (`forward_headers`). */
export function createProvenKey({ once, clock }: { once: Once; clock: Clock }): ProvenKey {
  return async ({ headers, context }, accessToken) => {
    const header = headers.dpop;
    if (header === undefined) return undefined;
    const { scheme, host, path, method } = context.client;
    const target = { method, url: `${scheme || 'https'}://${host}${path}`, accessToken };
    const proof = await readProof(header, target, clock.now());
    if (!proof) throw oauth2Errors.INVALID_DPOP_PROOF();
    const { jkt, alg, id, expires } = proof;
    if (!(await once(context.tenant, { kind: 'dpop', maker: jkt, id, expires })))
      throw oauth2Errors.INVALID_DPOP_PROOF();
    return { jkt, alg };
  };
}
