import type { Database } from '@postern/database';
import type { auth } from '@postern/proto';
import type { Call } from '@postern/rpc';
import type { OAuth2Client } from '../../clients/index.ts';
import type { Clock, Flows, Random, Sessions } from '../ports.ts';
import { type Answer, errorAnswer } from './answer.ts';
import type { Authorization, PendingAuthorization } from './authorization.ts';
import type { Conclusion } from './conclude.ts';
import { consentPermissions } from './consent.ts';
import { signedInOf } from './passed.ts';
import { pendingOf } from './pending.ts';
import { insertRequest } from './request.repository.ts';
import { pageQuery } from './sign-in.ts';
import type { StepTools } from './step.ts';
import { mustSignInAgain } from './steps/check-sign-in-age.ts';
import { expectedSubjects } from './steps/check-subject.ts';

/** What going on with an authorization needs. */
export type OnwardDeps = {
  readonly db: Database;
  readonly flows: Flows;
  readonly sessions: Pick<Sessions, 'find'>;
  readonly conclude: Conclusion;
  readonly issuerOf: (client: OAuth2Client, call: Call) => string;
  readonly random: Random;
  readonly clock: Clock;
};

/** Goes on with an authorization that passed every step: to the flow of the client, or past it where nobody may be asked. */
export async function onward(authorization: Authorization, tools: StepTools, deps: OnwardDeps): Promise<Answer> {
  const subjects = await expectedSubjects(authorization, tools);
  const expected = subjects === 'malformed' ? [] : subjects;
  const details = pendingOf(authorization, expected, tools.call, deps.issuerOf);
  return authorization.parameters.prompts.includes('none')
    ? pass(authorization, details, tools.call, deps)
    : start(authorization, details, tools, deps);
}

/** Lets the person pass the flow of the client. Nothing is issued until it is done. */
async function start(
  authorization: Authorization,
  details: PendingAuthorization,
  tools: StepTools,
  { db, flows, random, clock }: OnwardDeps,
): Promise<Answer> {
  const { client, visitor } = authorization;
  const { call } = tools;
  const again = await mustSignInAgain(authorization, tools);
  const reference = random.uuid();
  await db.write(call.context, (em) => insertRequest(em, reference, { provider: client.pk, details }, clock.now()));
  const completion = { service: 'providers', reference };
  const path = await flows.start(visitor.tenant, { ...requestOf(authorization, again), completion }, call);
  return { kind: 'redirect', url: `${path}${pageQuery(authorization, call)}` };
}

/** `prompt=none`: OpenID Connect Core, section 3.1.2.1. No page is shown, and none of ours is gone through. */
async function pass(
  authorization: Authorization,
  details: PendingAuthorization,
  call: Call,
  { flows, sessions, conclude }: OnwardDeps,
): Promise<Answer> {
  const { client, visitor } = authorization;
  const { passed, asks } = await flows.pass(visitor.tenant, requestOf(authorization, false), call);
  if (!passed) {
    const error = asks === 'consent' ? 'consent_required' : 'interaction_required';
    return errorAnswer(details, error, 'The Authorization Server requires End-User interaction');
  }
  const facts = await sessions.find(visitor.tenant, visitor.session ?? '', call);
  const signedIn = signedInOf(facts);
  const answer = signedIn && (await conclude({ details, client, signedIn, claim: async () => true }, call));
  return answer ?? errorAnswer(details, 'login_required', 'The Authorization Server requires End-User authentication');
}

function requestOf(authorization: Authorization, again: boolean): Partial<auth.StartFlowRequest> {
  const { client, visitor } = authorization;
  return {
    pk: client.authorizationFlow,
    authentication_flow: client.authenticationFlow,
    session: visitor.session ?? '',
    context: contextOf(authorization, again),
  };
}

function contextOf({ client, scopes, parameters }: Authorization, again: boolean): auth.FlowContext {
  const { application } = client;
  const { prompts, loginHint = '' } = parameters;
  return {
    application: application && { pk: application.pk, name: application.name, slug: application.slug },
    consent_header: `You're about to sign into ${application?.name ?? client.name}.`,
    consent_permissions: consentPermissions(client, scopes),
    is_sso: true,
    login_hint: loginHint,
    prompts: [...(again ? ['login'] : []), ...prompts.filter((prompt) => prompt === 'consent' || prompt === 'none')],
    max_age: undefined,
  };
}
