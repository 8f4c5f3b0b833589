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

/** Values too large for an index or a document, and characters that no text can hold. Rules of the fields should say so first: this is for where none does. */
const NOT_TO_BE_KEPT = new Set(['54000', '22021', '22P05']);

/** A database that cannot be reached is UNAVAILABLE, a value that it cannot keep INVALID_ARGUMENT; every other failure passes as it is. */
export function translateFailure(error: unknown): never {
  const state = sqlState(error);
  const isUnreachable = state !== undefined && (UNREACHABLE.has(state) || state.startsWith('08'));
  const isBroken =
    error instanceof Error &&
    /Connection terminated|not queryable|timeout exceeded when trying to connect/.test(error.message);
  if (isUnreachable || isBroken) throw common.UNAVAILABLE({}, { cause: error });
  if (state !== undefined && NOT_TO_BE_KEPT.has(state)) throw common.INVALID_ARGUMENT({}, { cause: error });
  throw error;
}
