import type { Database } from '@postern/database';
import { oauth2Errors } from '../../oauth2.errors.ts';
import { codeReused, redirectUriMismatched } from '../../oauth2.events.ts';
import { findCode, hashOf, useUp } from '../../tokens/index.ts';
import type { GrantHandler } from '../grant.ts';
import { narrowedAudience } from '../scopes.ts';
import { checkVerifier } from './pkce.ts';
import { requireSameKey } from './same-key.ts';

/** RFC 6749, section 4.1.3: a code is redeemed once, by the client and for the address that it was issued for. */
export function createRedeemCode({ db }: { db: Pick<Database, 'read'> }): GrantHandler {
  return {
    async redeem({ request, client, proven, now }, call) {
      if (request.code === '') throw oauth2Errors.INVALID_GRANT();
      const hash = hashOf(request.code);
      const code = await db.read(call.context, (em) => findCode(em, hash));
      if (!code || code.grant.provider !== client.pk) throw oauth2Errors.INVALID_GRANT();
      const { grant } = code;
      const reused = codeReused(client, grant);
      // RFC 6749, section 4.1.2: a second use revokes what the first one gave, however late it comes.
      if (code.isUsed && !grant.isRevoked) return { kind: 'reused', grant, reused };
      if (code.isUsed || grant.isRevoked || code.expires <= now) throw oauth2Errors.INVALID_GRANT();
      if (request.redirect_uri !== code.redirectUri)
        return { kind: 'reported', fact: redirectUriMismatched(client, request.redirect_uri) };
      checkVerifier(client, code, request.code_verifier);
      requireSameKey(code.jkt, proven);
      return {
        kind: 'granted',
        grant,
        scopes: grant.scopes,
        tokens: { refresh: true },
        audience: narrowedAudience(request.resource, grant.resources),
        policyContext: { oauth_code_verifier: request.code_verifier },
        claim: (writer, at) => useUp(writer, 'oauth2_code', hash, at),
        reused,
      };
    },
  };
}
