import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '@postern/observability';

const PASSING = new Set(['ECONNREFUSED', 'ECONNRESET', 'ENOTFOUND', 'EAI_AGAIN', 'ETIMEDOUT', '57P03', '53300']);
const PATIENCE_MS = 60_000;
const PAUSE_MS = 500;

/** Repeats `connect` for a minute while the database is not there yet: services and database often start together. */
export async function untilReachable<T>(connect: () => Promise<T>, log: Logger): Promise<T> {
  const limit = Date.now() + PATIENCE_MS;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await connect();
    } catch (error) {
      if (!isPassing(error) || Date.now() > limit) throw error;
      if (attempt === 1) log.warn({ err: error }, 'waiting for the database');
      await sleep(PAUSE_MS);
    }
  }
}

function isPassing(error: unknown): boolean {
  for (let current = error; current instanceof Error; current = current.cause) {
    if ('code' in current && PASSING.has(String(current.code))) return true;
    if (current instanceof AggregateError && current.errors.some(isPassing)) return true;
  }
  return false;
}
