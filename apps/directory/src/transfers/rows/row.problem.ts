import { PosternError } from '@postern/errors';
import { RowProblem } from '../files/index.ts';

/** What is wrong with a row, in words for whoever wrote it. Throws what is not about the row. */
export function problemOf(error: unknown): { field: string; message: string } {
  if (error instanceof RowProblem) return error;
  if (!(error instanceof PosternError) || OURS.has(error.code)) throw error;
  const [violation] = error.violations;
  if (violation === undefined) return { field: '', message: error.message };
  // Rules name fields by their place in the request, such as `user.email`.
  return { field: violation.field.replace(/^(user|group|role|assignment)\./, ''), message: violation.description };
}

/** What is said of a row that fails for a reason of ours, again and again. */
export const OUR_FAULT = {
  field: '',
  message: 'This row cannot be read for a reason that the log of the server knows.',
};

/** Whether nobody foresaw this: it will be so again. */
export function isFault(error: unknown): boolean {
  if (error instanceof RowProblem) return false;
  return !(error instanceof PosternError) || error.code === 'INTERNAL';
}

/** What a row cannot help, and what may be gone when it is tried again. */
const OURS: ReadonlySet<string> = new Set([
  'INTERNAL',
  'UNAVAILABLE',
  'UNKNOWN',
  'DEADLINE_EXCEEDED',
  'CANCELLED',
  'UNAUTHENTICATED',
]);
