import { createHash } from 'node:crypto';
import { calculateJwkThumbprint } from 'jose';
import type { JsonObject } from '../../client-settings/index.ts';
import { verifyBy } from '../client-keys/index.ts';
import { protectedHeaderOf } from './header.ts';

/** What a proof has to be for: RFC 9449, section 4.3. */
export type ProofTarget = {
  readonly method: string;
  /** Address of the request; query and fragment do not count. */
  readonly url: string;
  /** Access token that is presented with it. */
  readonly accessToken?: string;
};

/** A proof that holds. */
export type Proof = { readonly jkt: string; readonly alg: string; readonly id: string; readonly expires: Date };

/** How old a proof may be, and how far ahead the clock of a client, in milliseconds. */
const PAST_MS = 60_000;
const AHEAD_MS = 10_000;
const MAX_LENGTH = 8_192;

/** Checks a proof of possession; undefined for one that does not hold. Whether it was used before is not looked at. */
export async function readProof(token: string, target: ProofTarget, now: Date): Promise<Proof | undefined> {
  const header = token.length > MAX_LENGTH ? undefined : protectedHeaderOf(token);
  const { jwk } = header ?? {};
  if (header?.typ !== 'dpop+jwt' || !isKey(jwk) || 'd' in jwk || 'k' in jwk) return undefined;
  // The key is named by itself: no `kid` of the header says anything about it.
  const { kty, crv, x, y, e, n } = jwk;
  const verified = await verifyBy([{ kty, crv, x, y, e, n, kid: header.kid }], token);
  const checked = verified && (await check(verified.claims, jwk, target, now));
  return checked && { ...checked, alg: String(header.alg) };
}

async function check(
  { htm, htu, iat, jti, ath }: JsonObject,
  jwk: JsonObject,
  { method, url, accessToken }: ProofTarget,
  now: Date,
): Promise<Omit<Proof, 'alg'> | undefined> {
  if (htm !== method || typeof htu !== 'string' || !isSameAddress(htu, url)) return undefined;
  if (typeof iat !== 'number' || typeof jti !== 'string' || jti === '' || jti.length > 256) return undefined;
  const issued = iat * 1000;
  if (!(issued >= now.getTime() - PAST_MS && issued <= now.getTime() + AHEAD_MS)) return undefined;
  if (accessToken !== undefined && ath !== createHash('sha256').update(accessToken).digest('base64url'))
    return undefined;
  const jkt = await calculateJwkThumbprint({ ...jwk, kty: String(jwk.kty) });
  return { jkt, id: jti, expires: new Date(issued + PAST_MS + AHEAD_MS) };
}

/** RFC 9449, section 4.3: compared after the normalization of RFC 3986, without query and fragment. */
function isSameAddress(htu: string, url: string): boolean {
  if (!URL.canParse(htu) || !URL.canParse(url)) return false;
  const [claimed, actual] = [new URL(htu), new URL(url)];
  return claimed.origin === actual.origin && claimed.pathname === actual.pathname && claimed.username === '';
}

function isKey(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
