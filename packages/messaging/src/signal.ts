/** A wake-up that is never missed: raised while nobody waits, it ends the next wait at once. */
export type Signal = {
  raise(): void;
  /** Resolves when raised, or after `milliseconds`. */
  wait(milliseconds: number): Promise<void>;
};

/** Creates a signal for one waiter. */
export function createSignal(): Signal {
  let isRaised = false;
  let wake: (() => void) | undefined;
  return {
    raise() {
      isRaised = true;
      wake?.();
    },
    async wait(milliseconds) {
      if (!isRaised) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, milliseconds);
          timer.unref();
          wake = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      }
      wake = undefined;
      isRaised = false;
    },
  };
}
