import { type ConfigOf, type ConfigSchema, type Environment, loadConfig } from '@postern/config';
import { connectDatabase, type Database, type EntityManager, type Migration } from '@postern/database';
import { bindJobs } from '@postern/jobs';
import { createMessaging, type Messaging, messagingMetrics, messagingOn, messagingTables } from '@postern/messaging';
import { recordSql } from '@postern/observability';
import { directory as directoryApi, jobs as jobsApi } from '@postern/proto';
import { createObjectRights, GRANTS_MIGRATION, modelsAsked, rememberGrants } from '@postern/resource';
import { createRpcServer, type RpcServer } from '@postern/rpc';

import { bindChangeSets } from './change-sets.rpc.ts';
import type { AppManifest, AppParts, PlainDeps, StoringManifest } from './manifest.ts';
import type { Surroundings } from './process.ts';
import { untilReachable } from './reachable.ts';
import { onTenantDeleted, sweepingEnded } from './tenant-ends.ts';
import { onTenantCreated, provisionKnown, TENANTS_MIGRATIONS } from './tenants.ts';
import { trimming } from './trim.job.ts';

/** One app in a process: opened, then serving, then at work. */
export type AppLife = {
  readonly name: AppManifest['name'];
  readonly server?: RpcServer;
  isReady(): Promise<boolean>;
  /** Takes no more calls and lets those under way finish. Safe to call twice. */
  closeServer(): Promise<void>;
  /** Lets events flow and opens what the app listens on. */
  start(): Promise<void>;
};

/** All migrations of an app: what the frame needs, then its own. Tests that make an app's database use it too. */
export function migrationsOf({ name, database }: Pick<StoringManifest, 'name' | 'database'>): Migration[] {
  return [
    { name: 'service/0001-messaging', up: messagingTables(name) },
    ...TENANTS_MIGRATIONS,
    GRANTS_MIGRATION,
    ...database.migrations,
  ];
}

/** Reads settings, opens data, builds the app and seeds its tenants. What it opens is closed by the surroundings, in the opposite order. */
export async function openApp(manifest: AppManifest, around: Surroundings): Promise<AppLife> {
  const deps = plainDeps(manifest, around);
  if (!manifest.database) {
    const parts = await manifest.build(deps);
    return lifeOf(manifest, parts, around);
  }
  const database = await openDatabase(manifest, around);
  const messaging = createMessaging({
    ...messagingOn(database),
    bus: around.bus,
    logger: deps.log,
    metrics: messagingMetrics(around.metrics),
    clock: around.clock,
  });
  const parts = await manifest.build({ ...deps, database, messaging });
  const holdings = deps.client(directoryApi.PermissionDirectoryServiceDefinition, 'directory');
  const asked = modelsAsked(parts.services ?? [], around.contract);
  const consumers = [...(parts.consumers ?? []), rememberGrants({ app: manifest.name, holdings, asked })];
  await subscribe(manifest, { ...parts, consumers }, { messaging, database, log: deps.log, clock: deps.clock });
  const jobs = bindJobs({
    handlers: [...(parts.jobs ?? []), trimming({ database }), sweepingEnded({ database, forget: parts.forget })],
    log: deps.log,
    progress: deps.client(jobsApi.JobProgressServiceDefinition, 'tasks'),
  });
  const services = [...(parts.services ?? []), bindChangeSets({ database }), jobs];
  return lifeOf(manifest, { ...parts, services }, around, { database, messaging });
}

function plainDeps<Schema extends ConfigSchema>(
  { name, settings }: { name: AppManifest['name']; settings: Schema },
  around: Surroundings,
): PlainDeps<ConfigOf<Schema>> {
  const { env, known, network, isReady } = around;
  const log = around.log.child({ service: name });
  const config = readSettings(settings, env, known);
  const { metrics, bus, sealer, contract, secrets, clock, expressions, hosted } = around;
  return {
    name,
    config,
    log,
    metrics,
    bus,
    sealer,
    contract,
    secrets,
    clock,
    expressions,
    hosts: (app) => hosted.has(app),
    isReady,
    client: (definition, app) => network.client(name, definition, app),
  };
}

function readSettings<Schema extends ConfigSchema>(schema: Schema, env: Environment, known: readonly ConfigSchema[]) {
  return loadConfig(schema, { env, known });
}

async function openDatabase(manifest: StoringManifest, around: Surroundings): Promise<Database> {
  const { settings, secrets, closing } = around;
  const url = settings.database.url;
  if (!url) throw new Error('POSTERN_DATABASE__URL: is required');
  const log = around.log.child({ service: manifest.name });
  const options = {
    url: url.reveal(),
    schema: manifest.name,
    entities: manifest.database.entities,
    migrations: migrationsOf(manifest),
    schemas: manifest.database.schemas,
    secretKey: secrets,
    poolSize: settings.database.poolSize,
    changeSets: { limit: settings.changeSets.limit, silenceMs: settings.changeSets.silence },
    onQuery: settings.trace.endpoint ? recordSql : undefined,
    log,
  };
  const database = await untilReachable(() => connectDatabase(options), log);
  closing.defer(() => database.close());
  await database.migrate();
  return database;
}

type Storage = { database: Database; messaging: Messaging<EntityManager> };

async function subscribe(
  { name }: AppManifest,
  { consumers = [], seed = async () => undefined, seedVersion = 1, forget }: AppParts,
  { messaging, database, log, clock }: Storage & Pick<PlainDeps<unknown>, 'log' | 'clock'>,
): Promise<void> {
  for (const consumer of consumers) await messaging.subscribe(consumer);
  const deps = { database, seed, seedVersion, log };
  const ends = { database, outbox: messaging.outbox, forget, clock, log };
  // In order: nobody is given anything after they are gone.
  await messaging.subscribe({
    durable: `${name}_tenants`,
    handlers: [onTenantCreated(deps), onTenantDeleted(ends)],
  });
  await provisionKnown(deps);
}

function lifeOf({ name }: AppManifest, parts: AppParts, around: Surroundings, storage?: Storage): AppLife {
  const { sealer, metrics, contract, tls, closing, settings } = around;
  const { services = [], start, stop } = parts;
  const log = around.log.child({ service: name });
  const objects = storage && parts.local && createObjectRights({ db: storage.database, local: parts.local });
  const wiring = { services, sealer, log, metrics, contract, tls, objects };
  const server = services.length === 0 ? undefined : createRpcServer(wiring);
  let closed: Promise<void> | undefined;
  const closeServer = async () => {
    closed ??= server?.close(settings.drain);
    await closed;
  };
  return {
    name,
    server,
    closeServer,
    isReady: async () => storage === undefined || (await storage.database.isReady()),
    async start() {
      if (storage) {
        closing.defer(() => storage.messaging.stop());
        await storage.messaging.start();
      }
      // Calls finish before the relay stops, so that the events of the last of them still go out.
      closing.defer(closeServer);
      if (stop) closing.defer(() => stop());
      await start?.();
    },
  };
}
