import type { Operation } from '@postern/proto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { HEADLESS_HEADERS } from './headless.edge.ts';

const METHODS = 'GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS';

/**
 * Answers cross-origin requests of the configured origins, with cookies. Any other origin gets no CORS header at all, so
 * that the browser refuses, unless the operation is open to others (`openTo`).
 */
export function registerCors(app: FastifyInstance, origins: ReadonlySet<string>): void {
  if (origins.size === 0) return;
  app.addHook('onRequest', async (request, reply) => {
    reply.header('vary', 'Origin');
    const { origin } = request.headers;
    if (origin === undefined || !origins.has(origin)) return;
    allow(reply, origin);
    if (isPreflight(request)) return reply.code(204).send();
  });
}

function isPreflight({ method, headers }: FastifyRequest): boolean {
  return method === 'OPTIONS' && headers['access-control-request-method'] !== undefined;
}

function allow(reply: FastifyReply, origin: string): void {
  reply
    .header('access-control-allow-origin', origin)
    .header('access-control-allow-credentials', 'true')
    .header('access-control-allow-methods', METHODS)
    .header('access-control-allow-headers', `Authorization, Content-Type, DPoP, X-authentik-CSRF, ${HEADLESS_HEADERS}`)
    .header('access-control-expose-headers', 'X-authentik-id, X-CSRFToken')
    .header('access-control-max-age', '600');
}

type Rest = Pick<Operation['rest'], 'origins'>;

/** Whether pages of origins that nobody configured may ask an operation for something. */
export function isOpen({ origins }: Rest): boolean {
  return origins === 'ORIGINS_ANY' || origins === 'ORIGINS_BY_SERVICE';
}

/** Says who may read the answer, as far as it does not take the service to know. The header of a trusted origin stays: it allows more. */
export function openTo({ origins }: Rest, reply: FastifyReply): void {
  if (origins === 'ORIGINS_BY_SERVICE') reply.header('vary', 'Origin');
  if (origins === 'ORIGINS_ANY' && !reply.hasHeader(ALLOWED)) reply.header(ALLOWED, '*');
}

/**
 * Answers the question of a browser whether it may send what a page wants to send: any may, for who reads the answer is decided when there is
 * one. Never says that cookies count where any origin may read.
 */
export function answerPreflight({ headers }: FastifyRequest, reply: FastifyReply, rest: Rest): FastifyReply {
  openTo(rest, reply);
  const { origin } = headers;
  if (origin !== undefined && rest.origins === 'ORIGINS_BY_SERVICE')
    reply.header(ALLOWED, origin).header('access-control-allow-credentials', 'true');
  const wanted = headers['access-control-request-headers'] ?? '';
  return reply
    .header('access-control-allow-methods', 'GET, POST, OPTIONS')
    .header('access-control-allow-headers', NAMES.test(wanted) ? wanted : 'Authorization, Content-Type, DPoP')
    .header('access-control-max-age', '600')
    .code(200)
    .send({});
}

const ALLOWED = 'access-control-allow-origin';
/** A list of header names: RFC 9110, section 5.1. */
const NAMES = /^(?=.{1,1024}$)[\w!#$%&'*+.^`|~-]+(?: ?, ?[\w!#$%&'*+.^`|~-]+)*$/;
