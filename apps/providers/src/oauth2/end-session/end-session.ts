import type { Database } from '@postern/database';
import { common } from '@postern/errors';
import type { providers } from '@postern/proto';
import type { Call } from '@postern/rpc';
import type { Clients, OAuth2Client } from '../../clients/index.ts';
import { subjectOf } from '../claims/index.ts';
import { framesOf } from '../logout/index.ts';
import { oauth2Errors } from '../oauth2.errors.ts';
import type { Clock, People, Sessions } from '../ports.ts';
import type { PublishedKeys } from '../signing/index.ts';
import { createFarewells, type Farewells, farewellPage, frameAddress } from './farewell.ts';
import { subjectOfHint } from './hint.ts';

export type EndSessionDeps = {
  readonly db: Database;
  readonly clients: Clients;
  readonly people: People;
  readonly sessions: Pick<Sessions, 'end'>;
  readonly publishedKeys: PublishedKeys;
  /** The installation's secrets: pages that tell other clients are signed with the first. */
  readonly secrets: readonly string[];
  readonly clock: Clock;
};

/** What the endpoint answers: an address to go to, or a page. */
export type EndSessionAnswer =
  | { readonly kind: 'redirect'; readonly url: string }
  | { readonly kind: 'page'; readonly html: string; readonly policy: string };

/** What the endpoint is asked, however it is asked. */
export type EndSessionQuestion = Pick<
  providers.EndSessionRequest,
  'application_slug' | 'id_token_hint' | 'post_logout_redirect_uri' | 'state' | 'client_id'
>;

/** The ways to end a session. All throw NOT_FOUND and CLIENT_ID_INVALID. */
export type EndSession = {
  /** A link of a client. */
  byLink(request: providers.EndSessionRequest, call: Call): Promise<EndSessionAnswer>;
  /** A form of a client, which carries no cookies: the same as a link, which does. */
  byForm(request: providers.EndSessionRequest): string;
  /** The person says so on a page of ours. Answers with the address to go to. */
  confirmed(request: EndSessionQuestion, call: Call): Promise<string>;
};

/**
 * Creates the end-session endpoint. Whoever brings an id token of the person who is signed in is believed, and the session ends at once; everybody
 * else gets the page that asks: a link on another site must not sign people out (section 2 of the standard).
 */
export function createEndSession(deps: EndSessionDeps): EndSession {
  const farewells = createFarewells(deps.secrets);
  const now = () => deps.clock.now();
  return {
    async byLink(request, call) {
      const farewell = request.farewell === '' ? undefined : farewells.open(request.farewell, now());
      if (farewell) return { kind: 'page', ...farewellPage(farewell) };
      const { client, keys } = await findClient(request, call, deps);
      const { principal } = call.context;
      if (principal.kind !== 'user')
        return { kind: 'redirect', url: afterwards(request, client) ?? pageOf(request, call) };
      const hint = request.id_token_hint;
      const subject = hint === '' ? undefined : await subjectOfHint(hint, client, keys);
      const isTheirs = subject !== undefined && (await isSubject(subject, principal.user.pk, client, call, deps));
      if (!isTheirs) return { kind: 'redirect', url: pageOf(request, call) };
      return { kind: 'redirect', url: await end(request, client, call, { ...deps, farewells }) };
    },
    byForm: ({ application_slug, farewell: _farewell, ...parameters }) => {
      const given = Object.entries(parameters).filter(([, value]) => value !== '');
      return `/application/o/${application_slug}/end-session/?${new URLSearchParams(given)}`;
    },
    async confirmed(request, call) {
      const { client } = await findClient(request, call, deps);
      return end(request, client, call, { ...deps, farewells });
    },
  };
}

/** The client of the address; one that the request names besides has to be the same (section 2). */
async function findClient(request: EndSessionQuestion, { context }: Call, deps: EndSessionDeps) {
  const { db, clients, publishedKeys, clock } = deps;
  const found = await db.read({ tenant: context.tenant }, async (em) => {
    const client = await clients.findBySlug(em, request.application_slug);
    return client && { client, keys: await publishedKeys.list(em, client, clock.now()) };
  });
  if (!found) throw common.NOT_FOUND();
  const { client_id } = request;
  if (client_id !== '' && client_id !== found.client.clientId) throw oauth2Errors.CLIENT_ID_INVALID();
  return found;
}

async function isSubject(subject: string, user: number, client: OAuth2Client, call: Call, { people }: EndSessionDeps) {
  const person = await people.find(call.context.tenant, user, call);
  return person !== undefined && subjectOf(client, person) === subject;
}

/** Ends the session of the caller; answers with where to go, by way of a page where other clients want to hear of it by the browser. */
async function end(
  request: EndSessionQuestion,
  client: OAuth2Client,
  call: Call,
  { db, sessions, farewells, clock }: EndSessionDeps & { farewells: Farewells },
): Promise<string> {
  const { tenant, principal } = call.context;
  const session = principal.kind === 'service' ? undefined : principal.session;
  const to = afterwards(request, client) ?? `/if/session-end/${request.application_slug}/`;
  if (session === undefined) return to;
  const frames = await db.read({ tenant }, (em) => framesOf(em, session));
  await sessions.end(tenant, session, call);
  if (frames.length === 0) return to;
  const farewell = farewells.seal({ frames: frames.map(frameAddress), to }, clock.now());
  return `/application/o/${request.application_slug}/end-session/?${new URLSearchParams({ farewell })}`;
}

/** The page that asks the person, and passes what the client asked on to the answer. */
function pageOf({ application_slug }: EndSessionQuestion, { context }: Call): string {
  const { query } = context.client;
  return `/if/session-end/${application_slug}/${query === '' ? '' : `?${query}`}`;
}

/** Section 3: back to the client only where it registered for that, character by character. */
function afterwards(
  { post_logout_redirect_uri: uri, state }: EndSessionQuestion,
  { settings }: OAuth2Client,
): string | undefined {
  if (uri === '' || !settings.postLogoutRedirectUris.includes(uri)) return undefined;
  return state === '' ? uri : `${uri}${uri.includes('?') ? '&' : '?'}${new URLSearchParams({ state })}`;
}
