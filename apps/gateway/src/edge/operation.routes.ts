import { common, type PosternError } from '@postern/errors';
import type { Logger } from '@postern/observability';
import type { ReceivedHead } from '@postern/rpc';
import type { FastifyInstance, FastifyReply, FastifyRequest, HTTPMethods } from 'fastify';
import { gatewayErrors, type Renderer } from '../errors/index.ts';
import type { Endpoint } from '../transcoding/endpoints.ts';
import { sendAnswer, sendError, toPosternError } from './answer.ts';
import { answerPreflight, isOpen, openTo } from './cors.ts';
import { HEADLESS_FORM_CSRF, requireFormToken } from './csrf.ts';
import { type Admission, type Admitted, admissionOf, type Guard } from './guard.ts';
import { type HeadlessEdge, isApp } from './headless.edge.ts';
import { sendNotFound } from './http.server.ts';

/** What serving operations needs. */
export type OperationRoutesDeps = {
  endpoints: readonly Endpoint[];
  guard: Guard;
  headless: HeadlessEdge;
  log: Logger;
  /** Milliseconds that a service has to answer. */
  timeout: number;
  bodyLimit: number;
};

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const satisfies HTTPMethods[];
const API = '/api/v3/';

/** Serves every endpoint, and answers the methods that its path does not have. */
export function registerOperations(app: FastifyInstance, deps: OperationRoutesDeps): void {
  const byUrl = Map.groupBy(deps.endpoints, ({ url }) => url);
  for (const [url, endpoints] of byUrl) {
    const methods = endpoints.map(({ method }) => method);
    const allow = [...methods, ...(methods.includes('GET') ? ['HEAD'] : []), 'OPTIONS'].join(', ');
    for (const endpoint of endpoints) register(app, endpoint, allow, deps);
    registerRefusals(app, { url, endpoints, allow }, deps);
  }
}

function register(app: FastifyInstance, endpoint: Endpoint, allow: string, deps: OperationRoutesDeps): void {
  const admission = admissionOf(endpoint.operation);
  const admitted = new WeakMap<FastifyRequest, Admitted>();
  const { method, url, render } = endpoint;
  const hasBody = endpoint.binding.body !== '';
  const fail = failure(render, endpoint, deps);
  app.route({
    method: method as HTTPMethods,
    url,
    // Before the body is read: nobody uploads without being let in.
    onRequest: async (request, reply) => {
      reply.header('allow', allow);
      if (isImpossible(request, url)) return sendNotFound(request, reply);
      openTo(endpoint.operation.rest, reply);
      if (admission.credentials === 'headless') await deps.headless.begin(request, reply);
      try {
        requireAcceptable(request, endpoint);
        const found = await deps.guard.admit(request, admission);
        if (found.isUndecided && hasBody) await askForAdmission(endpoint, found, request, deps.timeout);
        admitted.set(request, found);
      } catch (error) {
        return fail(error, request, reply);
      }
    },
    handler: async (request, reply) => serve(endpoint, admission, admitted.get(request), request, reply, fail, deps),
    errorHandler: (error, request, reply) => fail(error, request, reply),
  });
}

/** Asks the service whether it lets somebody do this, to the object that the path names. Throws what it refuses them with. */
async function askForAdmission(
  endpoint: Endpoint,
  { context }: Admitted,
  { params }: FastifyRequest,
  deadlineMs: number,
): Promise<void> {
  await endpoint.call(endpoint.decodeKeys(keysOf(params)), context, { deadlineMs, isAdmission: true });
}

/** The keys of a path, in order. */
function keysOf(params: unknown): string[] {
  return Object.values((params ?? {}) as Record<string, string>);
}

async function serve(
  endpoint: Endpoint,
  { credentials, isForm }: Admission,
  admitted: Admitted | undefined,
  request: FastifyRequest,
  reply: FastifyReply,
  fail: Fail,
  { timeout, headless, guard }: OperationRoutesDeps,
): Promise<FastifyReply> {
  let message: Record<string, unknown> | undefined;
  let head: ReceivedHead | undefined;
  try {
    if (!admitted) throw common.UNAUTHENTICATED();
    if (isForm && !isApp(request.edge.path)) requireFormToken(request, bytesOf(request), HEADLESS_FORM_CSRF);
    const limits = { deadlineMs: timeout, signal: whenGone(reply) };
    message = await endpoint.decode(partsOf(request)).catch(async (fault: unknown) => {
      // Where the service itself knows its callers, nobody else learns what a good request looks like.
      if (admitted.isUndecided || admits(endpoint)) await askForAdmission(endpoint, admitted, request, timeout);
      throw fault;
    });
    const options = {
      ...limits,
      ...(endpoint.method === 'GET' ? { isRepeatable: true } : {}),
      onHead: (given: ReceivedHead) => {
        head = credentials === 'headless' ? headless.headFor(request, reply, given) : given;
      },
    };
    const { origin, path, query } = request.edge;
    const asked = { origin: `${origin.scheme}://${origin.host}`, path, query };
    const given = await endpoint.call(message, admitted.context, options);
    if (changesRights(endpoint)) guard.forget(admitted.caller.principal.tenant);
    const answer = endpoint.encode(given, asked);
    return sendAnswer(reply, answer, head);
  } catch (error) {
    return fail(error, request, reply, message, head);
  }
}

