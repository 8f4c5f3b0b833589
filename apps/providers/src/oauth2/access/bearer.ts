import type { EntityManager } from '@postern/database';
import type { Call } from '@postern/rpc';
import { oauth2Errors } from '../oauth2.errors.ts';
import { findAccessToken, hashOf, type StoredAccessToken } from '../tokens/index.ts';

/** The token of a request: RFC 6750, section 2.1, else the parameter of sections 2.2 and 2.3. Throws INVALID_TOKEN without one. */
export function bearerOf({ access_token }: { access_token: string }, { headers }: Pick<Call, 'headers'>): string {
  const [, token = access_token] = /^Bearer +(\S+)$/i.exec(headers.authorization ?? '') ?? [];
  if (token === '') throw oauth2Errors.INVALID_TOKEN();
  return token;
}

/** A token that is known, has not expired and is not revoked; undefined for any other. */
export async function findLiveToken(
  em: EntityManager,
  token: string,
  now: Date,
): Promise<StoredAccessToken | undefined> {
  const found = await findAccessToken(em, hashOf(token));
  return found && !found.grant.isRevoked && found.expires > now ? found : undefined;
}

/** The claims within an access token. It is one that we issued, unchanged: its hash is known. */
export function claimsWithin(token: string): Readonly<Record<string, unknown>> {
  const [, payload = ''] = token.split('.');
  return JSON.parse(Buffer.from(payload, 'base64url').toString());
}
