/** The queue: pg-boss keeps and hands out jobs; leases, fences and pauses are statements of ours on its table. */

import type { EntityManager } from '@postern/database';
import type { Logger } from '@postern/observability';
import { PgBoss } from 'pg-boss';
import { QUEUE, QUEUE_SCHEMA } from './job.migrations.ts';
import type { JobPool } from './job.pool.ts';
import { type JobSql, rowsIn } from './job.sql.ts';
import { DUE, EXPIRE, PROGRESS, SETTLE, TRIM, TRIM_PROGRESS } from './job.statements.ts';

/** A job as it is asked for. */
export type WantedJob = {
  readonly id: string;
  readonly name: string;
  /** Empty for a job of the installation. */
  readonly tenant: string;
  readonly args: object;
  /** Empty for none. */
  readonly uniqueKey: string;
  readonly attempts: number;
  readonly backoffFirstMs: number;
  readonly backoffMaxMs: number;
  readonly deadlineMs: number;
  readonly startAfter?: string | undefined;
  readonly progressTotal: number;
  /** Whether a schedule wants it. */
  readonly isScheduled?: boolean;
};

/** What a stored job carries, in the queue's `data`. */
export type JobData = Omit<WantedJob, 'id' | 'startAfter'> & {
  /** Attempts that did not count: its app could not be reached. */
  readonly unreached?: number;
};

/** A job that this worker holds. */
export type HeldJob = JobData & {
  readonly id: string;
  /** What tells this hold from an earlier or later one. */
  readonly retryCount: number;
  /** Counts from 1. */
  readonly attempt: number;
};

/** What becomes of a held job. */
export type Settlement = {
  readonly job: Pick<HeldJob, 'id' | 'retryCount'>;
  readonly state: 'completed' | 'retry' | 'failed';
  /** Milliseconds until it may be tried again. */
  readonly pauseMs?: number;
  /** False for an attempt that does not count. Default true. */
  readonly isCounted?: boolean;
  readonly error?: string;
};

/** A job whose lease ended: its worker is gone. */
export type ExpiredJob = HeldJob & { readonly state: 'retry' | 'failed'; readonly startedAt: Date };

/** Milliseconds until something is due, by the database's clock; undefined for never. */
export type Due = { readonly jobs?: number; readonly leases?: number; readonly schedules?: number };

export type JobQueue = {
  start(): Promise<void>;
  stop(): Promise<void>;
  /** Keeps jobs in the caller's transaction; answers the ids of those that were kept. A known id, or a unique key that is taken, is not. */
  store(em: EntityManager, jobs: readonly WantedJob[]): Promise<string[]>;
  /** Takes up to `limit` jobs that are due, oldest first; nobody else gets them until their leases end. */
  fetch(limit: number): Promise<HeldJob[]>;
  /** Lets go of jobs; answers the ids of those that were still held. */
  settle(settlements: readonly Settlement[]): Promise<ReadonlySet<string>>;
  /** Takes back the jobs whose leases ended. */
  expire(): Promise<ExpiredJob[]>;
  due(): Promise<Due>;
  /** Has every worker look at what is due: a schedule changed. */
  wakeAll(): Promise<void>;
  /** Keeps how far a job is, unless the attempt is over. */
  keepProgress(id: string, attempt: number, progress: { done: number; total: number; message: string }): Promise<void>;
  /** Forgets what ended longer ago than this, at most 5,000 of each; answers how many. */
  trim(keepMs: { successful: number; failed: number }): Promise<number>;
};

export type JobQueueDeps = {
  pool: JobPool;
  sql: JobSql;
  log: Logger;
  /** Called when there may be something to do. */
  onNews(): void;
  /** How much longer a lease is than the deadline, in seconds: time for a job to stop and for its end to be told. Default 10. */
  leaseMargin?: number;
};

