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
  let begun: Promise<Usage> | undefined;
  let settled: Promise<Usage> | undefined;

  const look = async () => {
    begun ??= usageOf(pid);
    const [now, start, before] = await Promise.all([usageOf(pid), begun, settled]);
    if (timer === undefined || start === undefined) return;
    if (now.milliseconds - start.milliseconds > hardMs + MARGIN_MS) onOverrun(stubborn());
    else if (before !== undefined && now.bytes - before.bytes > memory + ASIDE)
      onOverrun(new ExpressionError('memory', 'The expression wants more memory than it may have.'));
  };
  return {
    settle: () => {
      settled = usageOf(pid);
    },
    computing: (isComputing) => {
      if (!isComputing) {
        clearInterval(timer);
        timer = undefined;
      } else if (timer === undefined) {
        begun = undefined;
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
const TICKS_PER_SECOND = 100;

/** What a process has used. */
export type Usage = { milliseconds: number; bytes: number };

/** Processor time and memory of a process. Where the system does not tell, the time is that of the clock, and the memory nothing. */
export async function usageOf(pid: number | undefined): Promise<Usage> {
  try {
    const text = await readFile(`/proc/${pid}/stat`, 'latin1');
    // The name, which may hold anything, stands in parentheses; what follows it is counted from field 3.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    const [user, system, pages] = [fields[11], fields[12], fields[21]].map(Number);
    if (user === undefined || system === undefined || pages === undefined) throw new Error('An unknown format.');
    return { milliseconds: ((user + system) * 1_000) / TICKS_PER_SECOND, bytes: pages * PAGE };
  } catch {
    return { milliseconds: performance.now(), bytes: 0 };
  }
}
