import type { Database } from '@postern/database';
import type { Logger } from '@postern/observability';
import { v7 } from 'uuid';
import type { JobQueue, WantedJob } from './job.queue.ts';
import { jobKindsIn, type KnownKind, timingOf } from './job-kind.repository.ts';
import { nextRun } from './schedule.time.ts';

export type TickerDeps = {
  db: Pick<Database, 'system'>;
  queue: Pick<JobQueue, 'store'>;
  log: Logger;
};

/**
 * Asks for the jobs of the schedules that are due. The rows are locked by the one worker that finds them first, and their next run commits with the jobs:
 * a tick runs once, however many workers there are. What was missed meanwhile is made up for by one run; a run that is still at work is not doubled.
 */
export async function tick({ db, queue, log }: TickerDeps): Promise<void> {
  const names = await db.system(async (em) => {
    const kinds = jobKindsIn(em);
    const { now, kinds: due } = await kinds.takeDue();
    for (const kind of due) await kinds.plan(kind.name, nextRun(timingOf(kind), now, kind.nextRun ?? undefined));
    if (due.length > 0) await queue.store(em, due.map(scheduledJob));
    return due.map(({ name }) => name);
  });
  if (names.length > 0) log.debug({ jobs: names }, 'schedules are due');
}

/** The job that a schedule asks for. */
export function scheduledJob(kind: KnownKind): WantedJob {
  return { ...plainJob(kind), uniqueKey: 'schedule', isScheduled: true };
}

/** A job of the installation, without arguments, of a kind. */
export function plainJob(kind: KnownKind): WantedJob {
  const { name, attempts, backoffFirstMs, backoffMaxMs, deadlineMs } = kind;
  return {
    id: v7(),
    name,
    tenant: '',
    args: {},
    uniqueKey: '',
    attempts,
    backoffFirstMs,
    backoffMaxMs,
    deadlineMs,
    progressTotal: 0,
  };
}
