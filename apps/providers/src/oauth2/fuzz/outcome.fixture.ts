/** What every answer to a fuzzed request has to be: an answer, or a refusal that is the caller's own fault. */

import { PosternError } from '@postern/errors';
import { expect } from 'vitest';

/** Whose fault a refusal is: these codes are 4xx at the edge. Anything else is a fault of ours. */
const THEIRS: readonly string[] = ['INVALID_ARGUMENT', 'UNAUTHENTICATED', 'PERMISSION_DENIED', 'NOT_FOUND'];

/** An answer, or the reason of a refusal. */
export type Outcome<T> = { readonly answer: T } | { readonly reason: string };

/** Waits for an answer. Fails for a fault of ours; `told` says what was sent. */
export async function outcomeOf<T>(work: Promise<T>, told: () => string): Promise<Outcome<T>> {
  try {
    return { answer: await work };
  } catch (error) {
    if (!(error instanceof PosternError) || !THEIRS.includes(error.code) || error.reason === 'SERVER_ERROR')
      expect.fail(`${String(error)} for ${told()}`);
    return { reason: error.reason };
  }
}
