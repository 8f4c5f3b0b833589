import { passwordErrors } from './password.errors.ts';

/** Lets so many tasks run at once, and so many wait. */
export type HashQueue = {
  /** Runs a task when its turn comes. Rejects at once with SIGN_IN_OVERLOADED when too many wait already. */
  run<Result>(task: () => Promise<Result>): Promise<Result>;
};

/** Size of a queue. */
export type HashQueueOptions = {
  /** Tasks that run at once: the number of cores, since each keeps one busy and holds 19 MiB. */
  readonly concurrency: number;
  /** Tasks that may wait. */
  readonly limit: number;
};

/**
 * Creates a queue. Hashes are what a sign-in costs: without a bound, a flood of attempts takes the memory, and everyone waits until
 * everyone has given up.
 */
export function createHashQueue({ concurrency, limit }: HashQueueOptions): HashQueue {
  const waiting: (() => void)[] = [];
  let running = 0;
  const enter = (): Promise<void> | undefined => {
    if (running < concurrency) {
      running += 1;
      return undefined;
    }
    if (waiting.length >= limit) throw passwordErrors.SIGN_IN_OVERLOADED();
    return new Promise((resolve) => waiting.push(resolve));
  };
  const leave = () => {
    const next = waiting.shift();
    // The place goes from one to the next; nobody who comes meanwhile can take it.
    if (next) next();
    else running -= 1;
  };
  return {
    async run(task) {
      await enter();
      try {
        return await task();
      } finally {
        leave();
      }
    },
  };
}
