import { setTimeout as sleep } from 'node:timers/promises';
import { isForgotten } from './lane/talk.ts';

const RETRYABLE = new Set(['40001', '40P01']);
const ATTEMPTS = 5;

/** Runs a transaction again, up to five times, when the database gave it up for another one: serialization failure or deadlock,
 * or a prepared statement that the connection has forgotten. */
export async function withRetry<Result>(
  attempt: () => Promise<Result>,
  onRetry: (cause: unknown) => void,
): Promise<Result> {
  for (let count = 1; ; count++) {
    try {
      return await attempt();
    } catch (error) {
      if (count === ATTEMPTS || !isTransient(error)) throw error;
      onRetry(error);
      // Random, so that two transactions that met do not meet again.
      await sleep(Math.random() * 10 * 2 ** count);
    }
  }
}

/** Whether the same transaction may succeed when it is tried again. */
export function isTransient(error: unknown): boolean {
  return RETRYABLE.has(sqlState(error) ?? '') || isForgotten(error);
}

/** SQLSTATE of a driver error, also through the mapper's wrapping. */
export function sqlState(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
