import { defineConfig, type Environment, text } from '@postern/config';
import { DEFAULT_TENANT } from '@postern/database';
import { defineEvent, fact, on } from '@postern/messaging';
import { createLogger } from '@postern/observability';
import { conformance } from '@postern/proto';
import { asService, type BoundService, type Client, type ServiceName } from '@postern/rpc';
import { TEST_SECRET, testDatabase } from '@postern/testkit';
import { afterEach, expect, it } from 'vitest';
import {
  type AppManifest,
  type AppParts,
  defineApp,
  migrationsOf,
  type RunningProcess,
  type StoringDeps,
  startProcess,
  TENANT_CREATED,
} from './index.ts';

type Echo = Client<typeof conformance.EchoServiceDefinition>;
type Note = conformance.Echo;

const OTHER = '0197c0de-0000-7000-8000-000000000002';
const NOTED = defineEvent(TENANT_CREATED, conformance.Echo, 'postern.conformance.v1.Echo');
const settings = defineConfig({ greeting: text('What echoes start with.', 'hello') });
const database = {
  entities: [],
  migrations: [{ name: 'test/0001-seeded', up: ['create table seeded (tenant uuid, times integer)'] }],
};

const running: RunningProcess[] = [];
afterEach(async () => {
  for (const each of running.splice(0).reverse()) await each.stop();
});

function envOf(url: string, extra: Environment = {}): Environment {
  return {
    POSTERN_SECRET_KEY: TEST_SECRET,
    POSTERN_DATABASE__URL: url,
    POSTERN_LISTEN__METRICS: '127.0.0.1:0',
    POSTERN_LISTEN__GRPC: '127.0.0.1:0',
    ...extra,
  };
}

async function start(manifests: AppManifest[], env: Environment): Promise<RunningProcess> {
  const started = await startProcess({ manifests, env, log: createLogger({ level: 'silent' }) });
  running.push(started);
  return started;
}

/** An app that echoes, seeds tenants, and answers `slow` when it is told to. */
function anApp(name: ServiceName, parts: (deps: StoringDeps<{ readonly greeting: string }>) => AppParts = () => ({})) {
  return defineApp({
    name,
    settings,
    database,
    build: (deps) => ({ services: [echo(`${deps.config.greeting} from ${name}`)], ...parts(deps) }),
  });
}

function echo(greeting: string, wait: () => Promise<void> = async () => undefined): BoundService {
  const answer = async (request: unknown): Promise<Note> => {
    await wait();
    return conformance.Echo.fromPartial({ text: `${greeting}: ${conformance.Echo.fromPartial(request ?? {}).text}` });
  };
  const definition = conformance.EchoServiceDefinition;
  return { definition, handlers: Object.fromEntries(Object.keys(definition.methods).map((name) => [name, answer])) };
}

/** An app without data that calls another. */
function aCaller(callee: ServiceName, onBuilt: (client: Echo) => void) {
  return defineApp({
    name: 'gateway',
    settings: defineConfig({}),
    build(deps) {
      onBuilt(deps.client(conformance.EchoServiceDefinition, callee));
      return {};
    },
  });
}

async function freshDatabase() {
  const manifest = anApp('directory');
  return testDatabase({ schema: 'directory', entities: [], migrations: migrationsOf(manifest) });
}

it('does not start without a secret key, and says so', async () => {
  await expect(start([anApp('directory')], {})).rejects.toThrow('POSTERN_SECRET_KEY: is required');
});

it('does not start with a setting that no app knows', async () => {
  const env = envOf('postgres://nobody@127.0.0.1:1/none', { POSTERN_GREETIN: 'hi' });
  await expect(start([anApp('directory')], env)).rejects.toThrow('did you mean POSTERN_GREETING?');
});

it('leaves nothing open when an app cannot be built', async () => {
  const { url } = await freshDatabase();
  const broken = anApp('directory', () => {
    throw new Error('cannot be built');
  });
  await expect(start([broken], envOf(url))).rejects.toThrow('cannot be built');
});

it('lets apps of one process call each other', async () => {
  const { url } = await freshDatabase();
  let client: Echo | undefined;
  const caller = aCaller('directory', (built) => {
    client = built;
  });
  await start([anApp('directory'), caller], envOf(url, { POSTERN_GREETING: 'good day' }));
  const answer = await client?.internal({ text: 'x' }, asService(DEFAULT_TENANT));
  expect(answer?.text).toBe('good day from directory: x');
});

it('lets apps of two processes call each other over gRPC', async () => {
  const { url } = await freshDatabase();
  const { grpcPort } = await start([anApp('directory')], envOf(url));
  let client: Echo | undefined;
  const caller = aCaller('directory', (built) => {
    client = built;
  });
  await start([caller], envOf(url, { POSTERN_SERVICES__DIRECTORY: `127.0.0.1:${grpcPort}` }));
  const answer = await client?.internal({ text: 'x' }, asService(DEFAULT_TENANT));
  expect(answer?.text).toBe('hello from directory: x');
});

it('seeds the default tenant at the start, and an announced one with its event', async () => {
  const { url, sql } = await freshDatabase();
  const seeded = Promise.withResolvers<void>();
  const app = anApp('directory', ({ messaging, database: db }) => ({
    async seed(tenant, em) {
      await em.execute('insert into seeded (tenant, times) values (?, 1)', [tenant]);
    },
    consumers: [{ durable: 'directory_test', handlers: [on(NOTED, async () => seeded.resolve())] }],
    start: () =>
      db.write({ tenant: OTHER }, async (em) => {
        const note = fact(NOTED, conformance.Echo.fromPartial({}));
        await messaging.outbox.record(em, { tenant: OTHER }, note);
      }),
  }));
  await start([app], envOf(url));
  await seeded.promise;
  await expect
    .poll(async () =>
      (await sql<{ tenant: string }>('select tenant from known_tenant order by tenant')).map((row) => row.tenant),
    )
    .toEqual([DEFAULT_TENANT, OTHER]);
  expect(await sql('select tenant from seeded order by tenant')).toEqual([
    { tenant: DEFAULT_TENANT },
    { tenant: OTHER },
  ]);
});

it('is ready while it serves, and not before', async () => {
  const { url } = await freshDatabase();
  const before: boolean[] = [];
  const app = anApp('directory', ({ isReady }) => ({
    start: async () => void before.push(await isReady()),
  }));
  const { metricsPort } = await start([app], envOf(url));
  const answer = await fetch(`http://127.0.0.1:${metricsPort}/-/health/ready/`);
  expect([before, answer.status]).toEqual([[false], 204]);
});

it('lets a call finish that is under way when the process stops, and refuses the next', async () => {
  const { url } = await freshDatabase();
  const entered = Promise.withResolvers<void>();
  const leave = Promise.withResolvers<void>();
  let calls = 0;
  const slow = echo('slow', async () => {
    calls += 1;
    entered.resolve();
    if (calls === 1) await leave.promise;
  });
  let client: Echo | undefined;
  const caller = aCaller('directory', (built) => {
    client = built;
  });
  const started = await start([anApp('directory', () => ({ services: [slow] })), caller], envOf(url));
  const answer = client?.internal({ text: 'x' }, asService(DEFAULT_TENANT));
  await entered.promise;
  const stopped = started.stop();
  const next = () => client?.internal({ text: 'y' }, asService(DEFAULT_TENANT)).catch((error: Error) => error.message);
  await expect.poll(next).toMatch(/not available/);
  leave.resolve();
  expect((await answer)?.text).toBe('slow: x');
  await stopped;
});
