/** Tells the queue how attempts ended: many at once, again until it is told or the lease is over. */

import { setTimeout as sleep } from 'node:timers/promises';
import type { Outcome } from '@postern/jobs';
import type { Logger } from '@postern/observability';
import { pauseAfter } from './job.pause.ts';
import type { HeldJob, JobQueue, Settlement } from './job.queue.ts';

/** How an attempt ended. */
export type Ended = {
  readonly job: HeldJob;
  readonly startedAt: Date;
  /** Its outcome; `unreached` when its app did not answer, `released` when the worker stopped before it was done: those do not count. */
  readonly outcome: Outcome | 'unreached' | 'released';
  /** When the worker loses the job anyhow, by `performance.now()`. */
  readonly leaseEnd: number;
};

/** An attempt that counted, and what became of the job. */
export type Settled = Ended & { readonly outcome: Outcome; readonly state: Settlement['state'] };

export type Settler = {
  /** Takes the end of an attempt. */
  add(ended: Ended): void;
  /** Attempts that ended and are not told yet. */
  pending(): number;
  /** Resolves when everything is told or given up. */
  idle(): Promise<void>;
};

export type SettlerDeps = {
  queue: Pick<JobQueue, 'settle'>;
  log: Logger;
  random(): number;
  /** Told about attempts that counted, after the queue took them. */
  onSettled(settled: readonly Settled[]): Promise<void>;
  /** Called after each round; `hasRetries` when one of its jobs is to be tried again. */
  onRound(hasRetries: boolean): void;
};

const AT_ONCE = 500;
const AGAIN_FIRST_MS = 50;
const AGAIN_MAX_MS = 2_000;
const UNREACHED_FIRST_MS = 1_000;
const UNREACHED_MAX_MS = 60_000;

/** Creates the settler of a worker. */
export function createSettler({ queue, log, random, onSettled, onRound }: SettlerDeps): Settler {
  const waiting: Ended[] = [];
  let underWay = 0;
  let round: Promise<void> | undefined;

  async function run(): Promise<void> {
    for (let failures = 0; waiting.length > 0; ) {
      const batch = waiting.splice(0, AT_ONCE);
      underWay = batch.length;
      let hasRetries = false;
      try {
        hasRetries = await tell(batch);
        failures = 0;
      } catch (error) {
        log.warn({ err: error, jobs: batch.length }, 'the queue cannot be told how jobs ended, trying again');
        waiting.unshift(...batch.filter(({ leaseEnd }) => performance.now() < leaseEnd));
        await sleep(Math.min(AGAIN_FIRST_MS * 2 ** failures++, AGAIN_MAX_MS));
      }
      underWay = 0;
      onRound(hasRetries);
    }
    round = undefined;
  }

  async function tell(batch: readonly Ended[]): Promise<boolean> {
    const settlements = batch.map(settlementOf);
    const taken = await queue.settle(settlements);
    const settled: Settled[] = [];
    for (const [at, ended] of batch.entries()) {
      const { job, outcome } = ended;
      if (!taken.has(job.id)) log.warn({ job: job.name, id: job.id }, 'a job ended after it was taken back or deleted');
      else if (typeof outcome === 'object')
        settled.push({ ...ended, outcome, state: settlements[at]?.state ?? 'retry' });
    }
    await onSettled(settled).catch((error) => log.warn({ err: error }, 'the history of jobs has a gap'));
    return settlements.some(({ state }) => state === 'retry');
  }

  function settlementOf({ job, outcome }: Ended): Settlement {
    if (outcome === 'released') return { job, state: 'retry', isCounted: false };
    if (outcome === 'unreached') return { job, state: 'retry', isCounted: false, pauseMs: unreachedPause(job) };
    if (!isFailure(outcome)) return { job, state: 'completed' };
    const error = outcome.error;
    if (outcome.isFinal || job.attempt >= job.attempts) return { job, state: 'failed', error };
    return { job, state: 'retry', error, pauseMs: pauseAfter(job.attempt, job, random) };
  }

  function unreachedPause({ unreached = 0 }: HeldJob): number {
    return pauseAfter(unreached + 1, { backoffFirstMs: UNREACHED_FIRST_MS, backoffMaxMs: UNREACHED_MAX_MS }, random);
  }

  return {
    add(ended) {
      waiting.push(ended);
      // What ends in the same turn of the loop is told together.
      round ??= new Promise<void>((resolve) => setImmediate(() => resolve(run())));
    },
    pending: () => waiting.length + underWay,
    idle: async () => {
      while (round) await round;
    },
  };
}

/** Whether an attempt failed. */
export function isFailure({ status }: Outcome): boolean {
  return status === 'error' || status === 'unknown';
}
