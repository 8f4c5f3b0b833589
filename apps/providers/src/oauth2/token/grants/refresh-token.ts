import { oauth2Errors } from '../../oauth2.errors.ts';
import { refreshTokenReused } from '../../oauth2.events.ts';
import { findRefreshToken, hashOf, useUp } from '../../tokens/index.ts';
import type { GrantHandler } from '../grant.ts';

/**
 * RFC 6749, section 6, with rotation: RFC 9700, section 4.14.2. A refresh token works once; a used one that comes back means that two parties
 * hold it, so that the whole family ends.
 */
export const redeemRefreshToken: GrantHandler = async ({ request, client, now }, em) => {
  if (request.refresh_token === '') throw oauth2Errors.INVALID_GRANT();
  const hash = hashOf(request.refresh_token);
  const token = await findRefreshToken(em, hash);
  if (!token || token.grant.provider !== client.pk) throw oauth2Errors.INVALID_GRANT();
  const { grant } = token;
  const reused = refreshTokenReused(client, grant);
  if (token.isUsed) return { kind: 'reused', grant, reused };
  if (grant.isRevoked || token.expires <= now) throw oauth2Errors.INVALID_GRANT();
  return {
    kind: 'granted',
    grant,
    scopes: narrowed(request.scope, grant.scopes),
    withRefreshToken: true,
    claim: (writer, at) => useUp(writer, 'oauth2_refresh_token', hash, at),
    reused,
  };
};

/** A client may ask for less than it was granted, for this access token. Throws INVALID_SCOPE when it asks for more. */
function narrowed(asked: string, granted: readonly string[]): readonly string[] {
  const scopes = [...new Set(asked.split(' ').filter(Boolean))];
  if (scopes.some((scope) => !granted.includes(scope))) throw oauth2Errors.INVALID_SCOPE();
  return scopes.length === 0 ? granted : scopes;
}
