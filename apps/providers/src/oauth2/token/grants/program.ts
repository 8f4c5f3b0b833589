import { newId } from '@postern/database';
import type { Fact } from '@postern/messaging';
import type { Call } from '@postern/rpc';
import type { OAuth2Client } from '../../../clients/index.ts';
import { grantedScopes } from '../../authorize/index.ts';
import type { Grant } from '../../tokens/index.ts';
import type { Redemption, TokenRequest } from '../grant.ts';
import { narrowedAudience, scopesWithoutPerson } from '../scopes.ts';

/** Who a program turned out to be. */
export type Program = {
  readonly user: number;
  /** What to tell when it gets its tokens. */
  readonly facts?: readonly Fact[];
  /** What policies may look at besides. */
  readonly policyContext?: Readonly<Record<string, unknown>>;
};

/** Nobody, and somebody has to know why. */
export type NoProgram = { readonly reported: Fact };

/**
 * One way in which a program shows who it is; undefined for a request that does not try it. Throws the errors of RFC 6749, section 5.2.
 */
export type ProgramProof = (ticket: TokenRequest, call: Call) => Promise<Program | NoProgram | undefined>;

/** Tokens for a program: a grant of its own, no session, and never a refresh token (RFC 6749, section 4.4.3). */
export function tokensFor(
  { request, client, now }: TokenRequest,
  { user, facts = [], ...program }: Program,
): Redemption {
  const scopes = scopesWithoutPerson(request.scope, (asked) => grantedScopes(client, asked));
  // Nothing was granted before: the program names the resources it means, and without a name the client itself is meant.
  const audience =
    request.resource.length === 0 ? undefined : narrowedAudience(request.resource, client.settings.resources);
  return {
    kind: 'granted',
    grant: grantOf(client, user, scopes, now),
    isNewGrant: true,
    scopes,
    audience,
    policyContext: { oauth_code_verifier: request.code_verifier, ...program.policyContext },
    facts,
  };
}

function grantOf(client: OAuth2Client, user: number, scopes: readonly string[], now: Date): Grant {
  return { pk: newId(), provider: client.pk, user, scopes, authTime: now, amr: [], isRevoked: false };
}
