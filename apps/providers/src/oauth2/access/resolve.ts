import { common } from '@postern/errors';
import type { providers } from '@postern/proto';
import type { Call } from '@postern/rpc';
import type { FindLiveToken } from './bearer.ts';
import { boundKeyOf } from './holder.ts';

/** Creates the answer to the login service: whom an access token stands for, and how far it goes. */
export function createResolveAccessToken({ findLiveToken }: { findLiveToken: FindLiveToken }) {
  return async (
    { token }: providers.ResolveAccessTokenRequest,
    call: Call,
  ): Promise<providers.ResolveAccessTokenResponse> => {
    const found = await findLiveToken(token, call);
    // Whoever asks shows no proof: a token that is bound to a key is none of those that open the API to anybody who has them.
    if (!found || boundKeyOf(token) !== undefined) throw common.NOT_FOUND();
    const { key, grant, scopes, expires } = found;
    const { user, session = '' } = grant;
    return { token: key, user, scopes: [...scopes], expires: expires.toISOString(), session };
  };
}
