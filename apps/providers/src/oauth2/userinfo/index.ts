/** Tells a client who its access token stands for: OpenID Connect Core, section 5.3. */

import type { providers } from '@postern/proto';
import type { Call } from '@postern/rpc';
import type { OAuth2Client } from '../../clients/index.ts';
import { bearerOf, claimsWithin, type FindLiveToken } from '../access/index.ts';
import type { ClaimsEvaluator } from '../claims/index.ts';
import { oauth2Errors } from '../oauth2.errors.ts';
import type { People } from '../ports.ts';

export type UserInfoDeps = {
  readonly findLiveToken: FindLiveToken;
  /** By the key of the provider. */
  readonly clientOf: (tenant: string, provider: number) => Promise<OAuth2Client | undefined>;
  readonly people: People;
  readonly claims: ClaimsEvaluator;
};

/** Answers with claims; `sub` is the one of the token. Throws INVALID_TOKEN and INSUFFICIENT_SCOPE. */
export type UserInfo = (
  request: providers.GetUserInfoRequest,
  call: Call,
) => Promise<Readonly<Record<string, unknown>>>;

/** Creates the user info endpoint. */
export function createUserInfo({ findLiveToken, clientOf, people, claims }: UserInfoDeps): UserInfo {
  return async (request, call) => {
    const { tenant } = call.context;
    const bearer = bearerOf(request, call);
    const token = await findLiveToken(bearer, call);
    if (!token) throw oauth2Errors.INVALID_TOKEN();
    const { scopes, grant } = token;
    if (!scopes.includes('openid')) throw oauth2Errors.INSUFFICIENT_SCOPE({ scope: 'openid' });
    const [client, person] = await Promise.all([
      clientOf(tenant, grant.provider),
      people.find(tenant, grant.user, call),
    ]);
    if (!client || !person?.is_active) throw oauth2Errors.INVALID_TOKEN();
    const attributes = () => people.attributes(tenant, person.pk, call);
    const evaluated = await claims(client, scopes, { person, attributes }, call);
    call.response.header('cache-control', 'no-store');
    call.response.header('pragma', 'no-cache');
    return { ...evaluated.claims, sub: claimsWithin(bearer).sub };
  };
}
