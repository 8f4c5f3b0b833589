/** Remembers how long judging takes, so that what is not judged can be answered after as long. */
export type UsualTime = {
  /** Runs something and remembers how long it took. */
  measure<Result>(work: () => Promise<Result>): Promise<Result>;
  /** Waits as long as one of the latest runs took. */
  wait(): Promise<void>;
};

/** What remembering needs. */
export type UsualTimeDeps = {
  /** Milliseconds of a clock that only goes forward. */
  readonly now: () => number;
  readonly sleep: (milliseconds: number) => Promise<unknown>;
  /** A number from 0 up to, and without, 1. */
  readonly random: () => number;
};

/** Runs that are remembered. */
const REMEMBERED = 64;
/** What a run is taken for before there was one: an argon2id hash of ours on a middling core, in milliseconds. */
const FIRST_GUESS = 40;

/**
 * Creates the memory. An attempt that is refused is not worth a hash, or a flood of them would take the cores; but an answer that came at once
 * would tell that it was not looked at. So it waits, without working, for as long as one of the latest attempts took that were.
 */
export function createUsualTime({ now, sleep, random }: UsualTimeDeps): UsualTime {
  const taken: number[] = [];
  let next = 0;
  return {
    async measure(work) {
      const start = now();
      const result = await work();
      taken[next % REMEMBERED] = now() - start;
      next += 1;
      return result;
    },
    wait: async () => {
      await sleep(taken[Math.floor(random() * taken.length)] ?? FIRST_GUESS);
    },
  };
}
