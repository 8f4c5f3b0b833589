import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const START_MS = 60_000;

/** What a process under test runs: what `npm start` runs, or the sources as they stand. */
export type Code = 'built' | 'sources';

const MAIN: Readonly<Record<Code, readonly string[]>> = {
  built: ['--max-semi-space-size=16', 'apps/standalone/dist/main.js'],
  sources: ['--max-semi-space-size=16', '--conditions=@postern/source', 'apps/standalone/src/main.ts'],
};

/** A running process of the platform. */
export type Running = {
  readonly pid: number;
  /** Milliseconds from the spawn until it was ready. */
  readonly startedIn: number;
  /** Drains and stops it. Safe to call twice. */
  stop(): Promise<void>;
};

/** How to start a process of the platform. */
export type StartOptions = {
  code: Code;
  /** One service alone; everything in one process by default. */
  role?: string;
  env: Readonly<Record<string, string>>;
  /** Address that answers 200 when the process is ready. */
  readyUrl: string;
  /** Further flags of Node, such as `--cpu-prof`. */
  flags?: readonly string[];
};

/** Starts a process and waits until it is ready. What it logs is shown when it does not come up. */
export async function startPlatform({ code, role, env, readyUrl, flags = [] }: StartOptions): Promise<Running> {
  const begin = performance.now();
  // The process stops by itself when this one dies, however it dies.
  const tether = ['--import', new URL('../../../scripts/tether.mjs', import.meta.url).href];
  const child = spawn('node', [...flags, ...tether, ...MAIN[code], ...(role === undefined ? [] : [role])], {
    cwd: ROOT,
    env: { ...inherited(), POSTERN_LOG_LEVEL: 'warn', ...env },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    detached: true,
  });
  const lines = collect(child);
  const ended = once(child, 'exit');
  const stop = async () => {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM');
    await ended;
  };
  try {
    await untilReady(readyUrl, child);
  } catch (error) {
    await stop();
    throw new Error(`${role ?? 'standalone'} did not start. ${error}\n${lines.join('')}`, { cause: error });
  }
  return { pid: child.pid ?? 0, startedIn: performance.now() - begin, stop };
}

function inherited(): NodeJS.ProcessEnv {
  const foreign = Object.entries(process.env).filter(([name]) => !/^(POSTERN|AUTHENTIK)_/.test(name));
  return Object.fromEntries(foreign);
}

function collect(child: ChildProcess): readonly string[] {
  const lines: string[] = [];
  const keep = (chunk: Buffer) => {
    lines.push(chunk.toString());
    if (lines.length > 200) lines.shift();
  };
  child.stdout?.on('data', keep);
  child.stderr?.on('data', keep);
  return lines;
}

async function untilReady(url: string, child: ChildProcess): Promise<void> {
  const limit = performance.now() + START_MS;
  let last = 'no answer';
  while (child.exitCode === null && performance.now() < limit) {
    const answer = await fetch(url).catch(() => undefined);
    if (answer) last = `${answer.status} ${await answer.text()}`;
    if (answer?.ok) return;
    await sleep(10);
  }
  throw new Error(`${url} was not ready: ${last}`);
}

/** A port that was free a moment ago. */
export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  if (address === null || typeof address === 'string') throw new Error('no free port was found');
  return address.port;
}

/** Memory of a process in MiB: what it holds (rss), and its share of what it holds together with others (pss). */
export function memoryOf(pid: number): { rss: number; pss: number } {
  const text = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
  const read = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(text)?.[1] ?? Number.NaN) / 1024;
  return { rss: read('Rss'), pss: read('Pss') };
}

/** Processor time that a process has used so far, in milliseconds. */
export function cpuOf(pid: number): number {
  const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  // utime and stime, in ticks of 10 ms.
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

/** Whether this machine tells what processes use. */
export const canLookInside = existsSync('/proc/self/smaps_rollup');
