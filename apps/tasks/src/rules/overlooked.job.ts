import { type Database, sweepExpired } from '@postern/database';
import { defineJob, handles, type JobHandler, type Jobs, job } from '@postern/jobs';
import { judgeEvents } from './judge.order.ts';

/** Events that wait longer are looked for. Milliseconds. */
const LATE_MS = 5 * 60_000;

const findOverlooked = defineJob({ name: 'tasks.find_overlooked_events' });

type Deps = { db: Pick<Database, 'system' | 'write'>; jobs: Jobs; clock: { now(): Date } };

/** Has events judged that wait although no job looks for them any more: it was deleted, or failed for a day. */
export function overlookedJob({ db, jobs, clock }: Deps): JobHandler {
  return handles(
    findOverlooked,
    async (_args, { signal }) => {
      const before = new Date(clock.now().getTime() - LATE_MS);
      await sweepExpired({
        ...{ db, table: 'unjudged_event', before, signal },
        async clean(em, { tenant }) {
          await jobs.enqueue(em, { tenant }, job(judgeEvents, {}, { uniqueKey: 'overlooked' }));
          return 0;
        },
      });
    },
    { description: 'Find events that nobody judged', schedule: { cron: '*/5 * * * *' } },
  );
}
