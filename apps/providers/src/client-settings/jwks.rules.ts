import { createPublicKey } from 'node:crypto';
import type { JsonObject } from './client-settings.ts';

const MAX_KEYS = 50;
const MAX_BYTES = 64 * 1024;
/** Members that only private and symmetric keys have: RFC 7518, sections 6.2.2, 6.3.2 and 6.4.1. */
const PRIVATE = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'];
const KEY_TYPES = new Set(['RSA', 'EC', 'OKP']);

/** What is wrong with a key set that a client brings: it holds public keys, each readable, and no other. Undefined for a good one. */
export function keySetError(set: JsonObject): string | undefined {
  if (JSON.stringify(set).length > MAX_BYTES) return `The key set is longer than ${MAX_BYTES} bytes.`;
  const keys: unknown = set.keys;
  if (!Array.isArray(keys) || keys.length === 0) return 'A key set has a list of "keys".';
  if (keys.length > MAX_KEYS) return `The key set has more than ${MAX_KEYS} keys.`;
  for (const [at, key] of keys.entries()) {
    const error = keyError(key);
    if (error !== undefined) return `Key ${at}: ${error}`;
  }
  return undefined;
}

function keyError(key: unknown): string | undefined {
  if (typeof key !== 'object' || key === null || Array.isArray(key)) return 'A key is an object.';
  const members: Record<string, unknown> = { ...key };
  if (PRIVATE.some((name) => name in members)) return 'Only public keys belong here.';
  if (!KEY_TYPES.has(String(members.kty))) return 'The type of the key ("kty") is not supported.';
  if (members.kid !== undefined && typeof members.kid !== 'string') return '"kid" is a text.';
  try {
    const { asymmetricKeyDetails } = createPublicKey({ key: members, format: 'jwk' });
    const bits = asymmetricKeyDetails?.modulusLength;
    return bits !== undefined && bits < 2048 ? 'An RSA key has at least 2048 bits.' : undefined;
  } catch {
    return 'The key cannot be read.';
  }
}
