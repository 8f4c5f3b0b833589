/** Tells a client who its access token stands for: OpenID Connect Core, section 5.3. */

import type { providers } from '@postern/proto';
import type { Call } from '@postern/rpc';
import { maySignBy } from '../../client-settings/index.ts';
import type { OAuth2Client } from '../../clients/index.ts';
import { bearerOf, claimsWithin, type FindLiveToken, type RequireHolder } from '../access/index.ts';
import type { ClaimsEvaluator } from '../claims/index.ts';
import { oauth2Errors } from '../oauth2.errors.ts';
import { welcomeOrigin } from '../origins/index.ts';
import type { People } from '../ports.ts';
import { sign, userInfoSignerOf } from '../signing/index.ts';
import type { FindClient } from '../token/index.ts';

export type UserInfoDeps = {
  readonly findLiveToken: FindLiveToken;
  readonly requireHolder: RequireHolder;
  /** By the key of the provider. */
  readonly clientOf: (tenant: string, provider: number) => Promise<OAuth2Client | undefined>;
  readonly findClient: FindClient;
  readonly people: People;
  readonly claims: ClaimsEvaluator;
  readonly issuerOf: (client: OAuth2Client, call: Call) => string;
};

/** Answers with claims, or a token of them where the client wants one; `sub` is the one of the token. Throws INVALID_TOKEN and INSUFFICIENT_SCOPE. */
export type UserInfo = (
  request: providers.GetUserInfoRequest,
  call: Call,
) => Promise<Readonly<Record<string, unknown>> | string>;

/** Creates the user info endpoint. */
export function createUserInfo(deps: UserInfoDeps): UserInfo {
  const { findLiveToken, requireHolder, clientOf, people, claims, issuerOf } = deps;
  return async (request, call) => {
    const { tenant } = call.context;
    const bearer = bearerOf(request, call);
    const token = await findLiveToken(bearer, call);
    if (call.headers.origin !== undefined) await welcomePage(bearer, token?.grant.provider, call, deps);
    if (!token) throw oauth2Errors.INVALID_TOKEN();
    const proven = await requireHolder(bearer, call);
    const { scopes, grant } = token;
    if (!scopes.includes('openid')) throw oauth2Errors.INSUFFICIENT_SCOPE({ scope: 'openid' });
    const [client, person] = await Promise.all([
      clientOf(tenant, grant.provider),
      people.find(tenant, grant.user, call),
    ]);
    if (!client || !person?.is_active) throw oauth2Errors.INVALID_TOKEN();
    if (proven && !maySignBy(client.settings, proven.alg)) throw oauth2Errors.INVALID_TOKEN({ scheme: 'DPoP' });
    const attributes = () => people.attributes(tenant, person.pk, call);
    const evaluated = await claims(client, scopes, { person, attributes }, call);
    call.response.header('cache-control', 'no-store');
    call.response.header('pragma', 'no-cache');
    const shown = { ...evaluated.claims, sub: claimsWithin(bearer).sub };
    const alg = client.settings.userinfoSignedResponseAlg;
    if (alg === '') return shown;
    const named = { ...shown, iss: issuerOf(client, call), aud: client.clientId };
    return sign(named, userInfoSignerOf(client, alg));
  };
}

/** Whoever holds a token that is over has to be able to read that it is: the client that it names is believed for this alone. */
async function welcomePage(
  bearer: string,
  provider: number | undefined,
  call: Call,
  { clientOf, findClient }: UserInfoDeps,
): Promise<void> {
  const { tenant } = call.context;
  const client =
    provider === undefined ? await findClient(tenant, clientWithin(bearer)) : await clientOf(tenant, provider);
  if (client) welcomeOrigin(client, call);
}

function clientWithin(bearer: string): string {
  try {
    const { azp } = claimsWithin(bearer);
    // RFC 6749, appendix A.1: nothing else is a name.
    return typeof azp === 'string' && /^[\x20-\x7e]{1,255}$/.test(azp) ? azp : '';
  } catch {
    return '';
  }
}
