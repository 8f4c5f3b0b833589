import { spawn } from 'node:child_process';
import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Postgres, startPostgres } from './index.ts';

const log = { info: () => undefined, warn: () => undefined };
const home = await mkdtemp(join(tmpdir(), 'postern-postgres-'));
await chmod(home, 0o711);
const dataDir = join(home, 'data');
const start = (more: object = {}) => startPostgres({ dataDir, durable: false, log, ...more });

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

/** A parent of its own that starts the server and is then killed with no chance to stop it. */
async function startAndKill(): Promise<string> {
  const code = `import { startPostgres } from ${JSON.stringify(join(import.meta.dirname, 'index.ts'))};
    const log = { info() {}, warn() {} };
    const { url } = await startPostgres({ dataDir: ${JSON.stringify(dataDir)}, durable: false, log });
    process.stdout.write(url + '\\n'); setInterval(() => undefined, 1000);`;
  const file = join(home, 'parent.ts');
  await writeFile(file, code);
  const parent = spawn(process.execPath, ['--conditions=@postern/source', file], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const gone = new Promise((resolve) => parent.once('exit', resolve));
  const [url = ''] = await new Promise<string[]>((resolve) =>
    createInterface(parent.stdout).once('line', (line) => resolve([line])),
  );
  parent.kill('SIGKILL');
  await gone;
  return url;
}

afterAll(() => rm(home, { recursive: true, force: true }));

describe('a supervised server', () => {
  let server: Postgres;

  beforeAll(async () => {
    server = await start({ database: 'postern' });
  });

  it('listens on the loopback only, in UTF-8 and the C locale, and demands its password', async () => {
    const [row] = await query(
      server.url,
      `select current_database() as name, current_setting('listen_addresses') as address,
      current_setting('server_encoding') as encoding, (select datcollate from pg_database where datname = 'postern') as locale`,
    );
    expect(row).toEqual({ name: 'postern', address: '127.0.0.1', encoding: 'UTF8', locale: 'C' });
    const wrong = new URL(server.url);
    wrong.password = 'wrong';
    await expect(query(wrong.href, 'select 1')).rejects.toThrow('password authentication failed');
  });

  it('keeps its password where only we can read it', async () => {
    expect((await stat(`${dataDir}.password`)).mode & 0o777).toBe(0o600);
    expect(server.url).toContain((await readFile(`${dataDir}.password`, 'utf8')).trim());
  });

  it('cannot be started twice on one folder', async () => {
    await expect(start()).rejects.toThrow(`the data folder is in use by process ${process.pid}`);
  });

  it('keeps its data over a restart, and stops twice without complaint', async () => {
    await query(server.url, 'create table kept (id int); insert into kept values (1)');
    await server.stop();
    await server.stop();
    server = await start({ database: 'postern' });
    expect(server.isAdopted).toBe(false);
    expect(await query(server.url, 'select id from kept')).toEqual([{ id: 1 }]);
    await server.stop();
  });

  it('says why it does not start', async () => {
    await expect(start({ settings: { shared_buffers: 'nonsense' } })).rejects.toThrow(
      /did not start.*\n.*shared_buffers/s,
    );
    const other = await startPostgres({ dataDir: join(home, 'other'), durable: false, log });
    await expect(start({ port: other.port })).rejects.toThrow(/did not start.*(in use|could not)/s);
    await other.stop();
  });
});

/** Below the range from which the system takes ports for connections, so that nobody else takes it meanwhile. */
async function freePort(): Promise<number> {
  const server = createServer();
  for (let port = 20_000 + (process.pid % 10_000); ; port += 1) {
    const isFree = await new Promise<boolean>((resolve) => {
      server.once('error', () => resolve(false)).listen(port, '127.0.0.1', () => resolve(true));
    });
    if (!isFree) continue;
    await new Promise((closed) => server.close(closed));
    return port;
  }
}

describe('a server whose parent was killed', () => {
  it('is adopted with its connections alive, and stopped in the end', async () => {
    const url = await startAndKill();
    const server = await start();
    expect(server).toMatchObject({ isAdopted: true, url });
    expect(await query(server.url, 'select 1 as one')).toEqual([{ one: 1 }]);
    await server.stop();
    await expect(query(url, 'select 1')).rejects.toThrow('ECONNREFUSED');
  });

  it('is replaced when another port is wanted', async () => {
    const url = await startAndKill();
    const port = await freePort();
    const server = await start({ port });
    expect(server).toMatchObject({ isAdopted: false, port });
    await expect(query(url, 'select 1')).rejects.toThrow('ECONNREFUSED');
    await server.stop();
  });

  it('is started anew when it was killed too', async () => {
    const url = await startAndKill();
    await query(url, 'checkpoint');
    const [pid] = (await readFile(join(dataDir, 'postmaster.pid'), 'utf8')).split('\n');
    process.kill(Number(pid), 'SIGKILL');
    const server = await start();
    expect(server.isAdopted).toBe(false);
    await server.stop();
  });
});

it('leaves nothing that looks like a database when the first start fails', async () => {
  const blocked = join(home, 'blocked');
  await writeFile(blocked, '');
  await expect(startPostgres({ dataDir: join(blocked, 'data'), log })).rejects.toThrow();
});

it('asks for the password file when it is lost, instead of losing the data', async () => {
  await rm(`${dataDir}.password`);
  await expect(start()).rejects.toThrow('its password file');
});
