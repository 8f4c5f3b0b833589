import { importJWK } from 'jose';
import type { JsonObject } from '../../client-settings/index.ts';

/** Algorithms that a client may sign with: RFC 7518, section 3.1, and RFC 8037. Nothing symmetric, and never `none`. */
export const SIGNING_ALGS = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
] as const;

/** A public key that is ready to verify. */
export type VerifyingKey = Exclude<Awaited<ReturnType<typeof importJWK>>, Uint8Array>;

const FAMILIES: Readonly<Record<string, readonly [type: string, curve?: string]>> = {
  ES256: ['EC', 'P-256'],
  ES384: ['EC', 'P-384'],
  ES512: ['EC', 'P-521'],
  EdDSA: ['OKP', 'Ed25519'],
};

/** The keys of a set that a token with this header may have been signed with: RFC 7517, sections 4.2 to 4.5. */
export function candidates(keys: readonly JsonObject[], { kid, alg }: { kid?: string; alg: string }): JsonObject[] {
  const [type, curve] = FAMILIES[alg] ?? ['RSA'];
  return keys.filter(
    (key) =>
      key.kty === type &&
      (curve === undefined || key.crv === curve) &&
      (kid === undefined || key.kid === kid) &&
      (key.alg === undefined || key.alg === alg) &&
      (key.use === undefined || key.use === 'sig'),
  );
}

/** Reads a public key. Undefined for one that cannot be read, is not public, or is too short. */
export async function readKey(jwk: JsonObject, alg: string): Promise<VerifyingKey | undefined> {
  if ('d' in jwk || 'k' in jwk || typeof jwk.kty !== 'string') return undefined;
  try {
    const key = await importJWK({ ...jwk, kty: jwk.kty }, alg);
    return key instanceof Uint8Array ? undefined : key;
  } catch {
    return undefined;
  }
}

/** The keys of a document; none of one that is no key set. */
export function keysOf(document: unknown): JsonObject[] {
  if (typeof document !== 'object' || document === null || !('keys' in document)) return [];
  const { keys } = document;
  return Array.isArray(keys) ? keys.filter(isObject) : [];
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
