import { oauth2Errors } from '../../oauth2.errors.ts';
import { refreshTokenReused } from '../../oauth2.events.ts';
import { hashOf, type TokenLookups } from '../../tokens/index.ts';
import type { GrantHandler } from '../grant.ts';
import { narrowedAudience, narrowedScopes } from '../scopes.ts';
import { requireSameKey } from './same-key.ts';

/**
 * RFC 6749, section 6, with rotation: RFC 9700, section 4.14.2. A refresh token works once; a used one that comes back means that two parties
 * hold it, so that the whole family ends.
 */
export function createRedeemRefreshToken({ lookups }: { lookups: Pick<TokenLookups, 'refresh'> }): GrantHandler {
  return {
    async redeem({ request, client, proven, now }, call) {
      if (request.refresh_token === '') throw oauth2Errors.INVALID_GRANT();
      const hash = hashOf(request.refresh_token);
      const token = await lookups.refresh(call.context, hash, call.signal);
      if (!token || token.grant.provider !== client.pk) throw oauth2Errors.INVALID_GRANT();
      const { grant } = token;
      const reused = refreshTokenReused(client, grant);
      if (token.isUsed) return { kind: 'reused', grant, reused };
      if (grant.isRevoked || token.expires <= now) throw oauth2Errors.INVALID_GRANT();
      requireSameKey(token.jkt, proven);
      return {
        kind: 'granted',
        grant,
        scopes: narrowedScopes(request.scope, grant.scopes),
        tokens: { refresh: true },
        audience: narrowedAudience(request.resource, grant.resources),
        uses: hash,
        reused,
      };
    },
  };
}
