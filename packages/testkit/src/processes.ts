import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Environment } from '@postern/config';
import { copyInstallation } from './copy-installation.ts';
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
  /** A process of a role, to kill and start again; with replicas, the first unless told which. */
  role(name: RoleName, replica?: number): RoleProcess;
  /** Ends everything and removes its files. */
  stop(): Promise<void>;
};

/** What an installation starts with. */
export type RolesOptions = {
  env?: Environment;
  /** How many processes of a service run. Default 1. */
  replicas?: Partial<Record<(typeof SERVICE_ROLES)[number], number>>;
  /** Data folder of a stopped installation of one process, whose database these start with a copy of. Default: a new one. */
  from?: string | undefined;
};

/** Starts the five roles as real processes with an embedded PostgreSQL and a real nats-server. Resolves when all of them serve. */
export async function startRoles({ env = {}, replicas = {}, from }: RolesOptions = {}): Promise<Roles> {
  await using closing = new AsyncDisposableStack();
  const home = await mkdtemp(join(tmpdir(), 'postern-test-'));
  closing.defer(() => rm(home, { recursive: true, force: true }));
  // The server may run as another user than the tests.
  await chmod(home, 0o711);
  if (from) await copyInstallation(from, home);
  const log = { info: () => undefined, warn: () => undefined };
  const settings = { max_connections: '200', shared_buffers: '64MB' };
  const database = await startPostgresProcess({ dataDir: join(home, 'postgres'), database: 'postern', settings, log });
  closing.defer(() => database.stop());
  const nats = await startNats();
  closing.defer(() => nats.stop());
  const services = SERVICE_ROLES.flatMap((name) => Array.from({ length: replicas[name] ?? 1 }, () => name));
  const [http, ...ports] = await freePorts(2 * services.length + 2);
  const processes = processesOf(services, ports, {
    POSTERN_SECRET_KEY: TEST_SECRET,
    POSTERN_DATABASE__URL: database.url,
    POSTERN_NATS__URL: nats.url,
    POSTERN_LISTEN__HTTP: `127.0.0.1:${http}`,
    POSTERN_LISTEN__HTTPS: 'off',
    POSTERN_DRAIN: '2s',
    ...env,
  });
  closing.defer(async () => void (await Promise.all(processes.map(({ process }) => process.stop()))));
  // All at once, as an orchestrator does: each waits for what it needs.
  await Promise.all(processes.map(({ process }) => process.start()));
  const open = closing.move();
  return {
    url: `http://127.0.0.1:${http}`,
    databaseUrl: database.url,
    nats,
    postgres: database,
    address: (name) => processes.find((one) => one.name === name)?.grpc ?? '',
    role(name, replica = 0) {
      const found = processes.filter((one) => one.name === name)[replica];
      if (!found) throw new TypeError(`there is no ${name}`);
      return found.process;
    },
    stop: () => open.disposeAsync(),
  };
}

type Placed = { readonly name: RoleName; readonly grpc: string | undefined; readonly process: RoleProcess };

function processesOf(
  names: readonly (typeof SERVICE_ROLES)[number][],
  ports: readonly number[],
  shared: Environment,
): Placed[] {
  const portOf = (index: number) => ports[index] ?? 0;
  const services = names.map((name, index) => ({ name, grpc: `127.0.0.1:${portOf(2 * index + 1)}` }));
  const places = [...Map.groupBy(services, ({ name }) => name)].map(
    ([name, replicas]) =>
      [`POSTERN_SERVICES__${name.toUpperCase()}`, replicas.map(({ grpc }) => grpc).join(',')] as const,
  );
  const env = { ...shared, ...Object.fromEntries(places) };
  const roles = [...services, { name: 'gateway' as const, grpc: undefined }];
  return roles.map(({ name, grpc }, index) => {
    const own = grpc ? { ...env, POSTERN_LISTEN__GRPC: grpc } : env;
    return { name, grpc, process: roleProcess({ role: name, env: own, metricsPort: portOf(2 * index) }) };
  });
}
