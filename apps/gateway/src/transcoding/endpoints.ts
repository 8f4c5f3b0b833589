import type { FileRegistry } from '@bufbuild/protobuf';
import { type Binding, type Operation, operations } from '@postern/proto';
import type { CallOptions, Client, OutgoingContext, ServiceDefinition } from '@postern/rpc';
import { createMessageDecoders, createMessageEncoders, type Message, serviceDefinitions } from '@postern/transcode';
import { type Renderer, rendererOf } from '../errors/index.ts';
import { keyTranscoder, type RequestTranscoder, requestTranscoder } from './request.transcoder.ts';
import { type ResponseTranscoder, responseTranscoder } from './response.transcoder.ts';

/** One REST path and verb, ready to be served. */
export type Endpoint = {
  readonly operation: Operation;
  readonly binding: Binding;
  readonly method: string;
  /** Path with `:0`, `:1` ... for its parameters. */
  readonly url: string;
  readonly decode: RequestTranscoder;
  /** The part of the message that the path says. Throws NOT_FOUND for impossible keys. */
  readonly decodeKeys: (keys: readonly string[]) => Record<string, unknown>;
  readonly encode: ResponseTranscoder;
  readonly render: Renderer;
  /** Calls the service. */
  call(request: object, context: OutgoingContext, options: CallOptions): Promise<Message>;
};

/** Makes a client of any service. */
export type ClientFactory = <Definition extends ServiceDefinition>(definition: Definition) => Client<Definition>;

/** What building the endpoints needs. */
export type EndpointDeps = {
  registry: FileRegistry;
  client: ClientFactory;
  /** Apps whose operations are served: the second word of a proto package. */
  apps: ReadonlySet<string>;
};

/**
 * Builds every endpoint that the protos bind to HTTP. Operations for services alone have none, whatever they are bound to.
 * Throws when two operations claim one path, or a binding names a field that is not there.
 */
export function buildEndpoints({ registry, client, apps }: EndpointDeps): Endpoint[] {
  const definitions = serviceDefinitions();
  const messages = createMessageDecoders(registry);
  const encoders = createMessageEncoders(registry);
  const served = operations(registry).filter((one) => apps.has(appOf(one)) && one.access?.kind !== 'internal');
  const endpoints = served.flatMap((operation) => {
    const call = callOf(operation, definitions, client);
    return operation.bindings.map((binding): Endpoint => {
      const decode = requestTranscoder(operation, binding, { registry, messages });
      const decodeKeys = keyTranscoder(operation, binding, registry);
      const encode = responseTranscoder(operation, binding, { registry, encoders });
      const method = binding.verb.toUpperCase();
      const transcode = { decode, decodeKeys, encode };
      return { operation, binding, method, url: urlOf(binding), ...transcode, render: rendererOf(operation), call };
    });
  });
  requireDistinct(endpoints);
  return endpoints;
}

/** `postern.auth.v1` belongs to auth. */
function appOf({ service }: Operation): string {
  return service.file.proto.package.split('.')[1] ?? '';
}

/** A colon in a path, as in `:verb`, is doubled for the router. */
function urlOf({ path, parameters }: Binding): string {
  const escaped = path.replaceAll(':', '::');
  return parameters.reduce((url, name, index) => url.replace(`{${name}}`, `:${index}`), escaped);
}

function callOf(
  { service, method }: Operation,
  definitions: ReadonlyMap<string, ServiceDefinition>,
  client: ClientFactory,
) {
  const definition = definitions.get(service.typeName);
  const key =
    definition && Object.keys(definition.methods).find((name) => definition.methods[name]?.name === method.name);
  if (!definition || !key) throw new Error(`no generated code for ${service.typeName}/${method.name}`);
  const invoke = client(definition)[key];
  if (!invoke) throw new Error(`the client of ${service.typeName} lacks ${key}`);
  return async (request: object, context: OutgoingContext, options: CallOptions) =>
    (await invoke(request, { context }, options)) as Message;
}

function requireDistinct(endpoints: readonly Endpoint[]): void {
  const seen = new Map<string, Endpoint>();
  for (const endpoint of endpoints) {
    const claim = `${endpoint.method} ${endpoint.url}`;
    const other = seen.get(claim);
    if (other) throw new Error(`${claim} is claimed by ${other.operation.grpcPath} and ${endpoint.operation.grpcPath}`);
    seen.set(claim, endpoint);
  }
}
