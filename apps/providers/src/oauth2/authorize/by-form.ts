import type { Database } from '@postern/database';
import { common } from '@postern/errors';
import type { providers } from '@postern/proto';
import type { Call } from '@postern/rpc';
import type { Clock, Random } from '../ports.ts';
import type { FindClient } from '../token/index.ts';
import { insertPushed } from './pushed-request.repository.ts';
import { queryOf, requestOf } from './request.ts';
import { findClient } from './steps/find-client.ts';

export type AuthorizeByFormDeps = {
  readonly db: Database;
  readonly findClient: FindClient;
  readonly random: Random;
  readonly clock: Clock;
};

/** Answers with the address to come back to by GET. */
export type AuthorizeByForm = (request: providers.AuthorizeRequest, call: Call) => Promise<string>;

const AUTHORIZE = '/application/o/authorize/';
/** Longest query that a browser is sent back with; a longer request waits here. */
const LONGEST = 6_000;
/** Seconds that it waits: the browser comes back at once. */
const LIFETIME = 60;

/**
 * Creates the authorization endpoint for forms: OpenID Connect Core, section 3.1.2.1 has both methods served. Any site may send a form, so nothing of the
 * session is looked at: the browser comes back by GET, which does what a link could do.
 */
export function createAuthorizeByForm(deps: AuthorizeByFormDeps): AuthorizeByForm {
  const { db, random, clock } = deps;
  return async (given, call) => {
    const query = queryOf(given);
    if (query === '') throw common.NOT_FOUND();
    const client = await findClient(given.client_id, (clientId) => deps.findClient(call.context.tenant, clientId));
    const isLong = query.length > LONGEST && given.request === '' && given.request_uri === '';
    if (!isLong) return `${AUTHORIZE}?${query}`;
    const kept = { request: requestOf(given), provenance: { isPushed: false, isSigned: false }, provider: client.pk };
    const request_uri = await db.write(call.context, (em) =>
      insertPushed(em, { ...kept, secret: random.text(32), now: clock.now(), lifetime: LIFETIME }),
    );
    return `${AUTHORIZE}?${new URLSearchParams({ client_id: client.clientId, request_uri })}`;
  };
}
