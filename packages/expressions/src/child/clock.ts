/**
 * The time that an expression may compute. Python looks at an "interrupt buffer" every few instructions; ours is an object whose element is
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

/** @param end called when even the hard limit is over: the host must have gone, or it would have ended this process */
export function createClock({ now, end }: { now: () => number; end: () => void }): Clock {
  const limits: { soft: number; hard: number }[] = [];
  let waiting = 0;
  const look = () => {
    const own = limits.at(-1);
    if (own === undefined || waiting > 0) return 0;
    const time = now();
    if (time < own.soft) return 0;
    if (time > own.hard) end();
    own.soft = time + GRACE_MS;
    return SIGINT;
  };
  return {
    buffer: Object.defineProperty({ 0: 0 }, 0, { get: look, set: () => undefined }),
    limited({ softMs, hardMs }, work) {
      const begin = now();
      // Inner evaluations wait in the time of the outer one, which stands still: each has its own allowance.
      limits.push({ soft: begin + softMs, hard: begin + hardMs });
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
      const begin = now();
      waiting += 1;
      try {
        return work();
      } finally {
        waiting -= 1;
        const own = limits.at(-1);
        if (own !== undefined) {
          const passed = now() - begin;
          own.soft += passed;
          own.hard += passed;
        }
      }
    },
  };
}
