import { randomUUID } from 'node:crypto';
import { common, PosternError } from '@postern/errors';
import type { Logger, Metrics } from '@postern/observability';
import type { Call, MethodInfo } from './call.ts';
import { noClient } from './caller.ts';
import type { Contract } from './contract.ts';
import { createEncoder } from './encoder.ts';
import { chain, type Exchange } from './exchange.ts';
import { checkAccess, type Target } from './interceptors/access.interceptor.ts';
import { keepDeadline } from './interceptors/deadline.interceptor.ts';
import { mapErrors } from './interceptors/error.interceptor.ts';
import { askGuards } from './interceptors/guard.interceptor.ts';
import { identifyCaller } from './interceptors/principal.interceptor.ts';
import { traceCalls } from './interceptors/trace.interceptor.ts';
import { validateRequests } from './interceptors/validation.interceptor.ts';
import type { ObjectRights } from './object-rights.ts';
import { createValidators, type RequestValidator } from './request.validator.ts';
import { createResponseHead } from './response-head.ts';
import { rpcErrors } from './rpc.errors.ts';
import type { Sealer } from './sealer.ts';
import {
  type BoundService,
  type Handler,
  type MethodDefinition,
  pathOf,
  type ServiceGuard,
} from './service.definition.ts';
import { encodeError, type Reply, replyOf } from './status.codec.ts';
import { unpackHeaders, type WireMetadata } from './wire.ts';

/** What a dispatcher needs. */
export type DispatcherDeps = {
  services: readonly BoundService[];
  sealer: Sealer;
  contract: Contract;
  log: Logger;
  metrics?: Metrics;
  /** What callers hold on single objects. Without it only what they hold on everything counts. */
  objects?: ObjectRights;
  /** Tenant of a call that names none. */
  defaultTenant: string;
  now: () => number;
};

/** One call as a transport hands it over. */
export type Incoming = {
  readonly path: string;
  readonly transport: Exchange['transport'];
  readonly request: Uint8Array;
  readonly metadata: WireMetadata;
  /** Epoch milliseconds. */
  readonly deadline: number;
  readonly abort: AbortController;
};

/** Answers calls, whatever transport brought them. */
export type Dispatcher = {
  readonly paths: readonly string[];
  /** Never rejects. */
  dispatch(incoming: Incoming): Promise<Reply>;
};

type Route = {
  readonly info: MethodInfo;
  readonly method: MethodDefinition;
  readonly handler: Handler;
  readonly guard: ServiceGuard | undefined;
};

/** Builds the interceptor chain around the services. Throws when an RPC does not say who may call it. */
export function createDispatcher(deps: DispatcherDeps): Dispatcher {
  const { services, sealer, contract, log, metrics, objects, defaultTenant, now } = deps;
  const routes = routesOf(services, contract);
  const targets = targetsOf(routes, contract);
  const encode = createEncoder();
  const answer = chain(
    [
      traceCalls({ metrics }),
      mapErrors({ log }),
      keepDeadline({ now }),
      identifyCaller({ sealer, defaultTenant }),
      checkAccess({ objects, targetOf: (path) => targets.get(path) }),
      askGuards((path) => routes.get(path)?.guard),
      validateRequests(validatorsOf(routes, contract)),
    ],
    (exchange) => handle(routes.get(exchange.method.path), exchange, { log, encode }),
  );
  return {
    paths: [...routes.keys()],
    async dispatch({ path, ...incoming }) {
      const route = routes.get(path);
      if (route === undefined) return encodeError(common.UNIMPLEMENTED());
      const response = createResponseHead();
      const unknown = { context: nobody(), tokens: {}, reach: { kind: 'all' } as const, isReachKnown: false };
      const exchange: Exchange = { ...incoming, ...unknown, method: route.info, response };
      try {
        return replyOf(await answer(exchange), response.toMetadata());
      } catch (error) {
        // The chain lets nothing but our own errors through.
        return encodeError(error instanceof PosternError ? error : common.INTERNAL(), response.toMetadata());
      }
    },
  };
}

async function handle(
  route: Route | undefined,
  exchange: Exchange,
  { log, encode }: { log: Logger; encode: ReturnType<typeof createEncoder> },
): Promise<Uint8Array> {
  if (route === undefined) throw common.UNIMPLEMENTED();
  const { method, handler } = route;
  const response = await handler(decode(method, exchange.request), callOf(exchange, log));
  return encode(method.responseType, response);
}

function decode(method: MethodDefinition, request: Uint8Array): unknown {
  try {
    return method.requestType.decode(request);
  } catch (cause) {
    throw common.MALFORMED_REQUEST({}, { cause });
  }
}

function callOf(exchange: Exchange, log: Logger): Call {
  const { context, abort, deadline, metadata, response, method, tokens } = exchange;
  let own: Logger | undefined;
  return {
    context,
    signal: abort.signal,
    deadline,
    headers: unpackHeaders(metadata),
    response,
    method,
    tokens,
    reach() {
      exchange.isReachKnown = true;
      return exchange.reach;
    },
    // Most calls log nothing: the child is made when it is asked for.
    get log() {
      own ??= log.child({ rpc: method.path, tenant: context.tenant, requestId: context.requestId });
      return own;
    },
  };
}

function nobody(): Exchange['context'] {
  const requestId = randomUUID();
  return { tenant: '', principal: { kind: 'anonymous', tenant: '' }, client: noClient('', requestId), requestId };
}

function routesOf(services: readonly BoundService[], contract: Contract): ReadonlyMap<string, Route> {
  const routes = new Map<string, Route>();
  const undeclared: string[] = [];
  for (const { definition, handlers, guard } of services) {
    for (const [key, method] of Object.entries(definition.methods)) {
      const path = pathOf(definition, method);
      const handler = handlers[key];
      const known = contract.find(definition.fullName, method.name);
      const isUnary = !method.requestStream && !method.responseStream;
      if (known === undefined || handler === undefined || !isUnary) throw rpcErrors.CONTRACT_MISMATCH({ method: path });
      if (known.access === undefined) undeclared.push(path);
      else
        routes.set(path, {
          handler,
          guard,
          method,
          info: { service: definition.fullName, name: method.name, path, access: known.access },
        });
    }
  }
  if (undeclared.length > 0) throw rpcErrors.ACCESS_UNDECLARED({ methods: undeclared.join(', ') });
  return routes;
}

/** What the RPCs that ask for a permission are about. */
function targetsOf(routes: ReadonlyMap<string, Route>, contract: Contract): ReadonlyMap<string, Target> {
  const asking = [...routes].filter(([, { info }]) => info.access.kind === 'permission');
  return new Map(
    asking.map(([path, { info, method }]) => {
      const { object = '', isList = false } = contract.find(info.service, info.name) ?? {};
      const objectOf = (request: Uint8Array) => String(Reflect.get(Object(decode(method, request)), object) ?? '');
      return [path, object === '' ? { isList } : { isList, objectOf }] as const;
    }),
  );
}

function validatorsOf(routes: ReadonlyMap<string, Route>, contract: Contract): ReadonlyMap<string, RequestValidator> {
  const validatorFor = createValidators(contract);
  const validators = new Map<string, RequestValidator>();
  for (const [path, { info }] of routes) {
    const method = contract.find(info.service, info.name);
    const validator = method && validatorFor(method);
    if (validator !== undefined) validators.set(path, validator);
  }
  return validators;
}
