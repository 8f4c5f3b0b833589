/** Pseudo-random choices that can be repeated: the same seed gives the same cases. */

export type Dice = {
  /** Between 0 and 1. */
  readonly roll: () => number;
  /** One of these, each as likely as the others. */
  readonly one: <T>(values: readonly [T, ...T[]]) => T;
  /** True so often, of 1. */
  readonly chance: (share: number) => boolean;
};

/** Creates dice: mulberry32. */
export function createDice(seed: number): Dice {
  let state = seed;
  const roll = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  return {
    roll,
    one: (values) => values[Math.floor(roll() * values.length)] ?? values[0],
    chance: (share) => roll() < share,
  };
}

/** What breaks programs that expect something else. */
export const ODD = [
  '',
  ' ',
  '\0',
  '\ud800',
  '%00',
  '💥',
  '__proto__',
  'constructor',
  '"><script>',
  "' or 1=1--",
  '-1',
  '1e400',
  'x'.repeat(5_000),
  'null',
  '\r\nset-cookie: a=b',
  '[]',
  '{}',
] as const;
