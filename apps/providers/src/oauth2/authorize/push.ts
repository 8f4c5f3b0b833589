import type { Database } from '@postern/database';
import type { providers } from '@postern/proto';
import type { Call } from '@postern/rpc';
import type { OAuth2Client } from '../../clients/index.ts';
import { type ProvenKey, requireSignedWell } from '../dpop/index.ts';
import { oauth2Errors } from '../oauth2.errors.ts';
import type { Random } from '../ports.ts';
import type { ClientAuthenticator } from '../token/index.ts';
import type { Authorization, Refusal } from './authorization.ts';
import { parseParameters } from './parameters.ts';
import { insertPushed } from './pushed-request.repository.ts';
import type { AuthorizationRequest } from './request.ts';
import { type ResolveDeps, resolveRequest } from './resolve.ts';
import type { StepTools } from './step.ts';
import { isRegistered } from './steps/check-redirect-uri.ts';
import { grantedScopes } from './steps/check-scope.ts';
import { stepsOf } from './steps.ts';

/** What taking pushed requests needs. */
export type PushDeps = ResolveDeps &
  Pick<StepTools, 'gate' | 'sessions' | 'people' | 'subjectOfHint'> & {
    readonly db: Database;
    readonly authenticate: ClientAuthenticator;
    readonly provenKey: ProvenKey;
    readonly random: Random;
  };

/** Takes an authorization request from its client: RFC 9126, section 2. */
export type PushAuthorization = (
  request: providers.PushAuthorizationRequest,
  call: Call,
) => Promise<providers.PushAuthorizationResponse>;

/** Seconds that a request waits for its browser: RFC 9126, section 2.2. */
const LIFETIME = 60;

/** Creates the endpoint. A client proves who it is as at the token endpoint, and learns at once what is wrong with its request. */
export function createPush(deps: PushDeps): PushAuthorization {
  const { db, authenticate, random, clock } = deps;
  return async (given, call) => {
    call.response.header('cache-control', 'no-store');
    const client = await authenticate(given, { allowsPublic: true }, call);
    if (given.request_uri !== '') throw oauth2Errors.INVALID_REQUEST();
    const own = { ...given, client_id: given.client_id === '' ? client.clientId : given.client_id };
    const { request: resolved, provenance, problem } = await resolveRequest(own, client, call, deps);
    if (problem) throw errorOf(problem);
    const request = await bound(resolved, client, call, deps);
    const parameters = parseParameters(request);
    if (!client.application) throw oauth2Errors.UNAUTHORIZED_CLIENT();
    const isOurs = parameters.clientId === client.clientId && isRegistered(parameters.redirectUri, client);
    if (!isOurs) throw oauth2Errors.INVALID_REQUEST();
    const scopes = grantedScopes(client, parameters.scopes);
    const visitor = { tenant: call.context.tenant };
    const kept = { ...provenance, isPushed: true };
    await check({ parameters, client, visitor, scopes, provenance: kept, request, started: clock.now() }, call, deps);
    const pushed = { provider: client.pk, request, provenance: kept, secret: random.text(32), lifetime: LIFETIME };
    const request_uri = await db.write(call.context, (em) => insertPushed(em, { ...pushed, now: clock.now() }));
    return { request_uri, expires_in: LIFETIME };
  };
}

/** The key that a client proves to hold when it pushes is the one that the code is for: RFC 9449, section 10.1. Throws INVALID_DPOP_PROOF. */
async function bound(
  request: AuthorizationRequest,
  { settings }: OAuth2Client,
  call: Call,
  { provenKey }: PushDeps,
): Promise<AuthorizationRequest> {
  const proven = await provenKey(call);
  if (!proven) return request;
  requireSignedWell(settings, proven);
  if (request.dpop_jkt !== '' && request.dpop_jkt !== proven.jkt) throw oauth2Errors.INVALID_DPOP_PROOF();
  return { ...request, dpop_jkt: proven.jkt };
}

async function check(authorization: Authorization, call: Call, deps: PushDeps): Promise<void> {
  const tools = { ...deps, now: deps.clock.now(), call };
  for (const step of stepsOf('par')) {
    const outcome = await step(authorization, tools);
    if (outcome?.kind === 'refused') throw errorOf(outcome);
  }
}

const CODES: ReadonlyMap<string, () => Error> = new Map([
  ['unauthorized_client', () => oauth2Errors.UNAUTHORIZED_CLIENT()],
  ['unsupported_response_type', () => oauth2Errors.UNSUPPORTED_RESPONSE_TYPE()],
  ['invalid_scope', () => oauth2Errors.INVALID_SCOPE()],
  ['invalid_target', () => oauth2Errors.INVALID_TARGET()],
  ['invalid_request_object', () => oauth2Errors.INVALID_REQUEST_OBJECT()],
  ['request_not_supported', () => oauth2Errors.REQUEST_NOT_SUPPORTED()],
]);

/** RFC 9126, section 2.3: the codes of the authorization endpoint, as an answer to the client. */
function errorOf({ error }: Refusal): Error {
  return CODES.get(error)?.() ?? oauth2Errors.INVALID_REQUEST();
}
