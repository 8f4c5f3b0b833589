type Test = (values: readonly boolean[]) => boolean;

const all: Test = (values) => values.every(Boolean);
const any: Test = (values) => values.some(Boolean);
/** Folds, so that more than two values ask whether an odd number of them holds. */
const odd: Test = (values) => values.filter(Boolean).length % 2 === 1;

const MODES = {
  AND: all,
  NAND: (values) => !all(values),
  OR: any,
  NOR: (values) => !any(values),
  XOR: odd,
  XNOR: (values) => !odd(values),
} satisfies Record<string, Test>;

/** How `!Condition` joins its values. */
export type ConditionMode = keyof typeof MODES;

/** Whether a word is one of the modes, in capitals. */
export function isConditionMode(word: string): word is ConditionMode {
  return Object.hasOwn(MODES, word);
}

/** Joins values. */
export function testCondition(mode: ConditionMode, values: readonly boolean[]): boolean {
  return MODES[mode](values);
}
