import type { Database } from '@postern/database';
import { common } from '@postern/errors';
import type { auth, providers } from '@postern/proto';
import type { Call } from '@postern/rpc';
import type { OAuth2Client } from '../../clients/index.ts';
import type { Clock, Flows, Random, Sessions } from '../ports.ts';
import type { FindClient } from '../token/index.ts';
import type { Gate } from '../tokens/index.ts';
import { errorRedirect } from './answer.ts';
import type { Authorization, PendingAuthorization, Visitor } from './authorization.ts';
import { consentPermissions } from './consent.ts';
import { parseParameters, queryOf } from './parameters.ts';
import { insertRequest } from './request.repository.ts';
import { challengeMethodOf } from './steps/check-pkce.ts';
import { checkRedirectUri } from './steps/check-redirect-uri.ts';
import { grantedScopes } from './steps/check-scope.ts';
import { findClient } from './steps/find-client.ts';
import { stepsOf } from './steps.ts';

/** What the authorization endpoint needs. */
export type AuthorizeDeps = {
  readonly db: Database;
  readonly findClient: FindClient;
  readonly flows: Flows;
  readonly gate: Gate;
  readonly sessions: Pick<Sessions, 'find'>;
  readonly issuerOf: (client: OAuth2Client, call: Call) => string;
  readonly random: Random;
  readonly clock: Clock;
};

/** Answers with the address to send the browser to. */
export type Authorize = (request: providers.AuthorizeRequest, call: Call) => Promise<string>;

/** Creates the authorization endpoint: RFC 6749, section 4.1.1. What it decides is one row of `oauth2_request`; the flow does the rest. */
export function createAuthorize(deps: AuthorizeDeps): Authorize {
  const { gate, sessions, issuerOf, clock } = deps;
  return async (request, call) => {
    const authorization = await identify(request, call, deps);
    const { parameters, client } = authorization;
    const tools = { gate, sessions, now: clock.now(), call };
    for (const step of stepsOf('authorize')) {
      const outcome = await step(authorization, tools);
      if (outcome?.kind === 'redirect') return outcome.url;
      if (!outcome) continue;
      const destination = { ...parameters, issuer: issuerOf(client, call) };
      return errorRedirect(destination, outcome.error, outcome.description);
    }
    return startFlow(authorization, call, deps);
  };
}

/** Everything that must be proven before an error may travel back to the client. */
async function identify(request: providers.AuthorizeRequest, call: Call, deps: AuthorizeDeps): Promise<Authorization> {
  const { tenant, client: from } = call.context;
  const query = from.method === 'POST' || from.query === '' ? queryOf(request) : from.query;
  if (query === '') throw common.NOT_FOUND();
  const parameters = parseParameters(request);
  const client = await findClient(parameters, (clientId) => deps.findClient(tenant, clientId));
  checkRedirectUri(parameters, client);
  const scopes = grantedScopes(client, parameters.scopes);
  return { parameters, client, visitor: visitorOf(call), scopes, here: `/application/o/authorize/?${query}` };
}

function visitorOf({ context: { tenant, principal } }: Call): Visitor {
  if (principal.kind === 'service') return { tenant };
  const user = principal.kind === 'user' && principal.session !== undefined ? principal.user.pk : undefined;
  return { tenant, session: principal.session, user };
}

/** Lets the person pass the flow of the client. Nothing is issued until it is done. */
async function startFlow(authorization: Authorization, call: Call, deps: AuthorizeDeps): Promise<string> {
  const { client, visitor, here } = authorization;
  const { db, flows, random, clock } = deps;
  const reference = random.uuid();
  const details = pendingOf(authorization, call, deps);
  await db.write(call.context, (em) => insertRequest(em, reference, { provider: client.pk, details }, clock.now()));
  const request = {
    pk: client.authorizationFlow,
    authentication_flow: client.authenticationFlow,
    session: visitor.session ?? '',
    context: contextOf(authorization),
    completion: { service: 'providers', reference },
  };
  const path = await flows.start(visitor.tenant, request, call);
  return `${path}${here.slice(here.indexOf('?'))}`;
}

function contextOf({ client, scopes, parameters }: Authorization): auth.FlowContext {
  const { application } = client;
  const { prompts, maxAge, loginHint = '' } = parameters;
  return {
    application: application && { pk: application.pk, name: application.name, slug: application.slug },
    consent_header: `You're about to sign into ${application?.name ?? client.name}.`,
    consent_permissions: consentPermissions(client, scopes),
    is_sso: true,
    login_hint: loginHint,
    prompts: [...prompts],
    max_age: maxAge === undefined ? undefined : { seconds: maxAge, nanos: 0 },
  };
}

function pendingOf(
  { parameters, client, visitor, scopes }: Authorization,
  call: Call,
  { issuerOf, clock }: AuthorizeDeps,
): PendingAuthorization {
  const { responseType, mode, redirectUri, state, nonce, challenge, prompts, maxAge } = parameters;
  const { address, userAgent, host, path } = call.context.client;
  const challengeMethod = challenge === undefined ? undefined : challengeMethodOf(parameters);
  return {
    ...{ responseType, mode, redirectUri, scopes, state, nonce, challenge, challengeMethod, prompts, maxAge },
    session: visitor.session ?? '',
    issuer: issuerOf(client, call),
    started: clock.now().toISOString(),
    from: { address, user_agent: userAgent, host, path },
  };
}
