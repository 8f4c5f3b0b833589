import { randomUUID } from 'node:crypto';
import cookie from '@fastify/cookie';
import type { Logger, Metrics } from '@postern/observability';
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import type { GatewayConfig } from '../config.ts';
import { renderApiError } from '../errors/api.renderer.ts';
import { ERROR_POLICY, notFoundPage } from '../errors/index.ts';
import { sendError, toPosternError } from './answer.ts';
import type { OriginReader } from './client.address.ts';
import { registerCors } from './cors.ts';
import './request.edge.ts';
import { addSecurityHeaders } from './security.headers.ts';

/** What the HTTP server needs. */
export type HttpServerDeps = {
  config: GatewayConfig;
  readOrigin: OriginReader;
  trustedOrigins: ReadonlySet<string>;
  log: Logger;
  metrics?: Metrics;
  /** Refuses an address that asks for too much. */
  throttle(address: string): void;
};

/** The HTTP server without routes: limits, request ids, headers, errors, logs and metrics of every request. */
export async function createHttpServer(deps: HttpServerDeps): Promise<FastifyInstance> {
  const { config } = deps;
  const app = Fastify({
    bodyLimit: config.limits.body,
    requestTimeout: config.timeouts.receive,
    keepAliveTimeout: 72_000,
    http: { maxHeaderSize: config.limits.headers, headersTimeout: config.timeouts.headers },
    forceCloseConnections: 'idle',
    routerOptions: { maxParamLength: 1024 },
    // No hook runs for an address that cannot be read: what all answers get has to be said here.
    frameworkErrors: (_error, request, reply) => {
      const begun = begin(request, reply, deps);
      addSecurityHeaders(reply, begun.edge.requestId);
      return sendNotFound(begun, reply);
    },
  });
  if (config.limits.connections > 0) app.server.maxConnections = config.limits.connections;
  // A body is read by its own operation, which knows what it takes.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  await app.register(cookie);
  app.decorateRequest('edge');
  app.addHook('onRequest', async (request, reply) => {
    begin(request, reply, deps);
  });
  registerCors(app, deps.trustedOrigins);
  app.addHook('onSend', async (request, reply) => addSecurityHeaders(reply, request.edge.requestId));
  observe(app, deps);
  app.setErrorHandler((error, request, reply) => {
    const known = toPosternError(error, config.limits.body);
    const { requestId } = request.edge;
    if (known.code === 'INTERNAL')
      deps.log.error({ err: known.cause ?? known, request: requestId }, 'a request failed');
    return sendError(reply, renderApiError(known, { requestId }));
  });
  app.setNotFoundHandler((request, reply) => {
    deps.throttle(request.edge.origin.address);
    return sendNotFound(request, reply);
  });
  return app;
}

const REST = /^\/api\/(?!v3\/)/;

/** The answer for an address that leads nowhere: a page, but for the REST auth API, which says so in JSON. */
export function sendNotFound({ edge, url }: FastifyRequest, reply: FastifyReply): FastifyReply {
  if (REST.test(edge.path)) {
    const { scheme, host } = edge.origin;
    const body = { detail: 'API endpoint not found', url: `${scheme}://${host}${url}` };
    return reply
      .code(404)
      .header('content-type', 'application/json')
      .send(Buffer.from(JSON.stringify(body)));
  }
  return reply
    .code(404)
    .header('content-security-policy', ERROR_POLICY)
    .type('text/html; charset=utf-8')
    .send(notFoundPage());
}

function begin(request: FastifyRequest, reply: FastifyReply, { readOrigin }: HttpServerDeps): FastifyRequest {
  const { raw } = request;
  const [path = '/', ...query] = (raw.url ?? '/').split('?');
  const encrypted = 'encrypted' in raw.socket && raw.socket.encrypted === true;
  request.edge = {
    requestId: randomUUID().replaceAll('-', ''),
    origin: readOrigin(raw.socket.remoteAddress ?? '', encrypted, raw.headers),
    path,
    query: query.join('?'),
  };
  reply.header('x-authentik-id', request.edge.requestId);
  return request;
}

function observe(app: FastifyInstance, { log, metrics }: HttpServerDeps): void {
  const seconds = metrics?.histogram({
    name: 'postern_http_seconds',
    help: 'Time that HTTP requests took.',
    labels: ['method', 'route', 'status'],
  });
  app.addHook('onResponse', async (request, reply) => {
    const { method, routeOptions, edge } = request;
    const status = String(reply.statusCode);
    seconds?.observe(reply.elapsedTime / 1000, { method, route: routeOptions.url ?? '', status });
    const facts = { method, path: edge.path, status: reply.statusCode, ms: Math.round(reply.elapsedTime) };
    const line = { ...facts, address: edge.origin.address, request: edge.requestId };
    if (reply.statusCode >= 500) log.warn(line, 'request failed');
    else log.debug(line, 'request');
  });
}
