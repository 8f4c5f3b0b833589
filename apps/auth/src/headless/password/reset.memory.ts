import { remember, secondsOf, type Visit } from '../headless.visit.ts';

/** A reset that waits for its code. */
export type ResetMemory = {
  /** The address that the code went to, whoever has it. */
  readonly email: string;
  readonly code: string;
  /** Wrong codes until now. */
  readonly tries: number;
  /** Epoch seconds. */
  readonly began: number;
};

const SLOT = 'password_reset';

/** The reset that waits, unless it has waited too long. */
export function waitingReset({ state, settings, now }: Visit): ResetMemory | undefined {
  const { email, code, tries, began } = state.slots[SLOT] ?? {};
  if (typeof email !== 'string' || typeof code !== 'string') return undefined;
  const memory = { email, code, tries: Number(tries), began: Number(began) };
  return memory.began + settings.password_reset_by_code_timeout > secondsOf(now) ? memory : undefined;
}

/** Remembers a reset; undefined forgets it. */
export function rememberReset(visit: Visit, memory: ResetMemory | undefined): void {
  remember(visit, SLOT, memory && { ...memory });
}

/** Counts a wrong code; with the last one that may be, the reset is over. */
export function countWrong(visit: Visit, memory: ResetMemory): void {
  const tries = memory.tries + 1;
  const isOver = tries >= visit.settings.password_reset_by_code_max_attempts;
  rememberReset(visit, isOver ? undefined : { ...memory, tries });
}

/** Whether a reset waits for its code. */
export function isResetWaiting(visit: Visit): boolean {
  return waitingReset(visit) !== undefined;
}
