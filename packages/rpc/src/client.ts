import { CODE_NUMBERS, codeOf } from '@postern/errors';
import { injectTrace, inSpan, type Metrics } from '@postern/observability';
import type { Call, CallerTokens } from './call.ts';
import type { ClientInfo, ServiceName } from './caller.ts';
import type { ChangeSet } from './change-set.ts';
import type { Channel } from './channel.ts';
import { createEncoder } from './encoder.ts';
import { type ReceivedHead, readResponseHead } from './response-head.ts';
import type { Sealer } from './sealer.ts';
import { DEFAULT_DEADLINE_MS } from './server.ts';
import {
  type MessageOf,
  type MethodDefinition,
  type PartialMessage,
  pathOf,
  type ServiceDefinition,
} from './service.definition.ts';
import { decodeError, type Reply } from './status.codec.ts';
import { KEYS, packHeaders, type WireValue } from './wire.ts';

/** Tokens of a caller, and HTTP headers that the RPC asked for. */
export type OutgoingContext = CallerTokens & { readonly headers?: Readonly<Record<string, string>> };

/** On whose behalf a call is made. */
export type Origin =
  /** On behalf of the caller of the call being answered: both tokens, what is left of its deadline, its signal. */
  | { readonly call: Call }
  /** On behalf of whoever the tokens name. */
  | { readonly context: OutgoingContext }
  /** As the service itself. */
  | { readonly as: { readonly tenant: string; readonly call?: Call } }
  /** As the service itself, as a part of a change set; `client` is the request that asked for the changes. */
  | { readonly in: { readonly changeSet: ChangeSet; readonly client?: ClientInfo | undefined } };

/** Makes a call as the service itself. Given the call being answered, its client, deadline and signal go along. */
export function asService(tenant: string, call?: Call): Origin {
  return { as: { tenant, call } };
}

/**
 * Makes a call as the service itself, as a part of a change set.
 *
 * @param client the request that asked for the changes, for the audit log. A change set may take longer than that request may.
 */
export function inChangeSet(changeSet: ChangeSet, client?: ClientInfo): Origin {
  return { in: { changeSet, client } };
}

/** Settings of one call. */
export type CallOptions = {
  /** Default 10 s; never more than what is left of the call being answered. */
  deadlineMs?: number;
  signal?: AbortSignal;
  /** Whether the request may be sent again when its answer was lost. Default: what the proto says (`idempotency_level`). */
  isRepeatable?: boolean;
  /** Asks no more than whether the service would look at such a request: nothing is done, the answer is empty. For the edge, before it finds fault. */
  isAdmission?: boolean;
  /** Told of the head of the HTTP answer that the other service wants, before the call resolves or rejects. */
  onHead?: (head: ReceivedHead) => void;
};

/** A client: one function per RPC. It rejects with the PosternError that the other service threw. */
export type Client<Definition extends ServiceDefinition> = {
  readonly [Name in keyof Definition['methods']]: (
    request: PartialMessage<MessageOf<Definition['methods'][Name]['requestType']>>,
    origin: Origin,
    options?: CallOptions,
  ) => Promise<MessageOf<Definition['methods'][Name]['responseType']>>;
};

/** What clients need. */
export type ClientDeps = {
  sealer: Sealer;
  /** Name under which this process acts for itself. */
  service: ServiceName;
  metrics?: Metrics;
  now?: () => number;
  /**
   * Whether the calls of a call that is part of a change set are part of it too. Right for calls of a service to itself, which meet the same
   * transaction; wrong for all others, whose transactions are not that one. Default: false.
   */
  joinsChangeSets?: boolean;
};

type Invoke = (request: object, origin: Origin, options?: CallOptions) => Promise<unknown>;

/** Creates a client of one service over a channel. */
export function createClient<Definition extends ServiceDefinition>(
  definition: Definition,
  channel: Channel,
  deps: ClientDeps,
): Client<Definition> {
  const send = createSender(channel, deps);
  const methods: Record<string, Invoke> = {};
  for (const [key, method] of Object.entries(definition.methods)) {
    methods[key] = (request, origin, options = {}) =>
      send(pathOf(definition, method), method, request, origin, options);
  }
  return methods as Client<Definition>;
}

