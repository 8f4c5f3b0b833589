/** Key pairs of clients in tests, and what they sign. */

import { randomUUID } from 'node:crypto';
import { exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';

/** A key pair: its public half as a key set holds it, and what signs with the other. */
export async function aClientKey(kid: string, alg = 'ES256') {
  const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true });
  const jwk: JWK = { ...(await exportJWK(publicKey)), kid, alg };
  return {
    jwk: { ...jwk },
    sign: (claims: Record<string, unknown>, header: Record<string, unknown> = {}) =>
      new SignJWT(claims).setProtectedHeader({ alg, kid, ...header }).sign(privateKey),
  };
}

/** Seconds since 1970. */
export const secondsOf = (date: Date) => Math.floor(date.getTime() / 1000);

/** Claims of an assertion that a client makes for the token endpoint of the tests. */
export function assertionClaims(clientId: string, now: Date): Record<string, unknown> {
  const at = secondsOf(now);
  const aud = 'https://id.example/application/o/token/';
  return { iss: clientId, sub: clientId, aud, jti: randomUUID(), iat: at, exp: at + 60 };
}
