import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** A real nats-server with JetStream, on a port and in a folder of its own. */
export type NatsServer = {
  /** Address for clients; the same over restarts. */
  readonly url: string;
  /** Ends it at once, as a crash does (SIGKILL). What it has stored stays. */
  kill(): Promise<void>;
  /** Starts it again after `kill`, on the same port and files. Resolves when it takes connections. */
  restart(): Promise<void>;
  /** Ends it and removes its files. */
  stop(): Promise<void>;
};

const START_MS = 10_000;

/** Whether nats-server can be run here. False skips a suite on a developer's machine; CI installs it, so there its absence throws. */
export function hasNatsServer(isRequired: boolean): boolean {
  const isThere = spawnSync('nats-server', ['--version']).status === 0;
  if (!isThere && isRequired) throw new Error('nats-server is not on PATH: apt-get install nats-server');
  return isThere;
}

/** Starts a nats-server. */
export async function startNats(): Promise<NatsServer> {
  const home = await mkdtemp(join(tmpdir(), 'postern-nats-'));
  const port = await freePort();
  const log = join(home, 'server.log');
  const flags = ['-a', '127.0.0.1', '-p', String(port), '-js', '-sd', join(home, 'data'), '-l', log];
  let server: ChildProcess | undefined;

  async function start(): Promise<void> {
    server = spawn('nats-server', flags, { stdio: 'ignore' });
    const deadline = Date.now() + START_MS;
    while (!(await answers(port))) {
      const hasEnded = server.exitCode !== null || Date.now() > deadline;
      if (hasEnded) throw new Error(`nats-server did not start: ${await readFile(log, 'utf8').catch(() => 'no log')}`);
      await sleep(10);
    }
  }

  async function end(signal: NodeJS.Signals): Promise<void> {
    const ending = server;
    server = undefined;
    if (!ending || ending.exitCode !== null || ending.signalCode !== null) return;
    ending.kill(signal);
    await once(ending, 'exit');
  }

  const forget = (): void => void server?.kill('SIGKILL');
  process.once('exit', forget);
  await start();
  return {
    url: `nats://127.0.0.1:${port}`,
    kill: () => end('SIGKILL'),
    restart: start,
    async stop() {
      process.off('exit', forget);
      await end('SIGKILL');
      await rm(home, { recursive: true, force: true });
    },
  };
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

/** A server that listens sends its INFO line at once. */
async function answers(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    const [greeting] = await once(socket, 'data');
    return String(greeting).startsWith('INFO');
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
