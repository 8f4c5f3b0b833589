/** The clean-up that every app does of its own rows, shown to administrators as one task. */

import { type Sweep, sweepExpired } from '@postern/database';
import { defineJob } from './job.definition.ts';
import { handles, type JobHandler, type JobRun } from './job.handler.ts';

/** Rows of a model that end. */
export type ExpiringModel = Pick<Sweep, 'table' | 'clean'> & {
  /** What several of them are called, in the words of the contract: `Tokens`. */
  readonly plural: string;
  /** How long they are kept after their time, in milliseconds. Default 0. */
  readonly keptMs?: number;
};

export type CleanUpDeps = {
  /** `<app>.clean_expired`. */
  readonly name: string;
  readonly db: Sweep['db'];
  readonly clock: { now(): Date };
  readonly models: readonly ExpiringModel[];
};

/** Long enough for a backlog of millions; what is left waits for the next run. */
const DEADLINE_MS = 600_000;

/**
 * The job that lets go of what has expired, in every tenant, every five minutes. A model that fails does not keep the others; the job then
 * fails with the first failure.
 */
export function cleanUp({ name, db, clock, models }: CleanUpDeps): JobHandler {
  const definition = defineJob({ name, attempts: 3, deadlineMs: DEADLINE_MS });

  async function clean(_args: object, run: JobRun) {
    const now = clock.now().getTime();
    const messages: string[] = [];
    const failures: unknown[] = [];
    let done = 0;
    for (const { plural, table, clean, keptMs = 0 } of models) {
      const onBatch = (count: number) => {
        done += count;
        run.progress(done, undefined, plural);
      };
      const sweep = { db, table, clean, before: new Date(now - keptMs), signal: run.signal, onBatch };
      await sweepExpired(sweep).then(
        (count) => messages.push(`Expired ${count} ${plural}`),
        (error: unknown) => failures.push(error),
      );
      run.signal.throwIfAborted();
    }
    if (failures.length > 0) throw new Error(`${failures.length} kinds of rows stay`, { cause: failures[0] });
    return { messages };
  }

  return handles(definition, clean, {
    description: 'Remove expired objects',
    schedule: { cron: '2-59/5 * * * *' },
    task: 'clean_expired_models',
  });
}
