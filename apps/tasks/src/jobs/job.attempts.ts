/** The attempts that a worker has under way. */

import { setTimeout as sleep } from 'node:timers/promises';
import type { Outcome } from '@postern/jobs';
import type { Logger, Metrics } from '@postern/observability';
import type { HeldJob } from './job.queue.ts';
import { type Ended, isFailure } from './job.settler.ts';

/** Runs one attempt. It never throws; `unreached` when the app of the job does not answer. */
export type Execute = (job: HeldJob, signal: AbortSignal) => Promise<Outcome | 'unreached'>;

export type Attempts = {
  begin(job: HeldJob): void;
  /** How many are under way. */
  size(): number;
  /** Gives them `graceMs` to finish, then tells them to stop. One that does not stop stays leased: nobody begins it while it may be at work. */
  drain(graceMs: number): Promise<void>;
};

export type AttemptsDeps = {
  execute: Execute;
  onEnd(ended: Ended): void;
  log: Logger;
  metrics: Metrics;
  /** How much longer a lease is than the deadline, in seconds. */
  leaseMargin: number;
};

const STOPPING_MS = 2_000;
/** Why jobs are told to stop when their worker does. */
const DRAIN = new Error('the worker stops');

/** Keeps track of the attempts of a worker. */
export function createAttempts({ execute, onEnd, log, metrics, leaseMargin }: AttemptsDeps): Attempts {
  const running = new Map<string, AbortController>();
  const seconds = metrics.histogram({
    name: 'postern_job_seconds',
    help: 'Time that an attempt at a job took.',
    labels: ['job', 'status'],
  });

  async function attend(job: HeldJob, controller: AbortController): Promise<void> {
    const begin = performance.now();
    const startedAt = new Date();
    const late = () => controller.abort(new Error(`the job took longer than ${job.deadlineMs} ms`));
    const timer = setTimeout(late, job.deadlineMs);
    const ended = await execute(job, controller.signal);
    clearTimeout(timer);
    running.delete(job.id);
    const isReleased = controller.signal.reason === DRAIN && typeof ended === 'object' && isFailure(ended);
    const outcome = isReleased ? 'released' : ended;
    const status = typeof outcome === 'string' ? outcome : outcome.status;
    seconds.observe((performance.now() - begin) / 1_000, { job: job.name, status });
    tell(job, outcome);
    onEnd({ job, startedAt, outcome, leaseEnd: begin + job.deadlineMs + leaseMargin * 1_000 });
  }

  function tell({ name, id, attempt, attempts, tenant }: HeldJob, outcome: Ended['outcome']): void {
    if (typeof outcome === 'string' || !isFailure(outcome)) return;
    const facts = { job: name, id, attempt, tenant, reason: outcome.error };
    if (attempt < attempts && !outcome.isFinal) log.warn(facts, 'a job failed and is tried again');
    else log.error(facts, 'a job failed for the last time and is a dead letter');
  }

  async function untilIdle(milliseconds: number): Promise<void> {
    const end = performance.now() + milliseconds;
    while (running.size > 0 && performance.now() < end) await sleep(10);
  }

  return {
    begin(job) {
      const controller = new AbortController();
      running.set(job.id, controller);
      void attend(job, controller);
    },
    size: () => running.size,
    async drain(graceMs) {
      await untilIdle(graceMs);
      for (const controller of running.values()) controller.abort(DRAIN);
      await untilIdle(STOPPING_MS);
    },
  };
}
