import { compactVerify, decodeProtectedHeader } from 'jose';
import { type ClientSettings, type JsonObject, maySignBy } from '../../client-settings/index.ts';
import type { OAuth2Client } from '../../clients/index.ts';
import { candidates, keysOf, readKey, SIGNING_ALGS } from './key-set.ts';
import type { RemoteKeys } from './remote-keys.ts';

/** A token that somebody signed. */
export type Signed = { readonly header: JsonObject; readonly claims: JsonObject };

/** Longest token that is looked at. */
const MAX_LENGTH = 16_384;
/** Keys that are tried for a token that names none. */
const MAX_TRIES = 5;

/** The header of a compact token whose algorithm is one of those allowed; undefined for anything else. */
export function headerOf(token: string): { alg: string; kid?: string; typ?: string } | undefined {
  if (token.length > MAX_LENGTH) return undefined;
  try {
    const { alg = '', kid, typ, crit } = decodeProtectedHeader(token);
    const isKnown = SIGNING_ALGS.some((each) => each === alg) && crit === undefined;
    return isKnown ? { alg, ...(kid === undefined ? {} : { kid }), ...(typ === undefined ? {} : { typ }) } : undefined;
  } catch {
    return undefined;
  }
}

/** Verifies a token by one of these keys; undefined when none of them fits. Nothing is said about what the claims mean. */
export async function verifyBy(keys: readonly JsonObject[], token: string): Promise<Signed | undefined> {
  const header = headerOf(token);
  if (!header) return undefined;
  for (const jwk of candidates(keys, header).slice(0, MAX_TRIES)) {
    const key = await readKey(jwk, header.alg);
    const claims = key && (await claimsBy(key, token));
    if (claims) return { header: { ...header }, claims };
  }
  return undefined;
}

async function claimsBy(key: Parameters<typeof compactVerify>[1], token: string): Promise<JsonObject | undefined> {
  try {
    const { payload } = await compactVerify(token, key, { algorithms: [...SIGNING_ALGS] });
    const claims: unknown = JSON.parse(Buffer.from(payload).toString());
    return typeof claims === 'object' && claims !== null && !Array.isArray(claims) ? { ...claims } : undefined;
  } catch {
    return undefined;
  }
}

/** What a client signed with a key of its own; undefined for anything else. */
export type VerifyOfClient = (client: OAuth2Client, token: string) => Promise<Signed | undefined>;

/** Creates the check: the keys of the client's settings, or those that it publishes, which are read again for one that is not among them. */
export function createVerifyOfClient({ remoteKeys }: { remoteKeys: RemoteKeys }): VerifyOfClient {
  return async ({ settings }, token) => {
    const { jwks, jwksUri } = settings;
    if (!isSignedWell(settings, token)) return undefined;
    if (jwks !== undefined) return verifyBy(keysOf(jwks), token);
    if (jwksUri === '') return undefined;
    const verified = await verifyBy(await remoteKeys.find(jwksUri), token);
    return verified ?? verifyBy(await remoteKeys.refresh(jwksUri), token);
  };
}

/** Nothing is fetched for a token that no key could save. */
function isSignedWell(settings: ClientSettings, token: string): boolean {
  const header = headerOf(token);
  return header !== undefined && maySignBy(settings, header.alg);
}
