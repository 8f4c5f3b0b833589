import { createHash } from 'node:crypto';
import { withoutReserved } from '../claims/index.ts';
import type { Signer } from '../signing/index.ts';
import { ACR } from '../vocabulary.ts';

/** What a token is about: OpenID Connect Core, section 2. */
export type TokenFacts = {
  readonly issuer: string;
  readonly subject: string;
  readonly audience: string | readonly string[];
  readonly issued: Date;
  readonly expires: Date;
  readonly authTime: Date;
  readonly amr: readonly string[];
  /** Of the code beside it. */
  readonly cHash?: string;
  readonly nonce?: string;
  /** Of the access token beside it. */
  readonly atHash?: string;
  /** What the client calls the session: OpenID Connect Front-Channel Logout, section 3. */
  readonly sid?: string;
};

/** The claims of a token, in the order that the contract gives them. Claims of mappings come last. */
export function claimSet(facts: TokenFacts, mapped: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const { issuer, subject, audience, issued, expires, authTime, amr, cHash, nonce, atHash, sid } = facts;
  return {
    iss: issuer,
    sub: subject,
    aud: audience,
    exp: seconds(expires),
    iat: seconds(issued),
    auth_time: seconds(authTime),
    acr: ACR,
    ...(amr.length === 0 ? {} : { amr }),
    ...(cHash === undefined ? {} : { c_hash: cHash }),
    ...(nonce === undefined ? {} : { nonce }),
    ...(atHash === undefined ? {} : { at_hash: atHash }),
    ...(sid === undefined ? {} : { sid }),
    ...withoutReserved(mapped),
  };
}

/** Left half of the token's digest: OpenID Connect Core, section 3.1.3.6. */
export function halfHash(token: string, { alg }: Pick<Signer, 'alg'>): string {
  const digest = createHash(`sha${alg.slice(2)}`)
    .update(token, 'ascii')
    .digest();
  return digest.subarray(0, digest.length / 2).toString('base64url');
}

function seconds(date: Date): number {
  return Math.floor(date.getTime() / 1000);
}
