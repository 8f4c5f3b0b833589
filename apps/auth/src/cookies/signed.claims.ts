import { createHmac, createSecretKey, type KeyObject, timingSafeEqual } from 'node:crypto';

/** Signs and reads the claims of our own cookies. */
export type ClaimSigner = {
  /** A JWT (RFC 7519) of claims, signed with the first key. */
  sign(claims: object): string;
  /** The claims of a JWT that one of the keys signed, and nobody changed since; undefined for any other. Times in them are the reader's to judge. */
  open(token: string): Readonly<Record<string, unknown>> | undefined;
};

/** What we sign with, and nothing else: no token names its algorithm to us. */
const HEADER = Buffer.from('{"alg":"HS256","typ":"JWT"}').toString('base64url');
const MAC = /^[\w-]{43}$/;

/**
 * Creates the signer: HMAC with SHA-256 (RFC 7515, HS256) at once, where a library asks a thread for each. Every request of a browser reads one.
 *
 * @param keys the first signs, all verify; at least one
 */
export function createClaimSigner(keys: readonly Uint8Array[]): ClaimSigner {
  const [signing, ...others] = keys.map((key) => createSecretKey(key));
  if (signing === undefined) throw new TypeError('cookies need a secret');
  const all = [signing, ...others];
  return {
    sign(claims) {
      const signed = `${HEADER}.${Buffer.from(JSON.stringify(claims)).toString('base64url')}`;
      return `${signed}.${macOf(signing, signed).toString('base64url')}`;
    },
    open(token) {
      const [header, payload, mac, ...rest] = token.split('.');
      if (header !== HEADER || payload === undefined || mac === undefined || rest.length > 0) return undefined;
      // Exactly one text for each signature.
      if (!MAC.test(mac)) return undefined;
      const given = Buffer.from(mac, 'base64url');
      if (given.toString('base64url') !== mac) return undefined;
      const isOurs = all.some((key) => timingSafeEqual(given, macOf(key, `${header}.${payload}`)));
      return isOurs ? claimsIn(payload) : undefined;
    },
  };
}

function macOf(key: KeyObject, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

function claimsIn(payload: string): Readonly<Record<string, unknown>> | undefined {
  const claims: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString());
  return typeof claims === 'object' && claims !== null ? { ...claims } : undefined;
}
