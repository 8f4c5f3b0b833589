import { common } from '@postern/errors';
import { sqlState } from './retry.ts';

const UNREACHABLE = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOTFOUND',
  'ETIMEDOUT',
  'EPIPE',
  '57P01',
  '57P02',
  '57P03',
  '53300',
]);

/** A database that cannot be reached is UNAVAILABLE; every other failure passes as it is. */
export function translateFailure(error: unknown): never {
  const state = sqlState(error);
  const isUnreachable = state !== undefined && (UNREACHABLE.has(state) || state.startsWith('08'));
  const isBroken =
    error instanceof Error &&
    /Connection terminated|not queryable|timeout exceeded when trying to connect/.test(error.message);
  if (isUnreachable || isBroken) throw common.UNAVAILABLE({}, { cause: error });
  throw error;
}
