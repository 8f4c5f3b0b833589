import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

const METHODS = 'GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS';

/**
 * Answers cross-origin requests of the configured origins, with cookies. Any other origin gets no CORS header at all, so
 * that the browser refuses. An operation that is open to all origins sets its own headers.
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
    .header('access-control-allow-headers', 'Authorization, Content-Type, X-authentik-CSRF')
    .header('access-control-expose-headers', 'X-authentik-id')
    .header('access-control-max-age', '600');
}
