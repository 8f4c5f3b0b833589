/** Jobs: what any service asks to be done later, in the transaction of its change. */

export { type CleanUpDeps, cleanUp, type ExpiringModel } from './clean-up.ts';
export { createJobs, type Jobs, type JobsDeps, requestOf } from './enqueue.ts';
export { FinalFailure } from './final-failure.ts';
export {
  type Backoff,
  defineJob,
  type JobDeclaration,
  type JobDefinition,
  type JobOptions,
  type JobOrder,
  job,
} from './job.definition.ts';
export { JOB_FAILED, JOB_REQUESTED } from './job.event.ts';
export {
  type HandlerFacts,
  handles,
  type JobHandler,
  type JobResult,
  type JobRun,
  type Schedule,
  type Visibility,
} from './job.handler.ts';
export { bindJobs, type JobRpcDeps, kindOf } from './job.rpc.ts';
export { createProgressReporter, type Progress, type ProgressReporter, type ProgressReporterDeps } from './progress.ts';
export { type Attempt, createJobRunner, describeFailure, type JobRunner, type Outcome } from './run-job.ts';
