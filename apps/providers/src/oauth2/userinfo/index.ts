/** Tells a client who its access token stands for: OpenID Connect Core, section 5.3. */

import type { Database } from '@postern/database';
import type { providers } from '@postern/proto';
import type { Call } from '@postern/rpc';
import type { Clients } from '../../clients/index.ts';
import { bearerOf, claimsWithin, findLiveToken } from '../access/index.ts';
import type { ClaimsEvaluator } from '../claims/index.ts';
import { oauth2Errors } from '../oauth2.errors.ts';
import type { Clock, People } from '../ports.ts';

export type UserInfoDeps = {
  readonly db: Database;
  readonly clients: Clients;
  readonly people: People;
  readonly claims: ClaimsEvaluator;
  readonly clock: Clock;
};

/** Answers with claims; `sub` is the one of the token. Throws INVALID_TOKEN and INSUFFICIENT_SCOPE. */
export type UserInfo = (
  request: providers.GetUserInfoRequest,
  call: Call,
) => Promise<Readonly<Record<string, unknown>>>;

/** Creates the user info endpoint. */
export function createUserInfo({ db, clients, people, claims, clock }: UserInfoDeps): UserInfo {
  return async (request, call) => {
    const { tenant } = call.context;
    const bearer = bearerOf(request, call);
    const found = await db.read({ tenant }, async (em) => {
      const token = await findLiveToken(em, bearer, clock.now());
      const client = token && (await clients.find(em, token.grant.provider));
      return token && client && { token, client };
    });
    if (!found) throw oauth2Errors.INVALID_TOKEN();
    const { scopes, grant } = found.token;
    if (!scopes.includes('openid')) throw oauth2Errors.INSUFFICIENT_SCOPE({ scope: 'openid' });
    const person = await people.find(tenant, grant.user, call);
    if (!person?.is_active) throw oauth2Errors.INVALID_TOKEN();
    const attributes = () => people.attributes(tenant, person.pk, call);
    const evaluated = await claims(found.client, scopes, { person, attributes });
    call.response.header('cache-control', 'no-store');
    call.response.header('pragma', 'no-cache');
    return { ...evaluated.claims, sub: claimsWithin(bearer).sub };
  };
}
