import { type ConfigSchema, type Environment, environment, ignoredVariables, loadConfig } from '@postern/config';
import type { Catalogue } from '@postern/errors';
import { createExpressions, type ExpressionSettings, type Expressions } from '@postern/expressions';
import { createLocalBus, type EventBus, loadNatsBus } from '@postern/messaging';
import {
  createLogger,
  createMetrics,
  type Logger,
  type Metrics,
  serveProbes,
  startTracing,
} from '@postern/observability';
import {
  type Client,
  type Contract,
  createSealer,
  loadContract,
  loadGrpc,
  type Sealer,
  type ServiceDefinition,
  type ServiceName,
  type Tls,
} from '@postern/rpc';
import { type AppLife, openApp } from './app.life.ts';
import type { AppManifest } from './manifest.ts';
import { natsConnection } from './nats.ts';
import { createNetwork, isApart, type Network } from './network.ts';
import { addressOf, grpcAddress, type ServiceSettings, serviceSettings } from './service.settings.ts';

export type ProcessOptions = {
  /** The apps to run, each after those it needs at its start. The last one stops first. */
  manifests: readonly AppManifest[];
  /** Apps of the installation that run elsewhere: their settings may stand in this environment. */
  elsewhere?: readonly AppManifest[];
  /** Further settings that this environment may hold. */
  settings?: readonly ConfigSchema[];
  /** Default: that of the process. */
  env?: Environment;
  log?: Logger;
  clock?: { now(): Date };
};

/** What the apps of a process share. */
export type Surroundings = {
  readonly env: Environment;
  readonly known: readonly ConfigSchema[];
  readonly settings: ServiceSettings;
  readonly secrets: readonly string[];
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly bus: EventBus;
  readonly sealer: Sealer;
  readonly contract: Contract;
  readonly network: Network;
  /** Apps of this process. */
  readonly hosted: ReadonlySet<ServiceName>;
  readonly tls?: Tls;
  readonly clock: { now(): Date };
  readonly expressions: Expressions;
  isReady(): Promise<boolean>;
  /** What is open, closed in the opposite order. */
  readonly closing: AsyncDisposableStack;
};

/** A running process. */
export type RunningProcess = {
  readonly log: Logger;
  /** Port of metrics and health. */
  readonly metricsPort: number;
  /** Port of gRPC of a service that runs alone. */
  readonly grpcPort?: number;
  /** A client of a service, wherever its app runs, for the composition root. Calls are made in the name of the first app. */
  client<Definition extends ServiceDefinition>(definition: Definition, app?: ServiceName): Client<Definition>;
  /** Stops listening, lets calls finish, stops consumers, closes the rest. Safe to call twice. */
  stop(): Promise<void>;
};

/**
 * Starts apps in this process: one alone (gRPC, and NATS when it is configured) or several together (calls in memory). Resolves when they serve.
 * Rejects when one cannot start; whatever was open is closed then.
 */
export async function startProcess(options: ProcessOptions): Promise<RunningProcess> {
  await using closing = new AsyncDisposableStack();
  const state: State = { lives: [], phase: 'starting' };
  const around = await surroundings(options, state, closing);
  const { settings, log, metrics, bus, network } = around;
  const probes = await serveProbes({ metrics, address: settings.listen.metrics, ready: around.isReady });
  closing.defer(() => probes.close());
  for (const manifest of options.manifests) state.lives.push(await openApp(manifest, around));
  const grpcPort = await serve(state.lives, around);
  for (const life of state.lives) await life.start();
  await bus.start();
  state.phase = 'serving';
  log.info({ apps: state.lives.map(({ name }) => name), ...(grpcPort ? { grpc: grpcPort } : {}) }, 'ready');
  const open = closing.move();
  let stopping: Promise<void> | undefined;
  const stop = async () => {
    state.phase = 'stopping';
    log.info('stopping');
    await open.disposeAsync();
    network.close();
  };
  return {
    log,
    metricsPort: probes.port,
    grpcPort,
    client: (definition, app) => network.client(options.manifests[0]?.name ?? 'gateway', definition, app),
    stop() {
      stopping ??= stop();
      return stopping;
    },
  };
}

