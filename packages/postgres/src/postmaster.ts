import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { isAlive, isWorkedIn, isZombie, waitUntil } from './process.ts';

const PID_FILE = 'postmaster.pid';

/** A server process, as its pid file describes it. */
export type Postmaster = { pid: number; port: number; isReady: boolean };

/** Reads `postmaster.pid`; undefined when there is none, or when the process it names is gone. */
export function findPostmaster(dataDir: string): Postmaster | undefined {
  const lines = pidFile(dataDir)?.split('\n');
  if (!lines) return undefined;
  const pid = Number(lines[0]);
  if (!Number.isInteger(pid) || pid <= 0 || !isAlive(pid) || !isPostgres(pid)) return undefined;
  return { pid, port: Number(lines[3]), isReady: lines[7]?.trim() === 'ready' };
}

/**
 * Removes the pid file of a server that was killed, when something else still answers to its id: a process that is being killed, one that
 * nobody has collected, or another that got the number since. The next server would take that for the old one. Waits until the processes
 * of the old one are gone, so that two never write to one folder.
 */
export async function clearKilled(dataDir: string): Promise<void> {
  const text = pidFile(dataDir);
  if (text === undefined) return;
  const pid = Number(text.split('\n')[0]);
  await waitUntil(() => !isAlive(pid), 1_000);
  const isTaken = isAlive(pid) || isZombie(pid);
  const isQuiet = await waitUntil(() => !isWorkedIn(dataDir), 10_000);
  if (isTaken && isQuiet) rmSync(join(dataDir, PID_FILE), { force: true });
}

/** The text of the pid file, which its server removes when it likes. */
function pidFile(dataDir: string): string | undefined {
  try {
    return readFileSync(join(dataDir, PID_FILE), 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Fast shutdown, and an immediate one when that takes longer than `patience` milliseconds. */
export async function stopPostmaster(dataDir: string, pid: number, patience = 30_000): Promise<void> {
  const isGone = () => findPostmaster(dataDir)?.pid !== pid;
  if (isGone()) return;
  signal(pid, 'SIGINT');
  if (await waitUntil(isGone, patience)) return;
  signal(pid, 'SIGQUIT');
  if (!(await waitUntil(isGone, 10_000))) throw new Error(`PostgreSQL (process ${pid}) does not stop`);
}

/** Whether the server at this address lets us in and serves this data folder. */
export async function serves(url: string, dataDir: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  // A server that goes down while we ask must not take us with it.
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query("select current_setting('data_directory') as folder");
    return rows[0]?.folder === dataDir;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}

// After a crash of the machine the pid in the file may belong to something else by now.
function isPostgres(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('postgres');
  } catch {
    return process.platform !== 'linux';
  }
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}
