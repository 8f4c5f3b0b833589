import { createSecretKey } from 'node:crypto';
import type { Database } from '@postern/database';
import type { Call } from '@postern/rpc';
import { compactVerify, importJWK } from 'jose';
import type { JsonObject } from '../../client-settings/index.ts';
import type { OAuth2Client } from '../../clients/index.ts';
import { claimsWithin, type FindLiveToken } from '../access/index.ts';
import type { Clock } from '../ports.ts';
import type { PublishedKeys } from '../signing/index.ts';
import { findGrantOfSession, type Grant } from '../tokens/index.ts';
import { TOKEN_TYPES } from './token-types.ts';

/** A token of ours that somebody presents, and what it stands for. */
export type PresentedToken = {
  readonly grant: Grant;
  readonly scopes: readonly string[];
  readonly expires: Date;
  readonly claims: JsonObject;
};

export type PresentedTokenDeps = {
  readonly db: Pick<Database, 'read'>;
  readonly findLiveToken: FindLiveToken;
  readonly publishedKeys: Pick<PublishedKeys, 'list'>;
  readonly clock: Clock;
};

/** Reads a token that a client presents. Undefined for one that is not ours, is over, or is not for this client. */
export type ReadPresented = (
  token: string,
  type: string,
  client: OAuth2Client,
  call: Call,
) => Promise<PresentedToken | undefined>;

/** Creates the reader: RFC 8693, section 2.1. Foreign tokens are none of ours. */
export function createReadPresented(deps: PresentedTokenDeps): ReadPresented {
  return async (token, type, client, call) => {
    if (type === TOKEN_TYPES.id) return identityToken(token, client, call, deps);
    return type === TOKEN_TYPES.access || type === TOKEN_TYPES.jwt ? accessToken(token, client, call, deps) : undefined;
  };
}

/** An access token that was issued to the client, or for it: what application A holds is nothing to B. */
async function accessToken(token: string, client: OAuth2Client, call: Call, { findLiveToken }: PresentedTokenDeps) {
  const found = token === '' ? undefined : await findLiveToken(token, call);
  if (!found) return undefined;
  const claims = claimsWithin(token);
  const isTheirs = found.grant.provider === client.pk || [claims.aud].flat().includes(client.clientId);
  return isTheirs ? { ...found, claims } : undefined;
}

/** An id token of the client: it stands for what the person granted in the session that it names. */
async function identityToken(token: string, client: OAuth2Client, call: Call, deps: PresentedTokenDeps) {
  const { db, publishedKeys, clock } = deps;
  const now = clock.now();
  const keys = await db.read(call.context, (em) => publishedKeys.list(em, client, now));
  const claims = await claimsOf(token, client, keys);
  const { aud, sid, exp } = claims ?? {};
  if (!claims || aud !== client.clientId || typeof sid !== 'string' || typeof exp !== 'number') return undefined;
  // An access token is signed by the same key: only one of the two has a nonce, a session or a hash of the other.
  const expires = new Date(exp * 1000);
  if (expires <= now || 'azp' in claims || 'uid' in claims) return undefined;
  const grant = await db.read(call.context, (em) => findGrantOfSession(em, client.pk, sid));
  return grant && { grant, scopes: grant.scopes, expires, claims };
}

async function claimsOf(
  token: string,
  { signingKey, clientSecret }: OAuth2Client,
  keys: readonly JsonObject[],
): Promise<JsonObject | undefined> {
  const isSymmetric = !signingKey && clientSecret !== '';
  const secrets = isSymmetric ? [createSecretKey(clientSecret, 'utf8')] : [];
  const published = await Promise.all(keys.map((jwk) => importJWK({ ...jwk, kty: String(jwk.kty) })));
  for (const key of [...secrets, ...published]) {
    const claims = await read(token, key);
    if (claims) return claims;
  }
  return undefined;
}

async function read(token: string, key: Parameters<typeof compactVerify>[1]): Promise<JsonObject | undefined> {
  try {
    const { payload, protectedHeader } = await compactVerify(token, key);
    // Logout tokens and the like have a type of their own.
    if (protectedHeader.typ !== 'JWT') return undefined;
    return JSON.parse(Buffer.from(payload).toString());
  } catch {
    return undefined;
  }
}
