import { changeSetErrors } from './change-set.errors.ts';

/** A bounded number of places, and a queue of those who wait for one. */
export type Slots = {
  /** Takes a place. Waits up to `patienceMs`, then throws CHANGE_SETS_BUSY. The answer gives the place back, once. */
  take(): Promise<() => void>;
};

/** Creates the places. */
export function createSlots({ count, patienceMs }: { count: number; patienceMs: number }): Slots {
  let free = count;
  const waiting = new Set<() => void>();

  function giveBack(): void {
    const [next] = waiting;
    if (next === undefined) free += 1;
    else next();
  }

  function wait(): Promise<void> {
    // As many may wait as may be at work: the others come again.
    if (waiting.size >= count) throw changeSetErrors.CHANGE_SETS_BUSY();
    return new Promise((resolve, reject) => {
      const leave = () => {
        clearTimeout(timer);
        waiting.delete(enter);
      };
      const enter = () => {
        leave();
        resolve();
      };
      const timer = setTimeout(() => {
        leave();
        reject(changeSetErrors.CHANGE_SETS_BUSY());
      }, patienceMs);
      waiting.add(enter);
    });
  }

  return {
    async take() {
      if (free > 0) free -= 1;
      else await wait();
      let isTaken = true;
      return () => {
        if (isTaken) giveBack();
        isTaken = false;
      };
    },
  };
}