type State = { lives: AppLife[]; phase: 'starting' | 'serving' | 'stopping' };

async function surroundings(
  options: ProcessOptions,
  state: State,
  closing: AsyncDisposableStack,
): Promise<Surroundings> {
  const { manifests, elsewhere = [], env = environment(), clock = { now: () => new Date() } } = options;
  const known = [
    serviceSettings,
    ...[...manifests, ...elsewhere].map((each) => each.settings),
    ...(options.settings ?? []),
  ];
  const settings = loadConfig(serviceSettings, { env, known });
  const names = manifests.map(({ name }) => name);
  const level = settings.logLevel === 'warning' ? 'warn' : settings.logLevel;
  const log = options.log ?? createLogger({ level });
  const ignored = ignoredVariables(known, env);
  if (ignored.length > 0) log.warn({ ignored }, 'some AUTHENTIK_ variables mean nothing here');
  const { endpoint, percent } = settings.trace;
  const service = names.length === 1 ? `postern-${names[0]}` : 'postern';
  const tracing = await startTracing({ service, endpoint, ratio: percent / 100 });
  closing.defer(() => tracing.close());
  const metrics = createMetrics();
  const secrets = [settings.secretKey, settings.secretKeyPrevious].flatMap((each) => (each ? [each.reveal()] : []));
  const sealer = createSealer(secrets, { now: () => clock.now().getTime() });
  const tls = tlsOf(settings);
  const bus = await busOf(settings, log);
  closing.defer(() => bus.close());
  const expressions = createExpressions({ log, metrics, settings: engineOf(settings) });
  closing.defer(() => expressions.close());
  const hosted = new Set(names);
  // The first call to another process must not wait for it.
  if (isApart(hosted)) await loadGrpc();
  const network = createNetwork({
    sealer,
    metrics,
    tls,
    hosted,
    addressOf: (app) => addressOf(app, settings),
  });
  const contract = loadContract();
  const isReady = async () =>
    state.phase === 'serving' && (await Promise.all(state.lives.map((life) => life.isReady()))).every(Boolean);
  return {
    env,
    known,
    settings,
    secrets,
    log,
    metrics,
    bus,
    sealer,
    contract,
    network,
    hosted,
    tls,
    clock,
    expressions,
    isReady,
    closing,
  };
}

/** Apps answer each other from here on. One alone also listens on the network. */
async function serve(
  lives: readonly AppLife[],
  { network, settings, closing }: Surroundings,
): Promise<number | undefined> {
  for (const { name, server, closeServer } of lives) {
    if (server) network.host(name, server);
    closing.defer(closeServer);
  }
  const [only, ...others] = lives;
  const address = only && others.length === 0 ? grpcAddress(only.name, settings) : undefined;
  const server = only?.server;
  if (!server || address === undefined) return undefined;
  return server.listen(address);
}

async function busOf({ nats }: ServiceSettings, logger: Logger): Promise<EventBus> {
  if (!nats.url) return createLocalBus();
  const createNatsBus = await loadNatsBus();
  return createNatsBus({ connection: natsConnection(nats.url.reveal()), replicas: nats.replicas, logger });
}

function engineOf({ expressions: { interpreters, spare, idle, cacheDir } }: ServiceSettings): ExpressionSettings {
  return { interpreters, spare, idleMs: idle, ...(cacheDir ? { cacheDir } : {}) };
}

function tlsOf({ tls: { ca, cert, key } }: ServiceSettings): Tls | undefined {
  if (!ca && !cert && !key) return undefined;
  if (!ca || !cert || !key) throw new Error('POSTERN_TLS__CA, POSTERN_TLS__CERT and POSTERN_TLS__KEY belong together');
  return { ca: ca.reveal(), cert: cert.reveal(), key: key.reveal() };
}

/** The reasons that apps can give, for docs/errors.md. */
export function cataloguesOf(manifests: readonly AppManifest[]): Catalogue[] {
  return manifests.flatMap(({ errors = [] }) => errors);
}
