import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type Environment, environment } from '@postern/config';

const COMMAND = fileURLToPath(new URL('../../../apps/standalone/src/main.ts', import.meta.url));
const TETHER = new URL('../../../scripts/tether.mjs', import.meta.url).href;
const START_MS = 120_000;
const KEPT_CHARACTERS = 20_000;

/** The `postern` command as a process of its own. */
export type RoleProcess = {
  /** Starts it, from the sources, and resolves when it says that it can serve. */
  start(): Promise<void>;
  /** Ends it at once, as a crash does. */
  kill(): Promise<void>;
  /** Tells it to drain. Resolves with its exit code. */
  stop(): Promise<number | null>;
  /** What it printed last. */
  output(): string;
  /** Id of the process while it runs. */
  pid(): number | undefined;
};

/** What a process runs with. */
export type RoleProcessOptions = {
  /** The role; none runs everything. */
  role?: string;
  env: Environment;
  /** Port of its metrics and health. */
  metricsPort: number;
};

/** Prepares a process; nothing runs yet. It ends with this process, however that ends. */
export function roleProcess({ role, env, metricsPort }: RoleProcessOptions): RoleProcess {
  const flags = ['--conditions=@postern/source', '--import', TETHER, COMMAND, ...(role ? [role] : [])];
  const { PATH, HOME, TMPDIR, NODE_COMPILE_CACHE } = environment();
  const full = { PATH, HOME, TMPDIR, NODE_COMPILE_CACHE, ...env, POSTERN_LISTEN__METRICS: `127.0.0.1:${metricsPort}` };
  let child: ChildProcess | undefined;
  let printed = '';

  const keep = (chunk: Buffer) => {
    printed = (printed + chunk).slice(-KEPT_CHARACTERS);
  };
  const hasEnded = () => child === undefined || child.exitCode !== null || child.signalCode !== null;

  async function end(signal: NodeJS.Signals): Promise<number | null> {
    const ending = child;
    if (!ending || hasEnded()) return ending?.exitCode ?? null;
    ending.kill(signal);
    await once(ending, 'exit');
    return ending.exitCode;
  }

  return {
    async start() {
      child = spawn(process.execPath, flags, { env: full, stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
      child.stdout?.on('data', keep);
      child.stderr?.on('data', keep);
      const limit = Date.now() + START_MS;
      while (!(await isReady(metricsPort))) {
        if (hasEnded() || Date.now() > limit) throw new Error(`${role ?? 'postern'} did not become ready:\n${printed}`);
        await sleep(20);
      }
    },
    kill: async () => void (await end('SIGKILL')),
    stop: () => end('SIGTERM'),
    output: () => printed,
    pid: () => (hasEnded() ? undefined : child?.pid),
  };
}

async function isReady(port: number): Promise<boolean> {
  try {
    const { ok } = await fetch(`http://127.0.0.1:${port}/-/health/ready/`);
    return ok;
  } catch {
    return false;
  }
}
