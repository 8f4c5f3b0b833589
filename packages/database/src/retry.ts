import { setTimeout as sleep } from 'node:timers/promises';

const RETRYABLE = new Set(['40001', '40P01']);
const ATTEMPTS = 5;

/** Runs a transaction again, up to five times, when the database gave it up for another one: serialization failure or deadlock. */
export async function withRetry<Result>(
  attempt: () => Promise<Result>,
  onRetry: (cause: unknown) => void,
): Promise<Result> {
  for (let count = 1; ; count++) {
    try {
      return await attempt();
    } catch (error) {
      if (count === ATTEMPTS || !RETRYABLE.has(sqlState(error) ?? '')) throw error;
      onRetry(error);
      // Random, so that two transactions that met do not meet again.
      await sleep(Math.random() * 10 * 2 ** count);
    }
  }
}

/** SQLSTATE of a driver error, also through the mapper's wrapping. */
export function sqlState(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
