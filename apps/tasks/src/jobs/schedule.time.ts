import { CronExpressionParser } from 'cron-parser';

/** When something runs by itself: a cron expression of five fields in UTC, or milliseconds between runs. Neither: never. */
export type Timing = { readonly cron: string | null; readonly everyMs: number | null };

const LEAST_MS = 1_000;
const MOST_MS = 366 * 86_400_000;

/** Why a timing is none; undefined when it is one. */
export function timingProblem({ cron, everyMs }: Timing): { field: 'cron' | 'every_ms'; reason: string } | undefined {
  if (everyMs !== null && !(Number.isInteger(everyMs) && everyMs >= LEAST_MS && everyMs <= MOST_MS))
    return { field: 'every_ms', reason: `Ensure this value is between ${LEAST_MS} and ${MOST_MS}.` };
  if (cron === null) return undefined;
  if (cron.trim().split(/\s+/).length !== 5) return { field: 'cron', reason: 'Enter five fields.' };
  try {
    CronExpressionParser.parse(cron, { tz: 'UTC' }).next();
    return undefined;
  } catch (error) {
    return { field: 'cron', reason: error instanceof Error ? error.message : String(error) };
  }
}

/**
 * The first run after `now`; undefined for never. An interval keeps its beat from the run that was planned before; what was missed in between is not
 * made up for.
 */
export function nextRun({ cron, everyMs }: Timing, now: Date, planned?: Date): Date | undefined {
  if (cron !== null) return CronExpressionParser.parse(cron, { currentDate: now, tz: 'UTC' }).next().toDate();
  if (everyMs === null) return undefined;
  const begin = planned?.getTime() ?? now.getTime();
  const beats = Math.max(1, Math.floor((now.getTime() - begin) / everyMs) + 1);
  return new Date(begin + beats * everyMs);
}
