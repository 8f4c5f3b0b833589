import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startPostgres } from '@postern/postgres';
import pg from 'pg';
import { type Code, freePort, type Running, startPlatform } from './platform.ts';

/** A standalone platform with a database of its own, as `npm start` runs it. */
export type Installation = {
  readonly host: string;
  readonly port: number;
  /** The process that runs now. */
  readonly server: Running;
  /** API token of the superuser. */
  readonly token: string;
  /** Address of its database, as the superuser of PostgreSQL. */
  readonly databaseUrl: string;
  /** Connections of the superuser of PostgreSQL, whom no policy binds. */
  readonly sql: pg.Pool;
  /** Calls the API as the superuser; rejects unless it answers 2xx. */
  api<Answer>(method: string, path: string, body?: object): Promise<Answer>;
  /** Ends the process and starts it again on what is there. */
  restart(): Promise<void>;
  stop(): Promise<void>;
};

/** What the standalone process gives its own PostgreSQL. */
const SMALL = { shared_buffers: '64MB', max_connections: '100' };
/** Time for the bootstrap token to be worth something. */
const TOKEN_MS = 10_000;
const quiet = { info: () => undefined, warn: () => undefined };

/** Starts PostgreSQL in a temporary folder; the folder goes with it. */
export async function startDatabase() {
  const folder = await mkdtemp(join(tmpdir(), 'postern-bench-'));
  // The server may run as another user.
  await chmod(folder, 0o711);
  const server = await startPostgres({
    dataDir: join(folder, 'postgres'),
    database: 'postern',
    settings: SMALL,
    log: quiet,
  });
  return {
    folder,
    url: server.url,
    async stop() {
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Starts an installation. `flags` are further ones of Node, `settings` further ones of the platform. */
export async function startInstallation(
  code: Code,
  flags: readonly string[] = [],
  settings: Readonly<Record<string, string>> = {},
): Promise<Installation> {
  await using closing = new AsyncDisposableStack();
  const database = await startDatabase();
  closing.defer(() => database.stop());
  const host = '127.0.0.1';
  const port = await freePort();
  const token = randomBytes(24).toString('hex');
  const env = {
    POSTERN_DATA_DIR: database.folder,
    POSTERN_DATABASE__URL: database.url,
    POSTERN_LISTEN__HTTP: `${host}:${port}`,
    POSTERN_LISTEN__HTTPS: 'off',
    POSTERN_LISTEN__METRICS: '127.0.0.1:0',
    POSTERN_BOOTSTRAP_TOKEN: token,
    POSTERN_BOOTSTRAP_PASSWORD: randomBytes(12).toString('hex'),
    // All load comes from one address.
    POSTERN_LIMITS__ANONYMOUS_RATE: '0',
    ...settings,
  };
  const boot = () => startPlatform({ code, env, readyUrl: `http://${host}:${port}/-/health/ready/`, flags });
  let server = await boot();
  closing.defer(() => server.stop());
  const sql = new pg.Pool({ connectionString: database.url, max: 4 });
  closing.defer(() => sql.end());
  const api: Installation['api'] = (method, path, body) =>
    callApi(`http://${host}:${port}/api/v3${path}`, token, method, body);
  await untilKnown(() => api('GET', '/core/users/me/'));
  const open = closing.move();
  return {
    host,
    port,
    get server() {
      return server;
    },
    token,
    databaseUrl: database.url,
    sql,
    api,
    async restart() {
      await server.stop();
      server = await boot();
    },
    stop: () => open.disposeAsync(),
  };
}

/** The first administrator gets the token once the event of their creation has arrived. */
async function untilKnown(ask: () => Promise<unknown>): Promise<void> {
  const limit = performance.now() + TOKEN_MS;
  for (;;) {
    try {
      await ask();
      return;
    } catch (error) {
      if (performance.now() > limit) throw error;
      await sleep(50);
    }
  }
}

async function callApi<Answer>(url: string, token: string, method: string, body?: object): Promise<Answer> {
  const headers = { authorization: `Bearer ${token}`, ...(body ? { 'content-type': 'application/json' } : {}) };
  const answer = await fetch(url, { method, headers, ...(body ? { body: JSON.stringify(body) } : {}) });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${url} answered ${answer.status}: ${text.slice(0, 300)}`);
  return JSON.parse(text || 'null');
}