/** Creates the queue. */
export function createJobQueue({ pool, sql, log, onNews, leaseMargin = 10 }: JobQueueDeps): JobQueue {
  let channel = '';
  const boss = createBoss(pool, (name) => {
    channel = name;
    return pool.listen(name, onNews);
  });
  boss.on('error', (error) => log.warn({ err: error }, 'the job queue complains'));
  let started: Promise<unknown> | undefined;

  async function start(): Promise<void> {
    started ??= boss.start();
    await started.catch((error) => {
      started = undefined;
      throw error;
    });
  }

  return {
    start,
    stop: () => boss.stop({ graceful: false, close: false }),
    async store(em, jobs) {
      // What the inbox holds from before may come ahead of everything else.
      await start();
      const executeSql = async (text: string, values: unknown[] = []) => ({ rows: await rowsIn(em, text, values) });
      const rows = jobs.map((one) => rowOf(one, leaseMargin));
      const stored = await boss.insert(QUEUE, rows, { db: { executeSql }, returnId: true });
      // The queue announces what may start at once; that the next wake-up is an earlier one is ours to say.
      if (jobs.some(({ startAfter }) => startAfter)) await rowsIn(em, NOTIFY, [channel, 'delayed']);
      return stored ?? [];
    },
    async fetch(limit) {
      const jobs = await boss.fetch<JobData>(QUEUE, { batchSize: limit });
      return jobs.map(({ id, data, retryCount }) => ({ ...data, id, retryCount, attempt: retryCount + 1 }));
    },
    async settle(settlements) {
      const rows = await pool.rows<{ id: string }>(SETTLE, [JSON.stringify(settlements.map(settledRow))], 'job-settle');
      return new Set(rows.map(({ id }) => id));
    },
    async expire() {
      const rows = await pool.rows<ExpiredRow>(EXPIRE);
      return rows.map(({ id, data, retry_count: retryCount, state, started_on: startedAt }) => ({
        ...data,
        id,
        retryCount,
        attempt: retryCount + 1,
        state,
        startedAt,
      }));
    },
    async due() {
      const [row] = await pool.rows<DueRow>(DUE, [], 'job-due');
      return { jobs: row?.jobs ?? undefined, leases: row?.leases ?? undefined, schedules: row?.schedules ?? undefined };
    },
    async wakeAll() {
      if (channel) await sql.rows(NOTIFY, [channel, 'schedules']);
    },
    async keepProgress(id, attempt, { done, total, message }) {
      await sql.rows(PROGRESS, [id, attempt - 1, done, total, message]);
    },
    async trim({ successful, failed }) {
      const rows = await sql.rows(TRIM, [successful, failed]);
      await sql.rows(TRIM_PROGRESS);
      return rows.length;
    },
  };
}

type ExpiredRow = { id: string; data: JobData; retry_count: number; state: 'retry' | 'failed'; started_on: Date };
type DueRow = { jobs: number | null; leases: number | null; schedules: number | null };

const NOTIFY = 'select pg_notify($1, $2)';

/** pg-boss asks the database whether its queue has changed once a day, the least it can be told. */
const SECONDS_OF_DAY = 86_400;

function createBoss(pool: JobPool, listen: (channel: string) => { close(): Promise<void> }): PgBoss {
  return new PgBoss({
    schema: QUEUE_SCHEMA,
    migrate: false,
    createSchema: false,
    supervise: false,
    schedule: false,
    useListenNotify: true,
    queueCacheIntervalSeconds: SECONDS_OF_DAY,
    db: {
      executeSql: async (text, values = []) => ({ rows: await pool.rows(text, values) }),
      // It knows the channel that it notifies; what comes there wakes our loop instead of workers of its own.
      listen: async (channel) => listen(channel),
    },
  });
}

function rowOf({ id, startAfter, ...data }: WantedJob, leaseMargin: number) {
  const { name, tenant, uniqueKey } = data;
  return {
    id,
    data,
    ...(startAfter ? { startAfter: new Date(startAfter).toISOString() } : {}),
    // The queue lets one job at a time have a key: one without a key of its own has its id.
    singletonKey: uniqueKey ? `${name}:${tenant}:${uniqueKey}` : id,
    retryLimit: data.attempts - 1,
    expireInSeconds: Math.ceil(data.deadlineMs / 1_000) + leaseMargin,
  };
}

function settledRow({ job, state, pauseMs = 0, isCounted = true, error }: Settlement) {
  return {
    id: job.id,
    retry_count: job.retryCount,
    state,
    pause_ms: Math.round(pauseMs),
    is_counted: isCounted,
    output: error === undefined ? null : { error },
  };
}
