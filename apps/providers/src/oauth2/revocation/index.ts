/** Lets a client give back a token of its own: RFC 7009. */

import type { Database } from '@postern/database';
import type { providers } from '@postern/proto';
import type { Call } from '@postern/rpc';
import type { Clock } from '../ports.ts';
import type { ClientAuthenticator } from '../token/index.ts';
import { deleteAccessToken, findAccessToken, findRefreshToken, hashOf, revokeGrant } from '../tokens/index.ts';

export type RevocationDeps = {
  readonly db: Database;
  readonly authenticate: ClientAuthenticator;
  readonly clock: Clock;
};

/** Revokes a token. One that is unknown, or somebody else's, is left alone without a word. Throws INVALID_CLIENT. */
export type Revocation = (request: providers.RevokeTokenRequest, call: Call) => Promise<void>;

/** Creates the revocation endpoint. A refresh token takes its whole family along (RFC 7009, section 2.1). */
export function createRevocation({ db, authenticate, clock }: RevocationDeps): Revocation {
  return async (request, call) => {
    const client = await authenticate(request, { allowsPublic: true }, call);
    const hash = hashOf(request.token);
    await db.write(call.context, async (em) => {
      const access = await findAccessToken(em, hash);
      if (access?.grant.provider === client.pk) return deleteAccessToken(em, hash);
      const refresh = access ? undefined : await findRefreshToken(em, hash);
      if (refresh?.grant.provider === client.pk) await revokeGrant(em, refresh.grant.pk, clock.now());
    });
  };
}
