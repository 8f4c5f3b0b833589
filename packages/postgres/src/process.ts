import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** Whether a process runs. A zombie that nobody has collected is dead. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM says that it runs, under another user.
    if (!(error instanceof Error && 'code' in error && error.code === 'EPERM')) return false;
  }
  return statOf(pid)?.state !== 'Z';
}

/** Whether a process is over, but still in the table because nobody has collected it: to others it looks alive. */
export function isZombie(pid: number): boolean {
  return statOf(pid)?.state === 'Z';
}

/** Whether any process works in a folder. Only Linux can say; elsewhere the answer is no. */
export function isWorkedIn(folder: string): boolean {
  try {
    return readdirSync('/proc').some((name) => /^\d+$/.test(name) && workingFolder(name) === folder);
  } catch {
    return false;
  }
}

function workingFolder(pid: string): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return undefined;
  }
}

/** When a process began, in the kernel's ticks: tells it from a later one with the same id. Undefined where the system does not say. */
export function startTime(pid: number): string | undefined {
  return statOf(pid)?.started;
}

/** Looks every 10 ms until `done` holds; answers whether it did within `timeout` milliseconds. */
export async function waitUntil(done: () => boolean | Promise<boolean>, timeout: number): Promise<boolean> {
  const deadline = Date.now() + timeout;
  while (!(await done())) {
    if (Date.now() > deadline) return false;
    await sleep(10);
  }
  return true;
}

function statOf(pid: number): { state: string | undefined; started: string | undefined } | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field is the name in parentheses and may hold blanks; what follows it is regular.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return { state: fields[0], started: fields[19] };
  } catch {
    return undefined;
  }
}
