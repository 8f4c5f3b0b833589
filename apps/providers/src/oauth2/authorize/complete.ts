import type { Database } from '@postern/database';
import { common } from '@postern/errors';
import { actorOf, type EventContext, type Outbox } from '@postern/messaging';
import type { auth, directory } from '@postern/proto';
import type { Call } from '@postern/rpc';
import { v7 } from 'uuid';
import type { Clients, OAuth2Client } from '../../clients/index.ts';
import { applicationAuthorized } from '../oauth2.events.ts';
import type { Clock, Random } from '../ports.ts';
import { type Gate, hashOf, insertCode, insertGrant, type SessionIds } from '../tokens/index.ts';
import { type AuthorizationErrorCode, OFFLINE_SCOPE, responseKind } from '../vocabulary.ts';
import { type Answer, codeAnswer, errorAnswer } from './answer.ts';
import type { PendingAuthorization } from './authorization.ts';
import { findRequest, takeRequest } from './request.repository.ts';
import { policyContext } from './steps/check-access.ts';
import { isFresh } from './steps/check-sign-in-age.ts';

export type CompleteDeps = {
  readonly db: Database;
  readonly outbox: Outbox;
  readonly clients: Clients;
  readonly gate: Gate;
  readonly sessionIdOf: SessionIds;
  readonly random: Random;
  readonly clock: Clock;
};

/** Goes on after the flow. */
export type CompleteAuthorization = (request: auth.CompleteRequest, call: Call) => Promise<auth.CompleteResponse>;

/** How far the clocks of two services may differ, in milliseconds. */
const LEEWAY_MS = 5_000;

type SignedIn = {
  session: string;
  user: directory.UserFacts;
  /** Who really is signed in, while they act as the user. */
  impersonator: directory.UserFacts | undefined;
  authTime: Date;
  amr: readonly string[];
};

/** Creates what answers the client when the flow is done: a code, or why there is none. */
export function createComplete(deps: CompleteDeps): CompleteAuthorization {
  const { db, clients, clock } = deps;
  return async ({ reference, session }, call) => {
    const { tenant } = call.context;
    const found = await db.read({ tenant }, async (em) => {
      const request = await findRequest(em, reference, clock.now());
      const client = request && (await clients.find(em, request.provider));
      return request && client && { ...request, client };
    });
    if (!found) throw common.NOT_FOUND();
    const { details, client } = found;
    const signedIn = signedInOf(session);
    if (!isTheirs(details, signedIn)) throw common.NOT_FOUND();
    const problem = await problemOf({ details, client, signedIn }, call, deps);
    const answer = problem
      ? await refuse({ reference, details, problem }, call, deps)
      : await accept({ reference, details, client, signedIn }, call, deps);
    return encode(answer, client);
  };
}

/** Throws NOT_FOUND for a session that nobody is signed in to: a flow that is done always has one. */
function signedInOf(facts: auth.SessionFacts | undefined): SignedIn {
  if (!facts?.user || facts.auth_time === undefined) throw common.NOT_FOUND();
  const { session, user, impersonator, auth_time, amr } = facts;
  return { session, user, impersonator, authTime: new Date(auth_time), amr };
}

/** The flow ends in the session it began in, or in one that somebody signed in to on the way. */
function isTheirs({ session, started }: PendingAuthorization, signedIn: SignedIn): boolean {
  return signedIn.session === session || signedIn.authTime.getTime() + LEEWAY_MS >= new Date(started).getTime();
}

type Pending = { details: PendingAuthorization; client: OAuth2Client; signedIn: SignedIn };
type Problem = { readonly error: AuthorizationErrorCode; readonly description: string };

/** The person who passed the flow need not be the one who began it: everything is asked again. */
async function problemOf(
  { details, client, signedIn }: Pending,
  call: Call,
  deps: CompleteDeps,
): Promise<Problem | undefined> {
  const { prompts, maxAge, started } = details;
  const begun = new Date(started);
  const isOld = signedIn.authTime.getTime() + LEEWAY_MS < begun.getTime();
  const isStale = maxAge !== undefined && !isFresh(new Date(signedIn.authTime.getTime() + LEEWAY_MS), maxAge, begun);
  if ((prompts.includes('login') && isOld) || isStale)
    return { error: 'login_required', description: 'The Authorization Server requires End-User authentication' };
  const parameters = { ...details, clientId: client.clientId, kind: responseKind(details.responseType) };
  const context = policyContext({ parameters, scopes: details.scopes });
  // The session was read by the service that asks, a moment ago.
  const answer = await deps.gate({ tenant: call.context.tenant, client, user: signedIn.user.pk, context }, call);
  if (answer.kind === 'open') return undefined;
  return { error: 'access_denied', description: 'The resource owner or authorization server denied the request' };
}

async function refuse(
  { reference, details, problem }: { reference: string; details: PendingAuthorization; problem: Problem },
  call: Call,
  { db }: CompleteDeps,
): Promise<Answer> {
  const isTaken = await db.write(call.context, (em) => takeRequest(em, reference));
  if (!isTaken) throw common.NOT_FOUND();
  return errorAnswer(details, problem.error, problem.description);
}

/** Issues the code: RFC 6749, section 4.1.2. Only its hash is stored. */
async function accept(
  { reference, details, client, signedIn }: Pending & { reference: string },
  call: Call,
  { db, outbox, random, clock, sessionIdOf }: CompleteDeps,
): Promise<Answer> {
  const code = random.text(32);
  const { scopes, nonce, redirectUri, challenge, challengeMethod } = details;
  const { user, impersonator, session, authTime, amr } = signedIn;
  // Nothing that somebody got as somebody else outlives their session.
  const isOffline = scopes.includes(OFFLINE_SCOPE) && impersonator === undefined;
  const login = { givenIn: session, sid: sessionIdOf(session, client.pk), issuer: details.issuer };
  const grant = { pk: v7(), provider: client.pk, user: user.pk, scopes, authTime, amr, nonce, ...login };
  const issued = await db.write(call.context, async (em) => {
    if (!(await takeRequest(em, reference))) return undefined;
    const now = clock.now();
    const expires = new Date(now.getTime() + client.accessCodeValidity * 1000);
    await insertGrant(em, isOffline ? grant : { ...grant, session }, now);
    const token = { hash: hashOf(code), grant: grant.pk, issued: now, expires };
    await insertCode(em, { ...token, redirectUri, challenge, challengeMethod });
    await outbox.record(em, contextOf(details, signedIn, call), applicationAuthorized(client, user, scopes));
    return code;
  });
  if (issued === undefined) throw common.NOT_FOUND();
  return codeAnswer(details, issued);
}

/** The person authorized the application, in the request that started it; the service that calls only passes it on. */
function contextOf({ from }: PendingAuthorization, { user, impersonator }: SignedIn, { context }: Call): EventContext {
  const actor = actorOf({ kind: 'user', user, impersonator, via: 'session' });
  const { tenant, requestId } = context;
  return { tenant, requestId, actor, client: { ...from, method: 'GET', query: {} } };
}

function encode(answer: Answer, { application, name }: OAuth2Client): auth.CompleteResponse {
  if (answer.kind === 'redirect') return { redirect: answer.url };
  const title = `Redirecting to ${application?.name ?? name}...`;
  return { form_post: { url: answer.url, attrs: { ...answer.fields }, title } };
}
