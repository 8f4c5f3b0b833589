import type { EntityManager } from '@postern/database';
import { JOB_REQUESTED } from '@postern/jobs';
import { type ConsumerOptions, on } from '@postern/messaging';
import type { jobs as api } from '@postern/proto';
import type { JobQueue, WantedJob } from './job.queue.ts';

/** Keeps the jobs that all apps ask for: the mark of the inbox and the rows of the queue commit together, so each once. */
export function createJobConsumer({ queue }: { queue: Pick<JobQueue, 'store'> }): ConsumerOptions<EntityManager> {
  return {
    durable: 'tasks_jobs',
    isPrompt: true,
    concurrency: 4,
    handlers: [
      on(JOB_REQUESTED, async ({ payload }, em: EntityManager) => {
        await queue.store(em, payload.jobs.map(wantedOf));
      }),
    ],
  };
}

/** A request as the queue keeps it. */
export function wantedOf(request: api.JobRequest): WantedJob {
  return {
    id: request.id,
    name: request.name,
    tenant: request.tenant,
    args: JSON.parse(request.args),
    uniqueKey: request.unique_key,
    attempts: request.attempts,
    backoffFirstMs: request.backoff_first_ms,
    backoffMaxMs: request.backoff_max_ms,
    deadlineMs: request.deadline_ms,
    startAfter: request.start_after,
    progressTotal: request.progress_total,
  };
}
