/** Ends the session of the browser for a client: OpenID Connect RP-Initiated Logout. */

import type { Database } from '@postern/database';
import { common } from '@postern/errors';
import type { providers } from '@postern/proto';
import type { Call } from '@postern/rpc';
import type { Clients, OAuth2Client } from '../../clients/index.ts';
import { matchesRedirectUri } from '../../providers/index.ts';
import { subjectOf } from '../claims/index.ts';
import type { Clock, People, Sessions } from '../ports.ts';
import type { PublishedKeys } from '../signing/index.ts';
import { subjectOfHint } from './hint.ts';

export { subjectOfHint } from './hint.ts';

export type EndSessionDeps = {
  readonly db: Database;
  readonly clients: Clients;
  readonly people: People;
  readonly sessions: Pick<Sessions, 'end'>;
  readonly publishedKeys: PublishedKeys;
  readonly clock: Clock;
};

/** Answers with the address to send the browser to. Throws NOT_FOUND. */
export type EndSession = (request: providers.EndSessionRequest, call: Call) => Promise<string>;

/**
 * Creates the end-session endpoint. Whoever brings an id token of the person who is signed in is believed, and the session ends at once; everybody
 * else gets the page that asks: a link on another site must not sign people out (section 2 of the standard).
 */
export function createEndSession(deps: EndSessionDeps): EndSession {
  const { db, clients, publishedKeys, sessions, clock } = deps;
  return async (request, call) => {
    const { tenant, principal } = call.context;
    const found = await db.read({ tenant }, async (em) => {
      const client = await clients.findBySlug(em, request.application_slug);
      return client && { client, keys: await publishedKeys.list(em, client, clock.now()) };
    });
    if (!found) throw common.NOT_FOUND();
    const { client, keys } = found;
    const subject = request.id_token_hint === '' ? undefined : await subjectOfHint(request.id_token_hint, client, keys);
    if (subject === undefined) return askingPage(request, call);
    if (principal.kind === 'user') {
      if (!(await isSubject(subject, principal.user.pk, client, call, deps))) return askingPage(request, call);
      if (principal.session !== undefined) await sessions.end(tenant, principal.session, call);
    }
    return afterwards(request, client) ?? `/if/session-end/${request.application_slug}/`;
  };
}

async function isSubject(subject: string, user: number, client: OAuth2Client, call: Call, { people }: EndSessionDeps) {
  const person = await people.find(call.context.tenant, user, call);
  return person !== undefined && subjectOf(client, person) === subject;
}

function askingPage({ application_slug }: providers.EndSessionRequest, { context }: Call): string {
  const { query } = context.client;
  return `/if/session-end/${application_slug}/${query === '' ? '' : `?${query}`}`;
}

/** Section 3: back to the client only where it is registered. */
function afterwards(
  { post_logout_redirect_uri, state }: providers.EndSessionRequest,
  { redirectUris }: OAuth2Client,
): string | undefined {
  const uri = post_logout_redirect_uri;
  if (uri === '' || !matchesRedirectUri(redirectUris, uri)) return undefined;
  return state === '' ? uri : `${uri}${uri.includes('?') ? '&' : '?'}${new URLSearchParams({ state })}`;
}
