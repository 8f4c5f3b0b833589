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

/** A value that no index or document can hold. Rules of the fields should say so first, and this is what is left where none does. */
const TOO_LARGE = '54000';

/** A database that cannot be reached is UNAVAILABLE, a value too large for it INVALID_ARGUMENT; every other failure passes as it is. */
export function translateFailure(error: unknown): never {
  const state = sqlState(error);
  const isUnreachable = state !== undefined && (UNREACHABLE.has(state) || state.startsWith('08'));
  const isBroken =
    error instanceof Error &&
    /Connection terminated|not queryable|timeout exceeded when trying to connect/.test(error.message);
  if (isUnreachable || isBroken) throw common.UNAVAILABLE({}, { cause: error });
  if (state === TOO_LARGE) throw common.INVALID_ARGUMENT({}, { cause: error });
  throw error;
}
