import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Environment } from '@postern/config';
import { type NatsServer, startNats } from './nats.ts';
import { freePorts } from './ports.ts';
import { type PostgresProcess, startPostgresProcess } from './postgres.process.ts';
import { type RoleProcess, roleProcess } from './role.process.ts';
import { TEST_SECRET } from './test-database.ts';

/** The services, those first that others need. */
export const SERVICE_ROLES = ['directory', 'auth', 'providers', 'tasks'] as const;

/** One of the processes of an installation. */
export type RoleName = (typeof SERVICE_ROLES)[number] | 'gateway';

/** Five processes, a database and a broker: an installation as it runs in production. */
export type Roles = {
  /** Origin of the gateway, without a slash at its end. */
  readonly url: string;
  /** Address of the database, as its superuser. */
  readonly databaseUrl: string;
  readonly nats: NatsServer;
  readonly postgres: Pick<PostgresProcess, 'kill' | 'restart'>;
  /** Where a service is reached by gRPC: `host:port`. */
  address(name: (typeof SERVICE_ROLES)[number]): string;
  /** The process of a role, to kill and start again. */
  role(name: RoleName): RoleProcess;
  /** Ends everything and removes its files. */
  stop(): Promise<void>;
};

/** Starts the five roles as real processes with an embedded PostgreSQL and a real nats-server. Resolves when all of them serve. */
export async function startRoles({ env = {} }: { env?: Environment } = {}): Promise<Roles> {
  await using closing = new AsyncDisposableStack();
  const home = await mkdtemp(join(tmpdir(), 'postern-test-'));
  closing.defer(() => rm(home, { recursive: true, force: true }));
  // The server may run as another user than the tests.
  await chmod(home, 0o711);
  const log = { info: () => undefined, warn: () => undefined };
  const settings = { max_connections: '200', shared_buffers: '64MB' };
  const database = await startPostgresProcess({ dataDir: join(home, 'data'), database: 'postern', settings, log });
  closing.defer(() => database.stop());
  const nats = await startNats();
  closing.defer(() => nats.stop());
  const [http, ...ports] = await freePorts(2 * SERVICE_ROLES.length + 2);
  const processes = processesOf(ports, {
    POSTERN_SECRET_KEY: TEST_SECRET,
    POSTERN_DATABASE__URL: database.url,
    POSTERN_NATS__URL: nats.url,
    POSTERN_LISTEN__HTTP: `127.0.0.1:${http}`,
    POSTERN_DRAIN: '2s',
    ...env,
  });
  closing.defer(async () => void (await Promise.all([...processes.values()].map((each) => each.stop()))));
  // All at once, as an orchestrator does: each waits for what it needs.
  await Promise.all([...processes.values()].map((each) => each.start()));
  const open = closing.move();
  return {
    url: `http://127.0.0.1:${http}`,
    databaseUrl: database.url,
    nats,
    postgres: database,
    address: (name) => `127.0.0.1:${ports[2 * SERVICE_ROLES.indexOf(name) + 1]}`,
    role(name) {
      const found = processes.get(name);
      if (!found) throw new TypeError(`there is no ${name}`);
      return found;
    },
    stop: () => open.disposeAsync(),
  };
}

function processesOf(ports: readonly number[], shared: Environment): Map<RoleName, RoleProcess> {
  const portOf = (index: number) => ports[index] ?? 0;
  const services = SERVICE_ROLES.map((name, index) => ({ name, grpc: `127.0.0.1:${portOf(2 * index + 1)}` }));
  const places = services.map(({ name, grpc }) => [`POSTERN_SERVICES__${name.toUpperCase()}`, grpc] as const);
  const env = { ...shared, ...Object.fromEntries(places) };
  const roles = [...services, { name: 'gateway' as const, grpc: undefined }];
  return new Map(
    roles.map(({ name, grpc }, index) => {
      const own = grpc ? { ...env, POSTERN_LISTEN__GRPC: grpc } : env;
      return [name, roleProcess({ role: name, env: own, metricsPort: portOf(2 * index) })];
    }),
  );
}
