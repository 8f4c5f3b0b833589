import { gzipSync } from 'node:zlib';
import { loadRegistry } from '@postern/proto';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { gatewayErrors, renderApiError } from '../errors/index.ts';
import { openApiDocument, openApiYaml } from '../openapi/index.ts';
import { sendError } from './answer.ts';

type Form = { readonly type: string; readonly body: Buffer; readonly zipped: Buffer };

const YAML = 'application/vnd.oai.openapi; charset=utf-8';
const JSON_TYPE = 'application/vnd.oai.openapi+json; charset=utf-8';

/**
 * Serves the OpenAPI document to anyone, as YAML, or as JSON where `?format=json` or the Accept header asks for it. It is
 * built at the first request.
 */
export function registerSchema(app: FastifyInstance, throttle: (address: string) => void): void {
  let forms: { yaml: Form; json: Form } | undefined;
  app.get<{ Querystring: { format?: string } }>('/api/v3/schema/', async (request, reply) => {
    throttle(request.edge.origin.address);
    forms ??= build();
    const { type, body, zipped } = wantsJson(request) ? forms.json : forms.yaml;
    const isZipped = /\bgzip\b(?!;\s*q=0(?:\.0*)?(?:,|$))/.test(String(request.headers['accept-encoding'] ?? ''));
    if (isZipped) reply.header('content-encoding', 'gzip');
    return reply
      .header('content-type', type)
      .header('cache-control', 'public, max-age=300')
      .header('vary', 'Accept-Encoding')
      .send(isZipped ? zipped : body);
  });
  app.route({
    method: ['POST', 'PUT', 'PATCH', 'DELETE'],
    url: '/api/v3/schema/',
    // Before the body is read: there is nothing to say to it.
    onRequest: async (request, reply) => {
      throttle(request.edge.origin.address);
      const error = gatewayErrors.METHOD_NOT_ALLOWED({ method: request.method });
      return sendError(
        reply.header('allow', 'GET, HEAD'),
        renderApiError(error, { requestId: request.edge.requestId }),
      );
    },
    handler: async () => undefined,
  });
}

function build(): { yaml: Form; json: Form } {
  // With the comments, which the descriptors of a running server lack: they are the descriptions.
  const document = openApiDocument(loadRegistry());
  return {
    yaml: formOf(YAML, openApiYaml(document)),
    json: formOf(JSON_TYPE, JSON.stringify(document)),
  };
}

/** The text, and a twelfth of it: the administration reads the document when it begins. */
function formOf(type: string, text: string): Form {
  const body = Buffer.from(text);
  return { type, body, zipped: gzipSync(body) };
}

function wantsJson({ query, headers }: FastifyRequest<{ Querystring: { format?: string } }>): boolean {
  if (query.format === 'json') return true;
  if (query.format === 'yaml') return false;
  const accept = headers.accept ?? '';
  return (
    /application\/(?:json|vnd\.oai\.openapi\+json)/i.test(accept) &&
    !/application\/vnd\.oai\.openapi(?!\+json)/i.test(accept)
  );
}
