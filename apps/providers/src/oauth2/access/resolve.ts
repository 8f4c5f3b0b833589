import type { Database } from '@postern/database';
import { common } from '@postern/errors';
import type { providers } from '@postern/proto';
import type { Call } from '@postern/rpc';
import type { Clock } from '../ports.ts';
import { findLiveToken } from './bearer.ts';

/** Creates the answer to the login service: whom an access token stands for, and how far it goes. */
export function createResolveAccessToken({ db, clock }: { db: Database; clock: Clock }) {
  return async (
    { token }: providers.ResolveAccessTokenRequest,
    call: Call,
  ): Promise<providers.ResolveAccessTokenResponse> => {
    const found = await db.read(call.context, (em) => findLiveToken(em, token, clock.now()));
    if (!found) throw common.NOT_FOUND();
    const { key, grant, scopes, expires } = found;
    const { user, session = '' } = grant;
    return { token: key, user, scopes: [...scopes], expires: expires.toISOString(), session };
  };
}
