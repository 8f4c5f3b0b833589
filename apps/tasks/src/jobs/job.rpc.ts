import type { Database } from '@postern/database';
import { invalidField } from '@postern/errors';
import { jobs as api } from '@postern/proto';
import { type BoundService, bind } from '@postern/rpc';
import type { JobQueue } from './job.queue.ts';
import { changeSchedule } from './job-kind.operations.ts';
import { type KnownKind, listJobKinds, timingOf } from './job-kind.repository.ts';

export type JobRpcDeps = {
  queue: Pick<JobQueue, 'keepProgress'>;
  db: Pick<Database, 'system'>;
  clock: { now(): Date };
  /** Called when a schedule changed. */
  onChanged(): Promise<void>;
};

/** What other services tell of their jobs, and the schedules. */
export function bindJobRpcs({ queue, db, clock, onChanged }: JobRpcDeps): BoundService[] {
  const progress = bind(api.JobProgressServiceDefinition, {
    async reportProgress({ id, attempt, ...step }) {
      await queue.keepProgress(id, attempt, step);
      return {};
    },
  });
  const schedules = bind(api.ScheduleServiceDefinition, {
    async listSchedules() {
      const kinds = await listJobKinds(db);
      return { schedules: kinds.filter(isScheduled).map(encode) };
    },
    async changeSchedule({ name, cron, every_ms: everyMs, reset, paused }) {
      if (cron !== '' && everyMs !== 0) throw invalidField('cron', 'Give a cron expression or an interval.');
      if (reset && (cron !== '' || everyMs !== 0)) throw invalidField('reset', 'A new timing is no reset.');
      const timing = cron !== '' || everyMs !== 0 ? { cron: cron || null, everyMs: everyMs || null } : undefined;
      const kind = await changeSchedule(db, { name, timing, reset, paused }, clock.now());
      await onChanged();
      return encode(kind);
    },
  });
  return [progress, schedules];
}

function isScheduled({ declared }: KnownKind): boolean {
  return declared.cron !== null || declared.everyMs !== null;
}

function encode(kind: KnownKind): api.Schedule {
  const { cron, everyMs } = timingOf(kind);
  return {
    name: kind.name,
    cron: cron ?? '',
    every_ms: everyMs ?? 0,
    changed: kind.changed.cron !== null || kind.changed.everyMs !== null,
    paused: kind.isPaused,
    next_run: kind.nextRun?.toISOString(),
  };
}