function createSender(channel: Channel, deps: ClientDeps) {
  const { sealer, service: name, metrics, now = Date.now, joinsChangeSets = false } = deps;
  const encode = createEncoder();
  const signFor = (tenant: string): string => sealer.sealService(name, tenant);
  const seconds = metrics?.histogram({
    name: 'postern_rpc_called_seconds',
    help: 'Time that a call to another service took.',
    labels: ['rpc', 'code'],
  });
  return async (path: string, method: MethodDefinition, request: object, origin: Origin, options: CallOptions) => {
    const start = performance.now();
    const bytes = encode(method.requestType, method.requestType.fromPartial(request));
    return inSpan(path.slice(1), { kind: 'client', attributes: { 'rpc.system': 'grpc' } }, async () => {
      const metadata = metadataOf(origin, signFor, sealer);
      const changeSet = changeSetOf(origin, sealer, joinsChangeSets);
      if (changeSet !== undefined) metadata.set(KEYS.changeSet, [changeSet]);
      if (options.isAdmission) metadata.set(KEYS.admission, ['1']);
      const limits = { metadata, ...limitsOf(origin, options, now()) };
      const first = await channel.unary(path, bytes, limits);
      const isRepeatable = options.isRepeatable ?? method.options?.idempotencyLevel !== undefined;
      const repeats = isRepeatable && wasCut(first) && changeSet === undefined;
      const reply = repeats ? await channel.unary(path, bytes, limits) : first;
      const code = reply.code === 0 ? 'OK' : codeOf(reply.code);
      seconds?.observe((performance.now() - start) / 1000, { rpc: path, code });
      return receive(method, reply, options);
    });
  };
}

/** The server went away before it answered; another replica may. What a server itself says comes with details. */
function wasCut({ code, trailer }: Reply): boolean {
  return code === CODE_NUMBERS.UNAVAILABLE && !trailer.has(KEYS.details);
}

function receive(method: MethodDefinition, reply: Reply, { onHead }: CallOptions): unknown {
  onHead?.(readResponseHead(reply.trailer));
  if (reply.code !== 0) throw decodeError(reply);
  return method.responseType.decode(reply.body);
}

function changeSetOf(origin: Origin, sealer: Sealer, joins: boolean): string | undefined {
  if ('in' in origin) return sealer.sealChangeSet(origin.in.changeSet);
  if ('context' in origin || !joins) return undefined;
  if ('call' in origin) return origin.call.tokens.changeSet;
  const { tenant, call } = origin.as;
  return call?.context.tenant === tenant ? call.tokens.changeSet : undefined;
}

function metadataOf(origin: Origin, signFor: (tenant: string) => string, sealer: Sealer) {
  const { principal, client, headers = {} } = contextOf(origin, signFor, sealer);
  const metadata = new Map<string, readonly WireValue[]>(packHeaders(headers));
  if (principal !== undefined) metadata.set(KEYS.principal, [principal]);
  if (client !== undefined) metadata.set(KEYS.client, [client]);
  injectTrace((name, value) => metadata.set(name, [value]));
  return metadata;
}

function contextOf(origin: Origin, signFor: (tenant: string) => string, sealer: Sealer): OutgoingContext {
  if ('call' in origin) return origin.call.tokens;
  if ('context' in origin) return origin.context;
  if ('in' in origin) {
    const { changeSet, client } = origin.in;
    return { principal: signFor(changeSet.tenant), client: client && sealer.sealClient(client) };
  }
  const { tenant, call } = origin.as;
  return { principal: signFor(tenant), client: call?.context.tenant === tenant ? call.tokens.client : undefined };
}

function limitsOf(origin: Origin, { deadlineMs = DEFAULT_DEADLINE_MS, signal }: CallOptions, now: number) {
  const outer = 'call' in origin ? origin.call : 'as' in origin ? origin.as.call : undefined;
  const deadline = Math.min(now + deadlineMs, outer?.deadline ?? Number.POSITIVE_INFINITY);
  const signals = [signal, outer?.signal].filter((one) => one !== undefined);
  return { deadline, signal: signals.length > 1 ? AbortSignal.any(signals) : signals[0] };
}
