import { readFile } from 'node:fs/promises';
import { ExpressionError } from './expression.error.ts';

/** Looks after a child from outside, for the cases that its own limits do not reach. */
export type Watch = {
  /** The child is loaded: what it holds now is its own. */
  settle(): void;
  /** Says whether the child computes (or else waits: for a question, or for us). */
  computing(isComputing: boolean): void;
};

/** Beyond the hard limit, in which the child ends itself: one that is stuck inside a single instruction cannot. */
const MARGIN_MS = 250;
const LOOK_MS = 50;
/** What JavaScript and the copies on the way may hold beside the memory of Python. */
const ASIDE = 256 * 1024 * 1024;

export function createWatch({
  pid,
  memory,
  hardMs,
  onOverrun,
}: {
  pid: number | undefined;
  memory: number;
  hardMs: number;
  onOverrun: (error: Error) => void;
}): Watch {
  let timer: NodeJS.Timeout | undefined;
  let since = 0;
  let settled: Promise<number | undefined> | undefined;

  const look = async () => {
    if (performance.now() - since > hardMs + MARGIN_MS) return onOverrun(stubborn());
    const [held, before] = await Promise.all([residentBytes(pid), settled]);
    if (held !== undefined && before !== undefined && held > before + memory + ASIDE)
      onOverrun(new ExpressionError('memory', 'The expression wants more memory than it may have.'));
  };
  return {
    settle: () => {
      settled = residentBytes(pid);
    },
    computing: (isComputing) => {
      if (!isComputing) {
        clearInterval(timer);
        timer = undefined;
      } else if (timer === undefined) {
        since = performance.now();
        timer = setInterval(() => void look(), LOOK_MS);
      }
    },
  };
}

/** Why an interpreter is ended whose code does not heed the soft limit. */
export function stubborn(): ExpressionError {
  return new ExpressionError('time', 'The expression computes for too long and does not stop.');
}

const PAGE = 4_096;

/** Memory that a process has in use; undefined where the system does not say. */
export async function residentBytes(pid: number | undefined): Promise<number | undefined> {
  try {
    const pages = Number((await readFile(`/proc/${pid}/statm`, 'latin1')).split(' ')[1]);
    return Number.isFinite(pages) ? pages * PAGE : undefined;
  } catch {
    return undefined;
  }
}
