/** Tells a client about a token of its own: RFC 7662. */

import type { providers } from '@postern/proto';
import type { Call } from '@postern/rpc';
import type { OAuth2Client } from '../../clients/index.ts';
import { claimsWithin, type FindLiveToken } from '../access/index.ts';
import type { Clock, People } from '../ports.ts';
import type { ClientAuthenticator } from '../token/index.ts';
import { hashOf, type StoredRefreshToken, type TokenLookups } from '../tokens/index.ts';
import { ACR } from '../vocabulary.ts';

export type IntrospectionDeps = {
  readonly findLiveToken: FindLiveToken;
  readonly lookups: Pick<TokenLookups, 'refresh'>;
  readonly authenticate: ClientAuthenticator;
  readonly people: Pick<People, 'find'>;
  readonly clock: Clock;
};

/** Answers with what a token carries, or that it is not active. Throws INVALID_CLIENT. */
export type Introspection = (
  request: providers.IntrospectTokenRequest,
  call: Call,
) => Promise<Readonly<Record<string, unknown>>>;

/** RFC 7662, section 2.2: of a token that is unknown, over or somebody else's nothing is said. */
const INACTIVE = { active: false } as const;

/** Creates the introspection endpoint. Its callers always have a secret: it tells about people. */
export function createIntrospection(deps: IntrospectionDeps): Introspection {
  const { findLiveToken, lookups, authenticate, people, clock } = deps;
  /** A deactivated person has no tokens that are worth anything, whether or not they are revoked yet. */
  const isServed = async (user: number, call: Call) =>
    (await people.find(call.context.tenant, user, call))?.is_active === true;
  return async (request, call) => {
    call.response.header('cache-control', 'no-store');
    const client = await authenticate(request, { allowsPublic: false }, call);
    if (request.token === '') return INACTIVE;
    const access = await findLiveToken(request.token, call);
    if (access?.grant.provider === client.pk && (await isServed(access.grant.user, call)))
      return { ...claimsWithin(request.token), ...standing(client, access.scopes) };
    const refresh = access ? undefined : await lookups.refresh(call.context, hashOf(request.token), call.signal);
    if (!refresh || refresh.grant.provider !== client.pk) return INACTIVE;
    if (refresh.isUsed || refresh.grant.isRevoked || refresh.expires <= clock.now()) return INACTIVE;
    if (!(await isServed(refresh.grant.user, call))) return INACTIVE;
    return { ...refreshClaims(client, refresh), ...standing(client, refresh.grant.scopes) };
  };
}

function standing({ clientId }: OAuth2Client, scopes: readonly string[]) {
  return { active: true, scope: scopes.join(' '), client_id: clientId };
}

function refreshClaims({ clientId }: OAuth2Client, { issuer, subject, issued, expires, grant }: StoredRefreshToken) {
  const seconds = (date: Date) => Math.floor(date.getTime() / 1000);
  return {
    iss: issuer,
    sub: subject,
    aud: clientId,
    exp: seconds(expires),
    iat: seconds(issued),
    auth_time: seconds(grant.authTime),
    acr: ACR,
  };
}
