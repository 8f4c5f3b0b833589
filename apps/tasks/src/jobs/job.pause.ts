/**
 * Milliseconds before the next attempt: the first pause doubled with each failed one, at most the longest, and of that a random part between a half
 * and the whole, so that jobs that failed together do not come back together.
 */
export function pauseAfter(
  failed: number,
  { backoffFirstMs, backoffMaxMs }: { backoffFirstMs: number; backoffMaxMs: number },
  random: () => number,
): number {
  const full = Math.min(backoffFirstMs * 2 ** Math.min(failed - 1, 40), backoffMaxMs);
  return Math.ceil(full / 2 + (full / 2) * random());
}
