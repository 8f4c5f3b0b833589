/** The job queue as tests run it: its real tables, messages over the local bus, workers as many as wanted. */

import { createJobs, JOB_FAILED, type JobHandler, type JobOrder } from '@postern/jobs';
import { createLocalBus, createMessaging, messagingOn, on } from '@postern/messaging';
import { createMetrics } from '@postern/observability';
import type { jobs as api } from '@postern/proto';
import { migrationsOf } from '@postern/service';
import { testDatabase } from '@postern/testkit';
import { afterAll } from 'vitest';
import { createJobEngine, type JobEngineDeps } from './index.ts';
import { JOB_MIGRATIONS, QUEUE_SCHEMA } from './job.migrations.ts';
import { silentLog } from './log.fixture.ts';

export type WorkerOptions = Partial<Pick<JobEngineDeps, 'handlers' | 'timing' | 'apps' | 'onStatement' | 'clock'>> & {
  concurrency?: number;
};

export const DAY_MS = 86_400_000;

/** A database with the queue, and what asks for jobs in it. Nothing runs before a worker is started. */
export async function aJobQueue() {
  const database = { entities: [], migrations: [...JOB_MIGRATIONS, LEDGER] };
  const test = await testDatabase({
    schema: 'tasks',
    schemas: [QUEUE_SCHEMA],
    entities: [],
    migrations: migrationsOf({ name: 'tasks', database }),
  });
  const { db } = test;
  const bus = createLocalBus();
  const messaging = createMessaging({ ...messagingOn(db), bus });
  const jobs = createJobs({ outbox: messaging.outbox });
  /** What others hear of dead letters. */
  const failed: api.JobFailed[] = [];

  /** A worker: what one process of the service runs. */
  function worker({ concurrency = 20, handlers = [], ...options }: WorkerOptions = {}) {
    const config = { concurrency, keepSuccessful: DAY_MS, keepFailed: 30 * DAY_MS };
    const engine = createJobEngine({
      db,
      outbox: messaging.outbox,
      log: silentLog,
      metrics: createMetrics(),
      clock: { now: () => new Date() },
      config,
      apps: {},
      handlers,
      ...options,
    });
    afterAll(() => engine.stop?.());
    return engine;
  }

  /** Starts a worker that also hears what is asked for. */
  async function start(handlers: readonly JobHandler[], options: WorkerOptions = {}) {
    const engine = worker({ handlers, ...options });
    for (const consumer of engine.consumers ?? []) await messaging.subscribe(consumer);
    const hear = on(JOB_FAILED, async ({ payload }) => void failed.push(payload));
    await messaging.subscribe({ durable: 'test_failed', handlers: [hear] });
    await messaging.start();
    afterAll(() => messaging.stop());
    await engine.start?.();
    await bus.start();
    return engine;
  }

  const enqueue = (order: JobOrder, tenant?: string): Promise<string> =>
    db.system((em) => jobs.enqueue(em, tenant ? { tenant } : {}, order));

  return { ...test, bus, failed, jobs, worker, start, enqueue };
}

/** What jobs of tests write down. */
const LEDGER = {
  name: 'test/0001-ledger',
  up: [
    `create table ledger (job uuid not null, attempt integer not null, worker text not null, event text not null,
      at timestamptz not null default clock_timestamp())`,
  ],
};
