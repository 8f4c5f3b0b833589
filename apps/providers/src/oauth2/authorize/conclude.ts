import type { Database } from '@postern/database';
import { actorOf, type EventContext, type Outbox } from '@postern/messaging';
import type { Call } from '@postern/rpc';
import { subjectOf } from '../claims/index.ts';
import { oauth2Errors } from '../oauth2.errors.ts';
import { clientMisconfigured } from '../oauth2.events.ts';
import type { Clock } from '../ports.ts';
import type { Gate } from '../tokens/index.ts';
import { responseKind } from '../vocabulary.ts';
import { type Answer, errorAnswer } from './answer.ts';
import { type PendingAuthorization, type Refusal, refused } from './authorization.ts';
import { type GiveDeps, give } from './give.ts';
import type { Passed, SignedIn } from './passed.ts';
import { policyContext } from './steps/check-access.ts';
import { isTooOld, LEEWAY_MS } from './steps/check-sign-in-age.ts';
import { notThem } from './steps/check-subject.ts';

export type ConclusionDeps = GiveDeps & {
  readonly db: Database;
  readonly outbox: Outbox;
  readonly gate: Gate;
  readonly clock: Clock;
};

/** Answers the client: with what it gets, or why there is none. Undefined when somebody else used the request up. */
export type Conclusion = (passed: Passed, call: Call) => Promise<Answer | undefined>;

/** Creates what ends an authorization, whoever passed its flow: they need not be the one who began it, so everything is asked again. */
export function createConclusion(deps: ConclusionDeps): Conclusion {
  const { db, outbox } = deps;

  async function refuse({ details, claim, ...who }: Passed, { error, description }: Refusal, call: Call) {
    const isTaken = await db.write(call.context, async (em) => {
      if (!(await claim(em))) return false;
      if (error === 'server_error')
        await outbox.record(em, contextOf(details, who.signedIn, call), clientMisconfigured(who.client, description));
      return true;
    });
    return isTaken ? errorAnswer(details, error, description) : undefined;
  }

  return async (passed, call) => {
    const problem = await problemOf(passed, call, deps);
    if (problem) return refuse(passed, problem, call);
    const { details, signedIn } = passed;
    try {
      return await give(passed, contextOf(details, signedIn, call), call, deps);
    } catch (error) {
      if (oauth2Errors.INVALID_GRANT.is(error)) return refuse(passed, DENIED, call);
      if (oauth2Errors.SERVER_ERROR.is(error)) return refuse(passed, refused('server_error', error.message), call);
      throw error;
    }
  };
}

const DENIED = refused('access_denied', 'The resource owner or authorization server denied the request');

async function problemOf(
  { details, client, signedIn, isDeclined }: Passed,
  call: Call,
  { gate }: ConclusionDeps,
): Promise<Refusal | undefined> {
  if (isDeclined) return DENIED;
  const { prompts, maxAge, started, subjects } = details;
  const authTime = new Date(signedIn.authTime.getTime() + LEEWAY_MS);
  const isAsked = prompts.includes('login') || prompts.includes('select_account');
  const oldest = isAsked ? 0 : maxAge;
  if (oldest !== undefined && isTooOld(authTime, oldest, new Date(started)))
    return refused('login_required', 'The Authorization Server requires End-User authentication');
  const parameters = { ...details, clientId: client.clientId, kind: responseKind(details.responseType), resources: [] };
  const context = policyContext({ parameters, scopes: details.scopes });
  // The session was read by the service that asks, a moment ago.
  const answer = await gate({ tenant: call.context.tenant, client, user: signedIn.user.pk, context }, call);
  if (answer.kind !== 'open') return DENIED;
  return subjects === undefined || subjects.includes(subjectOf(client, answer.person)) ? undefined : notThem();
}

/** The person authorized the application, in the request that started it; the service that calls only passes it on. */
function contextOf({ from }: PendingAuthorization, { user, impersonator }: SignedIn, { context }: Call): EventContext {
  const actor = actorOf({ kind: 'user', user, impersonator, via: 'session' });
  const { tenant, requestId } = context;
  return { tenant, requestId, actor, client: { ...from, method: 'GET', query: {} } };
}
