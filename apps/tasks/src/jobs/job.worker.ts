/** Fetches jobs and runs them, so many at a time; sleeps until it is woken or until the next job, lease or schedule is due. */

import { createSignal } from '@postern/messaging';
import type { Logger, Metrics } from '@postern/observability';
import { createAttempts, type Execute } from './job.attempts.ts';
import type { ExpiredJob, JobQueue } from './job.queue.ts';
import { createSettler, type Settled } from './job.settler.ts';

export type JobWorker = {
  start(): void;
  /** Looks for jobs now. */
  wake(): void;
  /** Takes no more jobs; those under way have `graceMs` to finish, default 5 s, then they are told to stop, and go back to the queue. */
  stop(graceMs?: number): Promise<void>;
};

export type JobWorkerDeps = {
  queue: Pick<JobQueue, 'fetch' | 'settle' | 'expire' | 'due'>;
  execute: Execute;
  /** Lets the schedules that are due ask for their jobs. */
  tick(): Promise<void>;
  /** Told about attempts that counted. */
  onSettled(settled: readonly Settled[]): Promise<void>;
  /** Told about jobs that were taken back. */
  onExpired(expired: readonly ExpiredJob[]): Promise<void>;
  /** Jobs at a time. */
  concurrency: number;
  log: Logger;
  metrics: Metrics;
  random?: () => number;
  /** Milliseconds between looks without a wake-up: the net below notifications and timers. Default 30,000. */
  sweepMs?: number;
  /** As the queue has it, in seconds. Default 10. */
  leaseMargin?: number;
};

/** More than this at a time gains nothing. */
const FETCH_MOST = 100;
/** How often a worker that is never out of work looks after leases and schedules. */
const BUSY_MS = 1_000;
const BROKEN_FIRST_MS = 250;
const BROKEN_MAX_MS = 5_000;
/** A job that is due and not to be had is held by a transaction for a moment. */
const BLOCKED_FIRST_MS = 20;

/** Creates a worker. */
export function createJobWorker(deps: JobWorkerDeps): JobWorker {
  const { queue, concurrency, log, random = Math.random, sweepMs = 30_000, leaseMargin = 10 } = deps;
  const signal = createSignal();
  const settler = createSettler({
    queue,
    log,
    random,
    onSettled: deps.onSettled,
    // A job that is tried again is due at a time that nobody waits for yet.
    onRound: (hasRetries) => (hasRetries || isFull) && signal.raise(),
  });
  const attempts = createAttempts({
    ...deps,
    leaseMargin,
    onEnd(ended) {
      settler.add(ended);
      if (isFull) signal.raise();
    },
  });
  /** There is no room for another job: the end of one is news. */
  let isFull = false;
  let isStopping = false;
  let lookAfterAt = 0;
  let blocked = 0;
  let done = Promise.resolve();

  async function loop(): Promise<void> {
    for (let failures = 0; !isStopping; ) {
      try {
        await turn();
        failures = 0;
      } catch (error) {
        if (failures === 0) log.warn({ err: error }, 'the job queue cannot be read, trying again until it can');
        await signal.wait(Math.min(BROKEN_FIRST_MS * 2 ** failures++, BROKEN_MAX_MS));
      }
    }
  }

  async function turn(): Promise<void> {
    const free = Math.min(concurrency - attempts.size(), FETCH_MOST);
    isFull = free <= 0 || settler.pending() > 5 * concurrency;
    if (isFull) return signal.wait(sweepMs);
    const jobs = await queue.fetch(free);
    for (const job of jobs) attempts.begin(job);
    if (jobs.length > 0) blocked = 0;
    const isMore = jobs.length === free;
    if (isMore && performance.now() < lookAfterAt) return;
    const pause = await lookAfter();
    if (!isMore && !isStopping) await signal.wait(pause);
  }

  /** Sees to leases and schedules that are due; answers for how long there is nothing to do. */
  async function lookAfter(): Promise<number> {
    lookAfterAt = performance.now() + BUSY_MS;
    const due = await queue.due();
    if (isLate(due.leases)) await deps.onExpired(await queue.expire());
    if (isLate(due.schedules)) await deps.tick();
    if (isLate(due.leases) || isLate(due.schedules)) return 0;
    const jobs = isLate(due.jobs) ? BLOCKED_FIRST_MS * 2 ** Math.min(blocked++, 20) : (due.jobs ?? sweepMs);
    const next = Math.min(sweepMs, jobs, due.leases ?? sweepMs, due.schedules ?? sweepMs);
    // Timers may ring a millisecond early.
    return Math.ceil(next) + 1;
  }

  return {
    start() {
      done = loop();
    },
    wake: signal.raise,
    async stop(graceMs = 5_000) {
      isStopping = true;
      signal.raise();
      await done;
      await attempts.drain(graceMs);
      await settler.idle();
    },
  };
}

function isLate(milliseconds: number | undefined): boolean {
  return milliseconds !== undefined && milliseconds <= 0;
}
