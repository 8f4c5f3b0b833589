import type { tasks } from '@postern/proto';
import type { FailedJob, ScheduledKind, WaitingJob } from '../jobs/index.ts';
import { minuteOf, reprOf } from './task.text.ts';

/** Name of the queue, as clients see it. */
const QUEUE = 'postern';
/** Jobs have named arguments only. */
const NO_ARGS = '()';

/** A job that waits or runs. A running one is locked until its lease ends, as it would then be tried again. */
export function encodePending({ number, id, name, args, created, leasedUntil }: WaitingJob): tasks.PendingTask {
  return {
    pk: number,
    key: QUEUE,
    lock: minuteOf(leasedUntil ?? created),
    task_id: id,
    name: labelOf(name, id),
    func: name,
    args: NO_ARGS,
    kwargs: reprOf(args),
  };
}

/** A job that failed for good. */
export function encodeFailed({ id, name, args, started, stopped, attempt, error }: FailedJob): tasks.FailedTask {
  return {
    pk: id,
    name: labelOf(name, id),
    func: name,
    args: NO_ARGS,
    kwargs: reprOf(args),
    started: minuteOf(started),
    stopped: minuteOf(stopped),
    attempt_count: attempt,
    result: error,
  };
}

/** A schedule. */
export function encodeScheduled(kind: ScheduledKind): tasks.ScheduledTask {
  const { number, name, isPaused, lastRun, nextRun, lastSuccess, lastJob } = kind;
  return {
    pk: number,
    name,
    func: name,
    args: undefined,
    kwargs: undefined,
    schedule_type: typeOf(kind),
    repeats: isPaused ? 0 : -1,
    last_run: lastRun === null ? undefined : minuteOf(lastRun),
    next_run: nextRun === null ? undefined : minuteOf(nextRun),
    success: lastSuccess ?? undefined,
    task: lastJob ?? undefined,
  };
}

const HOUR = 3_600_000;

/** Codes of the contract for the intervals that have one; the rest count minutes. */
const INTERVALS: ReadonlyMap<number, string> = new Map([
  [HOUR, 'H'],
  [24 * HOUR, 'D'],
  [7 * 24 * HOUR, 'W'],
  [14 * 24 * HOUR, 'BW'],
]);

function typeOf({ cron, everyMs }: ScheduledKind): string {
  return cron === null ? (INTERVALS.get(everyMs ?? 0) ?? 'I') : 'C';
}

/** What a job is called: its kind and the beginning of its key, so that two can be told apart. */
function labelOf(name: string, id: string): string {
  return `${name}-${id.slice(-8)}`;
}
