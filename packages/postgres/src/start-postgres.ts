import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync, realpathSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join, resolve } from 'node:path';
import pg from 'pg';
import { locateBinaries } from './binaries.ts';
import { prepareCluster } from './cluster.ts';
import { claim } from './lock.ts';
import { clearKilled, findPostmaster, serves, stopPostmaster } from './postmaster.ts';
import { waitUntil } from './process.ts';
import { type ServerUser, serverUser } from './server-user.ts';

/** What the supervisor reports to. */
export type PostgresLog = {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
};

/** How to run the embedded PostgreSQL. */
export type PostgresOptions = {
  /** Folder of the data; created on first start. Beside it lie `<dataDir>.password`, `.log` and `.lock`. */
  dataDir: string;
  /** Port on 127.0.0.1. Default: one that is free. */
  port?: number;
  /** Database named by the url, created when missing. Default `postgres`. */
  database?: string;
  /** False trades the data's safety for speed; for tests. Default true. */
  durable?: boolean;
  /** Further server settings, such as `{ shared_buffers: '256MB' }`. */
  settings?: Readonly<Record<string, string>>;
  log: PostgresLog;
};

/** A running server. */
export type Postgres = {
  /** Address with the superuser's password. A secret. */
  url: string;
  port: number;
  /** Whether the server was already running, left behind by a parent that was killed. */
  isAdopted: boolean;
  /** Fast shutdown: open transactions are rolled back. Safe to call twice. */
  stop(): Promise<void>;
};

const ALWAYS = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  timezone: 'UTC',
  log_timezone: 'UTC',
  jit: 'off',
};
const CARELESS = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  wal_level: 'minimal',
  max_wal_senders: '0',
};
const START_TIMEOUT = 60_000;

/**
 * Starts the embedded PostgreSQL, or adopts the one that a killed parent left running on the same folder. Rejects with a text that
 * names the cause when another process holds the folder, the port is taken, or the server does not come up.
 */
export async function startPostgres(options: PostgresOptions): Promise<Postgres> {
  const requested = resolve(options.dataDir);
  mkdirSync(dirname(requested), { recursive: true });
  const dataDir = join(realpathSync(dirname(requested)), requested.slice(dirname(requested).length + 1));
  const lock = await claim(`${dataDir}.lock`);
  try {
    const server = await bringUp({ ...options, dataDir });
    let stopping: Promise<void> | undefined;
    const stop = async () => {
      await server.stop();
      await lock.release();
    };
    return {
      ...server,
      stop() {
        stopping ??= stop();
        return stopping;
      },
    };
  } catch (error) {
    await lock.release();
    throw error;
  }
}

async function bringUp(options: PostgresOptions): Promise<Postgres> {
  const { dataDir, log } = options;
  const user = serverUser();
  const binaries = await locateBinaries();
  const password = await prepareCluster(dataDir, binaries, user);
  const running = await adopt(options, password);
  const { pid, port } = running ?? (await launch(options, binaries.postgres, user));
  const stop = async () => {
    await stopPostmaster(dataDir, pid);
    log.info({ pid }, 'PostgreSQL stopped');
  };
  try {
    await createDatabase(addressOf(port, password), options.database);
  } catch (error) {
    await stop();
    throw error;
  }
  log.info({ pid, port, adopted: running !== undefined }, 'PostgreSQL is ready');
  return { url: addressOf(port, password, options.database), port, isAdopted: running !== undefined, stop };
}

async function adopt({ dataDir, port, log }: PostgresOptions, password: string) {
  const left = findPostmaster(dataDir);
  if (!left) {
    await clearKilled(dataDir);
    return undefined;
  }
  await waitUntil(() => findPostmaster(dataDir)?.isReady !== false, START_TIMEOUT);
  const isOurs = (port ?? left.port) === left.port && (await serves(addressOf(left.port, password), dataDir));
  if (isOurs) return left;
  log.warn({ pid: left.pid, port: left.port }, 'stopping a PostgreSQL that was left behind');
  await stopPostmaster(dataDir, left.pid);
  return undefined;
}

/** A port that was free may be taken by the time the server wants it: then another one is tried, unless it was asked for. */
async function launch(options: PostgresOptions, binary: string, user: ServerUser) {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await launchOn(options.port ?? (await freePort()), options, binary, user);
    } catch (error) {
      const isTaken = error instanceof Error && error.message.includes('could not bind');
      if (options.port !== undefined || !isTaken || attempt === 3) throw error;
    }
  }
}

async function launchOn(port: number, options: PostgresOptions, binary: string, user: ServerUser) {
  const settings = {
    ...ALWAYS,
    ...(options.durable === false ? CARELESS : {}),
    ...options.settings,
    port: String(port),
  };
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const logFile = `${options.dataDir}.log`;
  // A group of its own, so that Ctrl-C reaches us alone and the database outlives the services that still use it. It logs to a file,
  // because a pipe would break with its parent.
  const output = openSync(logFile, 'w', 0o600);
  const child = spawn(binary, ['-D', options.dataDir, ...flags], {
    ...user,
    cwd: options.dataDir,
    env: {},
    detached: true,
    stdio: ['ignore', output, output],
  });
  closeSync(output);
  child.unref();
  await untilReady(child, options.dataDir, logFile);
  return { pid: child.pid ?? 0, port };
}

async function untilReady(child: ChildProcess, dataDir: string, logFile: string): Promise<void> {
  let failure: string | undefined;
  child.once('error', (error) => {
    failure = error.message;
  });
  child.once('exit', (code, signal) => {
    failure ??= `it exited with ${code ?? signal}`;
  });
  const isSettled = () => failure !== undefined || findPostmaster(dataDir)?.isReady === true;
  const isInTime = await waitUntil(isSettled, START_TIMEOUT);
  if (isInTime && failure === undefined) return;
  child.kill('SIGINT');
  const tail = readFileSync(logFile, 'utf8').trim().split('\n').slice(-5).join('\n');
  throw new Error(`PostgreSQL did not start: ${failure ?? 'it was not ready in time'}\n${tail}`);
}

async function createDatabase(url: string, name = 'postgres'): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rowCount } = await client.query('select from pg_database where datname = $1', [name]);
    if (!rowCount) await client.query(`create database ${client.escapeIdentifier(name)}`);
  } finally {
    await client.end();
  }
}

function addressOf(port: number, password: string, database = 'postgres'): string {
  return `postgres://postgres:${password}@127.0.0.1:${port}/${encodeURIComponent(database)}`;
}

async function freePort(): Promise<number> {
  const server = createServer();
  const { promise, resolve: listening, reject } = Promise.withResolvers<void>();
  server.once('error', reject).listen(0, '127.0.0.1', listening);
  await promise;
  const address = server.address();
  await new Promise((closed) => server.close(closed));
  if (address === null || typeof address === 'string') throw new Error('no free port was found');
  return address.port;
}
