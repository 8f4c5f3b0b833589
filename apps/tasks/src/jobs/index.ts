/**
 * The job queue. Every service asks for jobs by its outbox; here they are stored (pg-boss), handed to the app that does them when they are due, tried
 * again with growing pauses, and kept as dead letters when nothing helps. Schedules ask for jobs by themselves. What runs, ran and failed can be asked
 * about: `/admin/system_tasks/` and `/admin/workers/` are answered here, other views use `JobQueries`.
 */

import { hostname } from 'node:os';
import type { Database } from '@postern/database';
import type { JobHandler } from '@postern/jobs';
import type { Outbox } from '@postern/messaging';
import type { Logger, Metrics } from '@postern/observability';
import type { AppParts } from '@postern/service';
import { v7 } from 'uuid';
import { createJobApp, type JobClient } from './job.client.ts';
import { createJobConsumer } from './job.consumer.ts';
import { createExecute } from './job.execute.ts';
import { forgetJobs } from './job.forgetting.ts';
import { createJobHistory } from './job.history.ts';
import { createJobPool } from './job.pool.ts';
import { createJobQueries } from './job.queries.repository.ts';
import type { JobQueries } from './job.queries.ts';
import { createJobQueue } from './job.queue.ts';
import { bindJobRpcs } from './job.rpc.ts';
import { sqlOf } from './job.sql.ts';
import { createJobWorker } from './job.worker.ts';
import { createKindLearner } from './kind.learner.ts';
import { tick } from './schedule.ticker.ts';
import { stockJobs } from './stock.job.ts';
import { systemTasksOn } from './system-task.repository.ts';
import { bindSystemTasks } from './system-task.rpc.ts';
import { createWorkerBeat } from './worker.beat.ts';
import { workersOn } from './worker.repository.ts';
import { bindWorkers } from './worker.rpc.ts';

export { JOB_MIGRATIONS, QUEUE_SCHEMA } from './job.migrations.ts';
export type {
  FailedJob,
  JobCondition,
  JobField,
  JobPage,
  JobPageRequest,
  JobQueries,
  JobSelection,
  ScheduledKind,
  WaitingJob,
} from './job.queries.ts';
export { jobSettings } from './job.settings.ts';

export type JobEngineDeps = {
  db: Database;
  outbox: Outbox;
  log: Logger;
  metrics: Metrics;
  clock: { now(): Date };
  config: { readonly concurrency: number; readonly keepSuccessful: number; readonly keepFailed: number };
  /** The job service of each app that has one, this app's too. */
  apps: Readonly<Record<string, JobClient>>;
  /** What this app does beside the queue's own jobs: run without a call. */
  handlers: readonly JobHandler[];
  /** For tests: leases, sweeps and graces that are shorter, and who is told of statements. */
  timing?: { leaseMargin?: number; sweepMs?: number; beatMs?: number; graceMs?: number };
  onStatement?: (text: string) => void;
};

/** The parts of the queue, and what others of the app may ask it. */
export type JobParts = AppParts & { readonly queries: JobQueries };

/** Creates the queue and its worker. Nothing runs before `start`. */
export function createJobEngine(deps: JobEngineDeps): JobParts {
  const { db, outbox, log, metrics, clock, config, timing = {} } = deps;
  const pool = createJobPool({ url: db.url, log, onStatement: deps.onStatement });
  const sql = sqlOf(db);
  const queue = createJobQueue({ pool, sql, log, onNews: () => worker.wake(), leaseMargin: timing.leaseMargin });
  const tasks = systemTasksOn(sql);
  const workers = workersOn(sql);
  const apps = Object.entries(deps.apps).map(([name, client]) => createJobApp({ name, client }));
  const learner = createKindLearner({ apps, db, log, clock, onLearned: () => worker.wake() });
  const keepMs = { successful: config.keepSuccessful, failed: config.keepFailed };
  const own = stockJobs({ queue, tasks, workers, learner, keepMs });
  const history = createJobHistory({ pool, db, outbox });
  const concurrency = Math.max(1, config.concurrency);
  const worker = createJobWorker({
    queue,
    execute: createExecute({ handlers: [...own, ...deps.handlers], apps, queue, log }),
    tick: () => tick({ db, queue, log }),
    onSettled: history.settled,
    onExpired: history.expired,
    concurrency,
    log,
    metrics,
    ...timing,
  });
  const self = { id: v7(), host: hostname(), pid: process.pid, concurrency };
  const beat = createWorkerBeat({ workers, self, log, beatMs: timing.beatMs });
  return {
    queries: createJobQueries({ sql, workers }),
    jobs: own,
    services: [
      bindSystemTasks({ tasks, db, queue, since: clock.now() }),
      bindWorkers({ workers }),
      ...bindJobRpcs({ queue, db, clock, onChanged: queue.wakeAll }),
    ],
    consumers: [createJobConsumer({ queue })],
    forget: forgetJobs,
    async start() {
      await queue.start();
      await beat.start();
      learner.start();
      worker.start();
    },
    async stop() {
      await learner.stop();
      await worker.stop(timing.graceMs);
      await beat.stop();
      await queue.stop();
      await pool.close();
    },
  };
}
