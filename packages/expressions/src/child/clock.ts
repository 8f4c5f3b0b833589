/**
 * The time that an expression may compute: of the processor, so that a busy machine cuts nobody short. Python looks at an "interrupt buffer" every few instructions; ours is an object whose element is
 * computed: no second thread has to write it, so this process needs none.
 */
export type Clock = {
  /** Stands in for the buffer that Python reads: 2 is SIGINT. */
  readonly buffer: { 0: number };
  /** Runs the work with a limit of its own, within those that hold already. */
  limited<Result>(limits: { softMs: number; hardMs: number }, work: () => Result): Result;
  /** Runs work whose time does not count: the host is at it. */
  uncounted<Result>(work: () => Result): Result;
};

const SIGINT = 2;
/** Between two interruptions: what the code does when it is interrupted, and our report of it, are not interrupted themselves. */
const GRACE_MS = 100;

type Allowance = {
  /** When to look at the time of the processor next. */
  due: number;
  /** Times of the processor at which the limits are over. */
  soft: number;
  hard: number;
};

type ClockDeps = {
  /** Milliseconds; asked every few instructions, so it has to be cheap. */
  now: () => number;
  /** Milliseconds of processor that this thread has used. */
  used: () => number;
  /** The hard limit is over. */
  end: () => void;
};

export function createClock({ now, used, end }: ClockDeps): Clock {
  const limits: Allowance[] = [];
  let waiting = 0;
  const look = () => {
    const own = limits.at(-1);
    if (own === undefined || waiting > 0) return 0;
    const time = now();
    if (time < own.due) return 0;
    const spent = used();
    if (spent > own.hard) end();
    const left = own.soft - spent;
    own.due = time + (left > 0 ? left : GRACE_MS);
    return left > 0 ? 0 : SIGINT;
  };
  return {
    buffer: Object.defineProperty({ 0: 0 }, 0, { get: look, set: () => undefined }),
    limited({ softMs, hardMs }, work) {
      const begin = used();
      limits.push({ due: now() + softMs, soft: begin + softMs, hard: begin + hardMs });
      const outer = waiting;
      waiting = 0;
      try {
        return work();
      } finally {
        waiting = outer;
        limits.pop();
      }
    },
    uncounted(work) {
      const begin = used();
      waiting += 1;
      try {
        return work();
      } finally {
        waiting -= 1;
        const own = limits.at(-1);
        if (own !== undefined) {
          // Waiting takes no processor; what ran inside meanwhile did, and had an allowance of its own.
          const passed = used() - begin;
          own.soft += passed;
          own.hard += passed;
        }
      }
    },
  };
}
