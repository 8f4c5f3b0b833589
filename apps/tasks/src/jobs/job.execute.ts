import { createJobRunner, createProgressReporter, type JobHandler, type ProgressReporter } from '@postern/jobs';
import type { Logger } from '@postern/observability';
import type { Execute } from './job.attempts.ts';
import type { JobApp } from './job.client.ts';
import type { HeldJob, JobQueue } from './job.queue.ts';

export type ExecuteDeps = {
  /** What this app does itself, without a call. */
  handlers: readonly JobHandler[];
  apps: readonly JobApp[];
  queue: Pick<JobQueue, 'keepProgress'>;
  log: Logger;
};

/** Makes the function that runs an attempt: here, or by the app whose name the job's name begins with. */
export function createExecute({ handlers, apps, queue, log }: ExecuteDeps): Execute {
  const runner = createJobRunner({ handlers, log });
  const own = new Set(handlers.map(({ definition }) => definition.name));
  const byName = new Map(apps.map((app) => [app.name, app]));

  async function runHere(job: HeldJob, signal: AbortSignal) {
    let reporter: ProgressReporter | undefined;
    const outcome = await runner.run(job, {
      signal,
      progress(done, total, message) {
        reporter ??= reporterOf(job);
        reporter.report(done, total ?? job.progressTotal, message);
      },
    });
    await reporter?.close();
    return outcome;
  }

  function reporterOf({ id, name, attempt }: HeldJob): ProgressReporter {
    return createProgressReporter({
      write: (progress) => queue.keepProgress(id, attempt, progress),
      onError: (error) => log.debug({ err: error, job: name }, 'the progress of a job is not kept'),
    });
  }

  return (job, signal) => {
    if (own.has(job.name)) return runHere(job, signal);
    const app = byName.get(job.name.split('.', 1)[0] ?? '');
    // Nobody's: the runner says so.
    return app ? app.run(job) : runHere(job, signal);
  };
}
