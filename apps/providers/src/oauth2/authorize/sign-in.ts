import type { Database } from '@postern/database';
import type { Call } from '@postern/rpc';
import type { Clock, Flows, Random } from '../ports.ts';
import type { Authorization } from './authorization.ts';
import { insertPushed } from './pushed-request.repository.ts';

/** What sending somebody to sign in needs. */
export type SignInDeps = {
  readonly db: Database;
  readonly flows: Flows;
  readonly random: Random;
  readonly clock: Clock;
};

const AUTHORIZE = '/application/o/authorize/';
/** How long somebody may take to sign in, in seconds. */
const LIFETIME = 3_600;
/** Longest query that is carried along; a longer one waits here. */
const LONGEST = 2_000;

/** Where somebody signs in, to come back to this request: the flow of the provider, else that of the brand. It knows which application they want. */
export async function signInFor(authorization: Authorization, call: Call, deps: SignInDeps): Promise<string> {
  const { client, visitor } = authorization;
  const { application, authenticationFlow: own } = client;
  const request = {
    ...(own === undefined ? { designation: 'authentication' } : { pk: own }),
    session: visitor.session ?? '',
    context: {
      application: application && { pk: application.pk, name: application.name, slug: application.slug },
      consent_header: `You're about to sign into ${application?.name ?? client.name}.`,
      consent_permissions: [],
      is_sso: false,
      login_hint: authorization.parameters.loginHint ?? '',
      prompts: [],
      max_age: undefined,
    },
    next: await comingBack(authorization, call, deps),
  };
  const path = await deps.flows.start(visitor.tenant, request, call);
  return `${path}${shown(authorization)}`;
}

/** The query of a flow's page: what the request asked with, where it came in one, and the languages it wants. */
export function pageQuery({ parameters }: Authorization, { context }: Call): string {
  const { query } = context.client;
  return isWhole(query) ? `?${query}` : shown({ parameters });
}

/** Whether a query is the request, and stands for no other one. */
function isWhole(query: string): boolean {
  return query !== '' && !/(?:^|&)request(?:_uri)?=/.test(query);
}

/** What a page takes up of a request: the languages, and the name to begin with. */
function shown({ parameters: { uiLocales, loginHint } }: Pick<Authorization, 'parameters'>): string {
  const taken = { ...(uiLocales && { ui_locales: uiLocales }), ...(loginHint && { login_hint: loginHint }) };
  const query = new URLSearchParams(taken).toString();
  return query === '' ? '' : `?${query}`;
}

/**
 * The way back to this request. What was pushed, and used up by coming here, waits under a new address; so does what asks for a sign-in, with the time
 * at which it was asked, so that the person who comes back is not asked again.
 */
async function comingBack(
  { client, parameters, provenance, request, started }: Authorization,
  call: Call,
  { db, random, clock }: SignInDeps,
): Promise<string> {
  const { query } = call.context.client;
  const { prompts, maxAge } = parameters;
  const asksSignIn = prompts.includes('login') || prompts.includes('select_account') || maxAge !== undefined;
  if (isWhole(query) && !asksSignIn && query.length <= LONGEST) return `${AUTHORIZE}?${query}`;
  const since = started.toISOString();
  const kept = { request, provenance: { ...provenance, since }, provider: client.pk, lifetime: LIFETIME };
  const request_uri = await db.write(call.context, (em) =>
    insertPushed(em, { ...kept, secret: random.text(32), now: clock.now() }),
  );
  return `${AUTHORIZE}?${new URLSearchParams({ client_id: client.clientId, request_uri })}`;
}
