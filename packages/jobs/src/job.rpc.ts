/** The jobs of an app as `tasks` reaches them. */

import { DEFAULT_TENANT } from '@postern/database';
import type { Logger } from '@postern/observability';
import { jobs as api } from '@postern/proto';
import { asService, type BoundService, bind, type Call, type Client } from '@postern/rpc';
import type { JobHandler } from './job.handler.ts';
import { createProgressReporter } from './progress.ts';
import { type Attempt, createJobRunner } from './run-job.ts';

export type JobRpcDeps = {
  handlers: readonly JobHandler[];
  log: Logger;
  /** Where progress goes. */
  progress: Client<typeof api.JobProgressServiceDefinition>;
};

/** Binds the internal service by which `tasks` learns what an app does, and has it done. */
export function bindJobs({ handlers, log, progress }: JobRpcDeps): BoundService {
  const runner = createJobRunner({ handlers, log });

  async function run(request: api.RunRequest, call: Call): Promise<api.RunResponse> {
    const attempt: Attempt = { ...request, args: argsOf(request) };
    const origin = asService(request.tenant || DEFAULT_TENANT);
    const reporter = createProgressReporter({
      write: async (step) => {
        await progress.reportProgress({ id: request.id, attempt: request.attempt, ...step }, origin);
      },
      onError: (error) => log.debug({ err: error, job: request.name }, 'the progress of a job did not arrive'),
    });
    using limit = limitOf(request.deadline_ms, call.signal);
    const { status, messages, error, task, uid, isFinal } = await runner.run(attempt, {
      signal: limit.signal,
      progress: reporter.report,
    });
    await reporter.close();
    return { status, messages: [...messages], error, task, uid, final: isFinal };
  }

  return bind(api.JobServiceDefinition, {
    listJobs: async () => ({ kinds: handlers.map(kindOf) }),
    run,
  });
}

function argsOf({ args }: api.RunRequest): unknown {
  return args === '' ? {} : JSON.parse(args);
}

/** Ends an attempt when its time is up, or when `tasks` goes away. */
export function limitOf(milliseconds: number, outer?: AbortSignal): Disposable & { signal: AbortSignal } {
  const controller = new AbortController();
  const end = () => controller.abort(new Error('the process that asked for the job is gone'));
  const late = () => controller.abort(new Error(`the job took longer than ${milliseconds} ms`));
  const timer = setTimeout(late, milliseconds);
  if (outer?.aborted) end();
  outer?.addEventListener('abort', end, { once: true });
  return {
    signal: controller.signal,
    [Symbol.dispose]() {
      clearTimeout(timer);
      outer?.removeEventListener('abort', end);
    },
  };
}

/** A kind of job as `tasks` learns of it. */
export function kindOf({ definition, description, schedule, task, visible }: JobHandler): api.JobKind {
  return {
    name: definition.name,
    description,
    task,
    visible,
    cron: schedule?.cron ?? '',
    every_ms: schedule?.everyMs ?? 0,
    attempts: definition.attempts,
    backoff_first_ms: definition.backoff.firstMs,
    backoff_max_ms: definition.backoff.maxMs,
    deadline_ms: definition.deadlineMs,
  };
}
