import { createSecretKey, type KeyObject } from 'node:crypto';
import { compactVerify, decodeProtectedHeader, importJWK } from 'jose';
import type { OAuth2Client } from '../../clients/index.ts';

/**
 * The subject of an id token that was issued to this client, expired or not; undefined for anything else, a logout token or an access token of the
 * same client above all: OpenID Connect RP-Initiated Logout, section 2, `id_token_hint`.
 *
 * @param keys the public keys that the client's tokens were signed with
 */
export async function subjectOfHint(
  hint: string,
  { clientId, clientSecret, signingKey }: OAuth2Client,
  keys: readonly Readonly<Record<string, unknown>>[],
): Promise<string | undefined> {
  const candidates = await Promise.all(keys.map((jwk) => importJWK(jwk)));
  const isSymmetric = !signingKey && clientSecret !== '';
  const all = isSymmetric ? [...candidates, createSecretKey(clientSecret, 'utf8')] : candidates;
  for (const key of all) {
    const claims = await read(hint, key);
    if (claims?.aud === clientId && typeof claims.sub === 'string') return claims.sub;
  }
  return undefined;
}

/** Claims that no id token of ours has: those of logout tokens (Back-Channel Logout, section 2.4) and of access tokens. */
const OTHERS = ['events', 'uid'];

async function read(
  token: string,
  key: Awaited<ReturnType<typeof importJWK>> | KeyObject,
): Promise<Readonly<Record<string, unknown>> | undefined> {
  try {
    const { payload } = await compactVerify(token, key);
    const claims: Readonly<Record<string, unknown>> = JSON.parse(Buffer.from(payload).toString());
    const { typ = 'JWT' } = decodeProtectedHeader(token);
    return typ === 'JWT' && !OTHERS.some((name) => name in claims) ? claims : undefined;
  } catch {
    return undefined;
  }
}
