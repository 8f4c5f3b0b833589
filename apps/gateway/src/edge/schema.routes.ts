import { gzipSync } from 'node:zlib';
import type { FileRegistry } from '@bufbuild/protobuf';
import { loadRegistry } from '@postern/proto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { gatewayErrors, renderApiError } from '../errors/index.ts';
import {
  documentPage,
  headlessDocument,
  type OpenApiDocument,
  openApiDocument,
  openApiYaml,
  PAGE_POLICY,
  restAuthDocument,
} from '../openapi/index.ts';
import { sendAnswer, sendError } from './answer.ts';

type Form = { readonly headers: Readonly<Record<string, string>>; readonly body: Buffer; readonly zipped: Buffer };
type Forms = Readonly<Record<'yaml' | 'json' | 'html', () => Form>>;

const YAML = 'application/vnd.oai.openapi';
const JSON_TYPE = 'application/vnd.oai.openapi+json';
const UTF8 = '; charset=utf-8';

/** Serves the OpenAPI documents to anyone. Each is built at its first request. */
export function registerSchema(app: FastifyInstance, throttle: (address: string) => void): void {
  const api = once(openApiDocument);
  const headless = once(headlessDocument);
  const restAuth = once(restAuthDocument);
  const negotiated = (forms: Forms) => (request: FastifyRequest) => (wantsJson(request) ? forms.json() : forms.yaml());
  const routes: Readonly<Record<string, (request: FastifyRequest) => Form>> = {
    // What the contract shows to browsers there.
    '/api/v3/': api.html,
    '/api/v3/schema/': negotiated(api),
    '/api/auth/schema/': negotiated(restAuth),
    '/_allauth/openapi.json': () => asFile(headless.json(), JSON_TYPE, 'allauth-openapi.json'),
    '/_allauth/openapi.yaml': () => asFile(headless.yaml(), YAML, 'allauth-openapi.yaml'),
    '/_allauth/openapi.html': headless.html,
  };
  for (const [url, formFor] of Object.entries(routes)) {
    app.get(url, async (request, reply) => {
      throttle(request.edge.origin.address);
      return sendForm(request, reply, formFor(request));
    });
    registerRefusal(app, url, throttle);
  }
}

function registerRefusal(app: FastifyInstance, url: string, throttle: (address: string) => void): void {
  app.route({
    method: ['POST', 'PUT', 'PATCH', 'DELETE'],
    url,
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

function sendForm({ headers }: FastifyRequest, reply: FastifyReply, form: Form): FastifyReply {
  const isZipped = /\bgzip\b(?!;\s*q=0(?:\.0*)?(?:,|$))/.test(String(headers['accept-encoding'] ?? ''));
  if (isZipped) reply.header('content-encoding', 'gzip');
  reply.headers({ ...form.headers, 'cache-control': 'public, max-age=300', vary: 'Accept-Encoding' });
  return sendAnswer(reply, { status: 200, body: isZipped ? form.zipped : form.body }, undefined);
}

/** The forms of a document, each built when somebody asks for it for the first time. */
function once(build: (registry: FileRegistry) => OpenApiDocument): Forms {
  // With the comments, which the descriptors of a running server lack: they are the descriptions.
  const document = kept(() => build(loadRegistry()));
  const page = { 'content-type': `text/html${UTF8}`, 'content-security-policy': PAGE_POLICY };
  return {
    yaml: kept(() => formOf({ 'content-type': YAML + UTF8 }, openApiYaml(document()))),
    json: kept(() => formOf({ 'content-type': JSON_TYPE + UTF8 }, JSON.stringify(document()))),
    html: kept(() => formOf(page, documentPage(document()))),
  };
}

function kept<Value extends object>(make: () => Value): () => Value {
  let made: Value | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

/** The text, and a twelfth of it: the administration reads the document when it begins. */
function formOf(headers: Form['headers'], text: string): Form {
  const body = Buffer.from(text);
  return { headers, body, zipped: gzipSync(body) };
}

/** The same, shown in the browser and kept under a name. */
function asFile(form: Form, type: string, name: string): Form {
  return { ...form, headers: { 'content-type': type, 'content-disposition': `inline; filename="${name}"` } };
}

function wantsJson({ query, headers }: FastifyRequest): boolean {
  const { format } = Object(query);
  if (format === 'json') return true;
  if (format === 'yaml') return false;
  const accept = headers.accept ?? '';
  return (
    /application\/(?:json|vnd\.oai\.openapi\+json)/i.test(accept) &&
    !/application\/vnd\.oai\.openapi(?!\+json)/i.test(accept)
  );
}