/**
 * Whether it may take a right from somebody. The bus tells so, too, a moment later; whoever took a right and asks at once finds it gone. Signing in
 * and flows take nothing from anybody, and are left to the bus.
 */
function changesRights({ method, operation: { access, service } }: Endpoint): boolean {
  // Acting as somebody else ends by a GET, after which the page asks who it is at once.
  if (service.typeName === 'postern.auth.v1.ImpersonationService') return true;
  if (method === 'GET' || access === undefined || access.kind === 'public') return false;
  return KEEPERS_OF_RIGHTS.test(service.typeName);
}

const KEEPERS_OF_RIGHTS = /^postern\.(auth|directory)\./;

/** Whether the service looks at the credential of a caller, of whom the edge knows nothing. */
function admits({ operation: { rest } }: Endpoint): boolean {
  return rest.credentials === 'CREDENTIALS_NONE' && rest.forward_headers.includes('authorization');
}

type Fail = (
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
  message?: Readonly<Record<string, unknown>>,
  head?: ReceivedHead,
) => FastifyReply;

function failure(render: Renderer, endpoint: Endpoint, { log, bodyLimit }: OperationRoutesDeps): Fail {
  return (error, { edge, headers }, reply, message, head) => {
    const known: PosternError = toPosternError(error, bodyLimit);
    if (known.code === 'INTERNAL' && known.cause !== undefined)
      log.error({ err: known.cause, request: edge.requestId, rpc: endpoint.operation.grpcPath }, 'a request failed');
    const { body } = endpoint.binding;
    const hasAuthorization = headers.authorization !== undefined;
    return sendError(
      reply,
      render(known, { requestId: edge.requestId, request: message, body, hasAuthorization }),
      head,
    );
  };
}

function partsOf({ params, body, headers, edge }: FastifyRequest) {
  const keys = keysOf(params);
  return { keys, query: edge.query, body: { type: headers['content-type'] ?? '', bytes: bytesOf({ body }) } };
}

function bytesOf({ body }: Pick<FastifyRequest, 'body'>): Buffer {
  return Buffer.isBuffer(body) ? body : Buffer.alloc(0);
}

/** Aborts the call when the client goes away before it has its answer. */
function whenGone({ raw }: FastifyReply): AbortSignal {
  const abort = new AbortController();
  raw.once('close', () => {
    if (!raw.writableFinished) abort.abort();
  });
  return abort.signal;
}

/** In the API a dot, or nothing at all, is no key: such a path leads nowhere. */
function isImpossible({ params }: FastifyRequest, url: string): boolean {
  return keysOf(params).some((key) => key === '' || (url.startsWith(API) && (key.includes('.') || key.includes('/'))));
}

const JSON_ACCEPTED = /(?:^|,)\s*(?:\*\/\*|application\/(?:\*|json))\s*(?:;|,|$)/i;

/** The API speaks JSON. Throws NOT_ACCEPTABLE for a caller who takes none. */
function requireAcceptable({ headers: { accept } }: FastifyRequest, { operation }: Endpoint): void {
  const isJson =
    operation.rest.errors === 'ERROR_FAMILY_UNSPECIFIED' && operation.output.typeName !== 'google.api.HttpBody';
  if (isJson && accept && !JSON_ACCEPTED.test(accept)) throw gatewayErrors.NOT_ACCEPTABLE();
}

type Path = { url: string; endpoints: readonly Endpoint[]; allow: string };

/** Methods that a path does not have: 405 for whoever may see that the path exists. */
function registerRefusals(app: FastifyInstance, { url, endpoints, allow }: Path, deps: OperationRoutesDeps): void {
  const [first] = endpoints;
  const missing = METHODS.filter((method) => !endpoints.some((endpoint) => endpoint.method === method));
  if (!first) return;
  const isPublic = endpoints.some(({ operation }) => operation.access?.kind === 'public');
  const admission: Admission = {
    ...admissionOf(first.operation),
    isForm: false,
    access: { kind: isPublic ? 'public' : 'authenticated' },
  };
  const fail = failure(first.render, first, deps);
  const open = endpoints.map(({ operation }) => operation.rest).find(isOpen);
  app.route({
    method: missing,
    url,
    onRequest: async (request, reply) => {
      reply.header('allow', allow);
      if (isImpossible(request, url)) return sendNotFound(request, reply);
      if (admission.credentials === 'headless') {
        await deps.headless.begin(request, reply);
        if (deps.headless.isPreflight(request, reply)) return reply.code(204).send();
      }
      try {
        await deps.guard.admit(request, admission);
      } catch (error) {
        return fail(error, request, reply);
      }
      if (request.method === 'OPTIONS' && request.headers.origin !== undefined && open)
        return answerPreflight(request, reply, open);
      if (request.method === 'OPTIONS') return reply.code(200).send(metadataOf(first));
      return fail(gatewayErrors.METHOD_NOT_ALLOWED({ method: request.method }), request, reply);
    },
    handler: async (request, reply) => sendNotFound(request, reply),
  });
}

function metadataOf({ operation: { service, rest } }: Endpoint) {
  const parses = rest.body_types.length > 0 ? rest.body_types : ['application/json'];
  const name = service.name.replace(/Service$/, '').replaceAll(/(?<=[a-z])(?=[A-Z])/g, ' ');
  return { name, description: '', renders: ['application/json'], parses };
}
