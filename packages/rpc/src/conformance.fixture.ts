import { PosternError } from '@postern/errors';
import { createLogger } from '@postern/observability';
import { conformance } from '@postern/proto';
import { afterAll, beforeEach } from 'vitest';
import {
  bind,
  type Call,
  type Channel,
  type ClientInfo,
  createClient,
  createRpcServer,
  createSealer,
  grpcChannel,
  noClient,
  type Origin,
  type Principal,
  type RpcServer,
  type Tls,
  type UserPrincipal,
} from './index.ts';

/** Two tenants of the suite. */
export const TENANT = '0198a6f0-0000-7000-8000-000000000001';
export const OTHER_TENANT = '0198a6f0-0000-7000-8000-000000000002';

export const sealer = createSealer('the secret key of the suite');

/** How the suite reaches the server. */
export type Transport = 'memory' | 'grpc';

export type Handle = (request: conformance.Echo, call: Call) => Promise<conformance.Echo>;

/** A running server, a client of it, and the lines it logged. */
export type Suite = Awaited<ReturnType<typeof startSuite>>;

/** Starts the conformance service; `handlers.echo` is what its echoing RPCs do, and may be replaced at any time. */
export async function startSuite(transport: Transport, options: { tls?: Tls } = {}) {
  const lines: string[] = [];
  const handlers: { echo: Handle } = { echo: async (request) => request };
  const log = createLogger({ output: { write: (line: string) => void lines.push(line) } });
  const server = createRpcServer({ services: [echoService(handlers)], sealer, log, ...options });
  const { channel, port } = await open(server, transport, options.tls);
  const client = createClient(conformance.EchoServiceDefinition, channel, { sealer, service: 'tasks' });
  const stop = async () => {
    channel.close();
    await server.close(1_000);
  };
  return { server, channel, client, handlers, lines, port, stop };
}

/** Starts one over each transport, for the tests of a file: `describe.each`. What its handlers do and what it logged is forgotten before each. */
export async function startSuites(): Promise<{ transport: Transport; suite: Suite }[]> {
  const transports: readonly Transport[] = ['memory', 'grpc'];
  const started = await Promise.all(
    transports.map(async (transport) => ({ transport, suite: await startSuite(transport) })),
  );
  afterAll(async () => void (await Promise.all(started.map(({ suite }) => suite.stop()))));
  beforeEach(() => {
    for (const { suite } of started) {
      suite.handlers.echo = async (request) => request;
      suite.lines.length = 0;
    }
  });
  return started;
}

/** The conformance service, for servers of its tests. */
export function echoService(handlers: { echo: Handle }) {
  const echo: Handle = (request, call) => handlers.echo(request, call);
  return bind(conformance.EchoServiceDefinition, {
    public: echo,
    authenticated: echo,
    session: echo,
    superuser: echo,
    internal: echo,
    permission: echo,
    createNote: async (note) => note,
    updateNote: async ({ note }) => conformance.Note.fromPartial(note ?? {}),
  });
}

async function open(server: RpcServer, transport: Transport, tls?: Tls): Promise<{ channel: Channel; port: number }> {
  if (transport === 'memory') return { channel: server.channel(), port: 0 };
  const port = await server.listen('localhost:0');
  return { channel: grpcChannel(`localhost:${port}`, { tls }), port };
}

/** A signed-in person without any right; override what matters. */
export function aUser(overrides: Partial<UserPrincipal> = {}): UserPrincipal {
  const user = {
    pk: 7,
    uuid: 'u-7',
    username: 'ada',
    name: 'Ada',
    email: 'ada@example.com',
    type: 'internal',
  } as const;
  return { kind: 'user', tenant: TENANT, user, superuser: false, permissions: [], via: 'api_token', ...overrides };
}

/** The client of a request that came through the edge. */
export function aClient(overrides: Partial<ClientInfo> = {}): ClientInfo {
  return {
    ...noClient(TENANT, 'request-1'),
    address: '192.0.2.1',
    userAgent: 'Suite',
    host: 'sso.example.com',
    ...overrides,
  };
}

/** Calls on behalf of a principal. */
export function from(principal?: Principal, client: ClientInfo = aClient()) {
  const sealed = principal && sealer.sealPrincipal(principal);
  return { context: { principal: sealed, client: sealer.sealClient(client) } };
}

/** A call on behalf of nobody. */
export const nobody: Origin = from();

/** The error of a call that must fail. */
export function refusal(call: Promise<unknown>): Promise<PosternError> {
  return call.then(
    () => Promise.reject(new Error('it was not refused')),
    (error: unknown) => (error instanceof PosternError ? error : Promise.reject(error)),
  );
}
