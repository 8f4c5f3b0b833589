import type { Database } from '@postern/database';
import { common } from '@postern/errors';
import type { providers } from '@postern/proto';
import type { Call } from '@postern/rpc';
import type { OAuth2Client } from '../../clients/index.ts';
import { oauth2Errors } from '../oauth2.errors.ts';
import type { Random } from '../ports.ts';
import type { FindClient } from '../token/index.ts';
import { type Answer, errorAnswer } from './answer.ts';
import type { Authorization, Refusal, Visitor } from './authorization.ts';
import { titleOf } from './complete.ts';
import { type FormPage, formPage } from './form.page.ts';
import { type OnwardDeps, onward } from './onward.ts';
import { parseParameters } from './parameters.ts';
import { repeatedIn } from './request.ts';
import { type ResolveDeps, resolveRequest } from './resolve.ts';
import { signInFor } from './sign-in.ts';
import type { StepTools } from './step.ts';
import { checkRedirectUri } from './steps/check-redirect-uri.ts';
import { grantedScopes } from './steps/check-scope.ts';
import { findClient } from './steps/find-client.ts';
import { stepsOf } from './steps.ts';

/** What the authorization endpoint needs. */
export type AuthorizeDeps = ResolveDeps &
  OnwardDeps &
  Pick<StepTools, 'gate' | 'people' | 'subjectOfHint'> & {
    readonly db: Database;
    readonly findClient: FindClient;
    readonly random: Random;
  };

/** Where the browser goes, or a page that sends it there by a form. */
export type AuthorizeAnswer =
  | { readonly kind: 'redirect'; readonly url: string }
  | ({ readonly kind: 'page' } & FormPage);

/** Answers a browser. Throws what is shown as a page. */
export type Authorize = (request: providers.AuthorizeRequest, call: Call) => Promise<AuthorizeAnswer>;

/** Creates the authorization endpoint: RFC 6749, section 4.1.1. What it decides is one row of `oauth2_request`; the flow does the rest. */
export function createAuthorize(deps: AuthorizeDeps): Authorize {
  const { gate, sessions, people, subjectOfHint, issuerOf, clock, random } = deps;
  return async (request, call) => {
    const { authorization, problem } = await identify(request, call, deps);
    const { parameters, client } = authorization;
    const tools = { gate, sessions, people, subjectOfHint, now: clock.now(), call };
    const outcome = problem ?? (await firstOf(authorization, tools));
    if (outcome?.kind === 'sign_in') return { kind: 'redirect', url: await signInFor(authorization, call, deps) };
    const destination = { ...parameters, issuer: issuerOf(client, call) };
    const answer = outcome
      ? errorAnswer(destination, outcome.error, outcome.description)
      : await onward(authorization, tools, deps);
    return answered(answer, client, random.text(16));
  };
}

async function firstOf(authorization: Authorization, tools: StepTools) {
  for (const step of stepsOf('authorize')) {
    const outcome = await step(authorization, tools);
    if (outcome) return outcome;
  }
  return undefined;
}

/** Everything that must be proven before an error may travel back to the client. */
async function identify(
  given: providers.AuthorizeRequest,
  call: Call,
  deps: AuthorizeDeps,
): Promise<{ authorization: Authorization; problem?: Refusal }> {
  const { tenant, client: from } = call.context;
  const { query } = from;
  if (query === '') throw common.NOT_FOUND();
  const repeated = repeatedIn(query);
  if (repeated === 'client_id') throw oauth2Errors.CLIENT_ID_INVALID();
  if (repeated === 'redirect_uri') throw oauth2Errors.REDIRECT_URI_INVALID();
  const client = await findClient(given.client_id, (clientId) => deps.findClient(tenant, clientId));
  const { request, provenance, problem } = await resolveRequest(given, client, call, deps);
  const parameters = parseParameters(request, repeated);
  if (problem && parameters.redirectUri === '') throw oauth2Errors.REQUEST_INVALID({ message: problem.description });
  checkRedirectUri(parameters, client);
  const scopes = grantedScopes(client, parameters.scopes);
  const started = provenance.since === undefined ? deps.clock.now() : new Date(provenance.since);
  const visitor = visitorOf(call);
  const authorization = { parameters, client, visitor, scopes, provenance, request, started };
  return { authorization, ...(problem ? { problem } : {}) };
}

function visitorOf({ context: { tenant, principal } }: Call): Visitor {
  if (principal.kind === 'service') return { tenant };
  const user = principal.kind === 'user' && principal.session !== undefined ? principal.user.pk : undefined;
  return { tenant, session: principal.session, user };
}

function answered(answer: Answer, client: OAuth2Client, nonce: string): AuthorizeAnswer {
  if (answer.kind === 'redirect') return answer;
  return { kind: 'page', ...formPage(answer.url, answer.fields, titleOf(client), nonce) };
}
