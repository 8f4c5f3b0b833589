import type { Call } from '@postern/rpc';
import { oauth2Errors } from '../oauth2.errors.ts';
import type { Clock } from '../ports.ts';
import { hashOf, type StoredAccessToken, type TokenLookups } from '../tokens/index.ts';

/** The token of a request: RFC 6750, section 2.1, and RFC 9449, section 7.1, else the parameter of sections 2.2 and 2.3. Throws INVALID_TOKEN without one. */
export function bearerOf({ access_token }: { access_token: string }, { headers }: Pick<Call, 'headers'>): string {
  const [, token = access_token] = /^(?:Bearer|DPoP) +(\S+)$/i.exec(headers.authorization ?? '') ?? [];
  if (token === '') throw oauth2Errors.INVALID_TOKEN();
  return token;
}

/** Finds a token that is known, has not expired and is not revoked; undefined for any other. */
export type FindLiveToken = (
  token: string,
  call: Pick<Call, 'context' | 'signal'>,
) => Promise<StoredAccessToken | undefined>;

/** Creates the finder of tokens that are worth something now. */
export function createFindLiveToken({
  lookups,
  clock,
}: {
  lookups: Pick<TokenLookups, 'access'>;
  clock: Clock;
}): FindLiveToken {
  return async (token, { context, signal }) => {
    const found = await lookups.access(context, hashOf(token), signal);
    return found && !found.grant.isRevoked && found.expires > clock.now() ? found : undefined;
  };
}

/** The claims within an access token. It is one that we issued, unchanged: its hash is known. */
export function claimsWithin(token: string): Readonly<Record<string, unknown>> {
  const [, payload = ''] = token.split('.');
  return JSON.parse(Buffer.from(payload, 'base64url').toString());
}
