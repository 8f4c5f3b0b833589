/**
 * The job queue. Every service asks for jobs by its outbox; here they are stored (pg-boss), handed to the app that does them when they are due, tried
 * again with growing pauses, and kept as dead letters when nothing helps. Schedules ask for jobs by themselves. What runs, ran and failed can be asked
 * about: `/admin/system_tasks/` and `/admin/workers/` are answered here, other views use `JobQueries`.
 */

export { createJobEngine, type JobEngineDeps, type JobParts } from './job.engine.ts';
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
