import type { Logger } from '@postern/observability';
import type { JobDefinition } from './job.definition.ts';

/** One attempt, as the handler sees it. */
export type JobRun = {
  /** Tenant whose job it is; empty for a job of the installation. */
  readonly tenant: string;
  /** UUID of the job; the same in each attempt. */
  readonly id: string;
  /** Counts from 1. */
  readonly attempt: number;
  /** Aborted when the deadline passes or the process drains: stop then, or the job may be run again beside you. */
  readonly signal: AbortSignal;
  /** Logger that knows the job. */
  readonly log: Logger;
  /** Says how far the job is; shown while it runs. Cheap: what comes quickly is put together. */
  progress(done: number, total?: number, message?: string): void;
};

/** How a job went. */
export type JobResult = {
  /** What it says of itself, for administrators. */
  messages?: string[];
  /** Default `successful`. */
  status?: 'successful' | 'warning';
};

/** When a job runs by itself: a cron expression of five fields (UTC), or milliseconds between runs (at least 1,000). */
export type Schedule =
  | { readonly cron: string; readonly everyMs?: undefined }
  | { readonly everyMs: number; readonly cron?: undefined };

/** When a task is shown: before it has run, once it has run, or only while its last run failed. */
export type Visibility = 'always' | 'after_run' | 'on_failure';

/** What administrators are told of a kind of job, and when it runs by itself. */
export type HandlerFacts<Args> = {
  /** What it does, for people. */
  description: string;
  /** Runs it by itself: as a job of the installation, without arguments. */
  schedule?: Schedule;
  /** Name in /admin/system_tasks/. Several apps may share one: their messages join. Default: it is not shown there. */
  task?: string;
  /** Tells the runs of a task apart by their arguments (`send_mail:<uid>`). */
  uid?: (args: Args) => string;
  /** Default: `always` for a task without `uid`, `after_run` for one with. */
  visible?: Visibility;
};

/** A kind of job and what does it. */
export type JobHandler = {
  readonly definition: JobDefinition<never>;
  readonly description: string;
  readonly schedule?: Schedule;
  readonly task: string;
  readonly visible: Visibility;
  uid(args: unknown): string;
  run(args: unknown, run: JobRun): Promise<JobResult>;
};

const MOST_FREQUENT_MS = 1_000;

/**
 * Says what does a kind of job. `run` returns, or throws to have it tried again; after the last attempt the job is a dead letter. A job may run more
 * than once (its process may die before it says that it is done), so make its effects idempotent by `run.id`.
 */
export function handles<Args extends object>(
  definition: JobDefinition<Args>,
  run: (args: Args, run: JobRun) => Promise<JobResult | undefined> | Promise<void>,
  facts: HandlerFacts<Args>,
): JobHandler {
  const { description, schedule, task = '', uid } = facts;
  if (schedule?.everyMs !== undefined && !(schedule.everyMs >= MOST_FREQUENT_MS))
    throw new TypeError(`${definition.name}: runs by itself at most every ${MOST_FREQUENT_MS} ms`);
  return {
    definition,
    description,
    schedule,
    task,
    visible: facts.visible ?? (uid ? 'after_run' : 'always'),
    // What was stored was made by job(), of the same definition.
    uid: (args) => uid?.(args as Args) ?? '',
    run: async (args, attempt) => (await run(args as Args, attempt)) ?? {},
  };
}
