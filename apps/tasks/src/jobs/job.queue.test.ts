import { setTimeout as sleep } from 'node:timers/promises';
import { v7 } from 'uuid';
import { afterAll, beforeEach, expect, it } from 'vitest';
import { pauseAfter } from './job.pause.ts';
import { createJobPool } from './job.pool.ts';
import { createJobQueue, type WantedJob } from './job.queue.ts';
import { sqlOf } from './job.sql.ts';
import { aJobQueue } from './jobs.fixture.ts';
import { silentLog } from './log.fixture.ts';

const { db, sql } = await aJobQueue();
const pool = createJobPool({ url: db.url, log: silentLog });
const queue = createJobQueue({ pool, sql: sqlOf(db), log: silentLog, onNews: () => undefined, leaseMargin: 0 });
await queue.start();
afterAll(async () => {
  await queue.stop();
  await pool.close();
});
beforeEach(() => sql('truncate tasks_jobs.job'));

const aJob = (changes: Partial<WantedJob> = {}): WantedJob => ({
  ...{ id: v7(), name: 'tasks.note', tenant: '', args: {}, uniqueKey: '', attempts: 3 },
  ...{ backoffFirstMs: 100, backoffMaxMs: 1_000, deadlineMs: 1_000, progressTotal: 0, ...changes },
});
const store = (...jobs: WantedJob[]) => db.system((em) => queue.store(em, jobs));

it('hands a job to one of many who ask', async () => {
  await store(...Array.from({ length: 20 }, () => aJob()));
  const fetched = await Promise.all(Array.from({ length: 10 }, () => queue.fetch(5)));
  const ids = fetched.flat().map(({ id }) => id);
  expect(ids).toHaveLength(20);
  expect(new Set(ids).size).toBe(20);
});

it('takes a job back when its lease is over, and refuses the end that its first worker tells late', async () => {
  const wanted = aJob({ args: { question: 'why?' } });
  await store(wanted);
  const [first] = await queue.fetch(1);
  expect(first).toMatchObject({ id: wanted.id, attempt: 1, args: { question: 'why?' } });
  expect(await queue.expire()).toEqual([]);
  await sleep(1_050);
  expect(await queue.expire()).toMatchObject([{ id: wanted.id, state: 'retry' }]);
  if (!first) throw new Error('nothing was fetched');
  expect(await queue.settle([{ job: first, state: 'completed' }])).toEqual(new Set());
  const [second] = await queue.fetch(1);
  expect(second).toMatchObject({ id: wanted.id, attempt: 2 });
  if (!second) throw new Error('nothing was fetched');
  expect(await queue.settle([{ job: first, state: 'failed', error: 'late' }])).toEqual(new Set());
  expect(await queue.settle([{ job: second, state: 'completed' }])).toEqual(new Set([wanted.id]));
});

it('lets attempts that do not count leave the count alone', async () => {
  const wanted = aJob({ attempts: 1 });
  await store(wanted);
  for (let round = 0; round < 3; round++) {
    const [held] = await queue.fetch(1);
    expect(held).toMatchObject({ attempt: 1 });
    if (held) await queue.settle([{ job: held, state: 'retry', isCounted: false }]);
  }
  const [held] = await queue.fetch(1);
  expect(held?.unreached).toBe(3);
});

it('keeps progress of the attempt that holds the job alone', async () => {
  const wanted = aJob();
  await store(wanted);
  await queue.fetch(1);
  await queue.keepProgress(wanted.id, 2, { done: 9, total: 9, message: 'stale' });
  expect(await sql('select * from job_progress')).toEqual([]);
  await queue.keepProgress(wanted.id, 1, { done: 1, total: 9, message: 'first' });
  expect(await sql('select done, total, message from job_progress')).toEqual([{ done: 1, total: 9, message: 'first' }]);
});

it('ignores a job that it knows already', async () => {
  const wanted = aJob();
  expect(await store(wanted)).toEqual([wanted.id]);
  expect(await store(wanted)).toEqual([]);
});

it('forgets what ended long ago, successes before failures, and nothing that waits', async () => {
  const [done, dead, waiting] = [aJob(), aJob(), aJob()];
  await store(done, dead);
  const held = await queue.fetch(2);
  await queue.settle(held.map((job) => ({ job, state: job.id === done.id ? 'completed' : 'failed' }) as const));
  await store(waiting);
  await sql(`update tasks_jobs.job set completed_on = now() - interval '1 hour' where completed_on is not null`);
  expect(await queue.trim({ successful: 1_000, failed: 86_400_000 })).toBe(1);
  expect(await queue.trim({ successful: 1_000, failed: 1_000 })).toBe(1);
  expect(await sql('select id from tasks_jobs.job')).toEqual([{ id: waiting.id }]);
});

it('says when the next thing is due', async () => {
  expect(await queue.due()).toEqual({});
  await store(aJob({ startAfter: new Date(Date.now() + 60_000).toISOString() }));
  const { jobs } = await queue.due();
  expect(jobs).toBeGreaterThan(50_000);
  expect(jobs).toBeLessThanOrEqual(60_000);
});

it('pauses longer with each failure, up to the longest, never in step', () => {
  const backoff = { backoffFirstMs: 1_000, backoffMaxMs: 300_000 };
  const range = (failed: number) => [pauseAfter(failed, backoff, () => 0), pauseAfter(failed, backoff, () => 1)];
  expect([1, 2, 3, 4, 12, 99].map(range)).toEqual([
    [500, 1_000],
    [1_000, 2_000],
    [2_000, 4_000],
    [4_000, 8_000],
    [150_000, 300_000],
    [150_000, 300_000],
  ]);
});
