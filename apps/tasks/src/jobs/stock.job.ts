import { defineJob, handles, type JobHandler } from '@postern/jobs';
import type { JobQueue } from './job.queue.ts';
import type { KindLearner } from './kind.learner.ts';
import type { SystemTasks } from './system-task.repository.ts';
import type { Workers } from './worker.repository.ts';

export type StockJobDeps = {
  queue: Pick<JobQueue, 'trim'>;
  tasks: Pick<SystemTasks, 'trim'>;
  workers: Pick<Workers, 'trim'>;
  learner: Pick<KindLearner, 'refresh'>;
  /** How long finished jobs are kept, in milliseconds. */
  keepMs: { successful: number; failed: number };
};

const heartbeat = defineJob({ name: 'tasks.heartbeat', attempts: 1, deadlineMs: 30_000 });
const trimJobs = defineJob({ name: 'tasks.trim_jobs', deadlineMs: 600_000 });

/** What the queue does for itself. */
export function stockJobs({ queue, tasks, workers, learner, keepMs }: StockJobDeps): JobHandler[] {
  return [
    handles(
      heartbeat,
      async () => {
        // Apps come and go: whoever was replaced may do other things now.
        await learner.refresh();
      },
      { description: 'Show that jobs are run, and ask the apps what they do', schedule: { cron: '*/5 * * * *' } },
    ),
    handles(
      trimJobs,
      async (_args, { signal, log }) => {
        await tasks.trim(keepMs);
        await workers.trim();
        for (let count = 1; count > 0 && !signal.aborted; ) {
          count = await queue.trim(keepMs);
          if (count > 0) log.info({ count }, 'finished jobs are forgotten');
        }
      },
      { description: 'Forget finished jobs after a while', schedule: { cron: '17 * * * *' } },
    ),
  ];
}
