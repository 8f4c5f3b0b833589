import { setTimeout as sleep } from 'node:timers/promises';
import { defineJob, handles, type JobRun, job } from '@postern/jobs';
import { aTenant } from '@postern/testkit';
import { expect, it, vi } from 'vitest';
import { aJobQueue } from './jobs.fixture.ts';

const queue = await aJobQueue();
const { enqueue, sql, db, jobs } = queue;
const { tenant } = aTenant();

const ran: { args: { n: number }; run: JobRun }[] = [];
const note = defineJob<{ n: number }>({ name: 'tasks.note' });
const flaky = defineJob<{ failures: number }>({ name: 'tasks.flaky', backoff: { firstMs: 20, maxMs: 40 } });
const doomed = defineJob<{ password: string }>({
  name: 'tasks.doomed',
  attempts: 2,
  backoff: { firstMs: 10, maxMs: 10 },
});
const slow = defineJob<{ ms: number }>({ name: 'tasks.slow', attempts: 1, deadlineMs: 150 });
const steps = defineJob({ name: 'tasks.steps' });
const held = defineJob({ name: 'tasks.held' });
const [hold, gate] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];

const engine = await queue.start([
  handles(note, async (args, run) => void ran.push({ args, run }), { description: 'Note' }),
  handles(
    flaky,
    async ({ failures }, { attempt }) => {
      if (attempt <= failures) throw new Error('not yet');
    },
    { description: 'Flaky' },
  ),
  handles(
    doomed,
    async () => {
      throw new Error('cannot reach https://user:hunter2@example.com', { cause: new TypeError('no route') });
    },
    { description: 'Doomed' },
  ),
  handles(slow, async ({ ms }, { signal }) => void (await sleep(ms, undefined, { signal })), { description: 'Slow' }),
  handles(held, () => hold.promise, { description: 'Held' }),
  handles(
    steps,
    async (_args, { progress }) => {
      progress(3, 10, 'at it');
      await gate.promise;
    },
    { description: 'Steps' },
  ),
]);
const { queries } = engine;

const state = async (id: string) => {
  const [row] = await sql<{ state: string; retry_count: number }>(
    'select state, retry_count from tasks_jobs.job where id = $1',
    [id],
  );
  return row;
};
const page = { limit: 100, offset: 0 };

it('runs a job that another transaction asked for, once it commits', async () => {
  const id = await enqueue(job(note, { n: 1 }), tenant);
  await vi.waitFor(() => expect(ran.map(({ args }) => args.n)).toContain(1));
  expect(ran.find(({ args }) => args.n === 1)?.run).toMatchObject({ id, tenant, attempt: 1 });
  await vi.waitFor(async () => expect(await state(id)).toMatchObject({ state: 'completed' }));
});

it('knows nothing of a job whose transaction was rolled back', async () => {
  let id = '';
  const rolledBack = db.system(async (em) => {
    id = await jobs.enqueue(em, {}, job(note, { n: 2 }));
    throw new Error('never mind');
  });
  await expect(rolledBack).rejects.toThrow('never mind');
  await enqueue(job(note, { n: 3 }));
  await vi.waitFor(() => expect(ran.map(({ args }) => args.n)).toContain(3));
  expect(await state(id)).toBeUndefined();
  expect(ran.map(({ args }) => args.n)).not.toContain(2);
});

it('keeps one of a hundred jobs with the same unique key while it waits or runs, and another once that is done', async () => {
  const order = () => job(held, {}, { uniqueKey: 'one' });
  const stored = () => sql("select 1 from tasks_jobs.job where data ->> 'name' = 'tasks.held'");
  await Promise.all(Array.from({ length: 100 }, () => enqueue(order(), tenant)));
  await enqueue(order(), aTenant().tenant);
  const heard = 'select 1 from inbox where handled_at is null union all select 1 from outbox';
  await vi.waitFor(async () => expect(await sql(heard)).toEqual([]), 10_000);
  expect(await stored()).toHaveLength(2);
  hold.resolve();
  await vi.waitFor(async () => expect((await queries.counts(tenant)).waiting).toBe(0), 3_000);
  await enqueue(order(), tenant);
  await vi.waitFor(async () => expect(await stored()).toHaveLength(3), 3_000);
});

it('waits until a job may start, to the point', async () => {
  const startAfter = new Date(Date.now() + 400);
  await enqueue(job(note, { n: 5 }, { startAfter }));
  await vi.waitFor(() => expect(ran.map(({ args }) => args.n)).toContain(5), 3_000);
  expect(Date.now() - startAfter.getTime()).toBeGreaterThanOrEqual(0);
  expect(Date.now() - startAfter.getTime()).toBeLessThan(300);
});

it('tries a job again that failed', async () => {
  const id = await enqueue(job(flaky, { failures: 2 }));
  await vi.waitFor(async () => expect(await state(id)).toEqual({ state: 'completed', retry_count: 2 }), 3_000);
});

it('keeps a job that failed for the last time as a dead letter, with why, without secrets, for its tenant alone', async () => {
  const id = await enqueue(job(doomed, { password: 'hunter3' }), tenant);
  await vi.waitFor(async () => expect((await queries.counts(tenant)).failed).toBe(1), 3_000);
  const { count, rows } = await queries.listFailed(tenant, { ...page, words: ['DOOM'] });
  expect(count).toBe(1);
  expect(rows[0]).toMatchObject({ id: id.replaceAll('-', ''), name: 'tasks.doomed', attempt: 2 });
  expect(rows[0]?.error).toBe('Error: cannot reach https://[redacted]@example.com\ncaused by TypeError: no route');
  expect(JSON.stringify(rows)).not.toContain('hunter');
  expect(await queries.listFailed(aTenant().tenant, page)).toEqual({ count: 0, rows: [] });
  expect(await queries.deleteFailed(aTenant().tenant, { conditions: [] })).toBe(0);
  expect(await queries.deleteFailed(tenant, { keys: [id.replaceAll('-', '')], conditions: [] })).toBe(1);
});

it('tells a job to stop when its time is up', async () => {
  const id = await enqueue(job(slow, { ms: 10_000 }), tenant);
  await vi.waitFor(async () => expect(await state(id)).toMatchObject({ state: 'failed' }), 3_000);
  const { rows } = await queries.listFailed(tenant, page);
  expect(rows[0]?.error).toBe('the job took longer than 150 ms');
});

it('shows how far a job is while it runs', async () => {
  const id = await enqueue(job(steps, {}), tenant);
  await vi.waitFor(async () => {
    const { rows } = await queries.listWaiting(tenant, page);
    expect(rows).toMatchObject([
      { id: id.replaceAll('-', ''), state: 'running', attempt: 1, progress: { done: 3, total: 10, message: 'at it' } },
    ]);
  }, 3_000);
  gate.resolve();
  await vi.waitFor(async () => expect(await state(id)).toMatchObject({ state: 'completed' }));
});

it('keeps a job that nobody does as a dead letter', async () => {
  const nobodys = defineJob({ name: 'tasks.nobodys', attempts: 1 });
  await enqueue(job(nobodys, {}), tenant);
  await vi.waitFor(async () => {
    const { rows } = await queries.listFailed(tenant, { ...page, words: ['nobodys'] });
    expect(rows[0]?.error).toBe('no app does jobs called tasks.nobodys');
  });
});

it('gives a job back at once when its worker stops, without counting the attempt', async () => {
  const wait = defineJob({ name: 'tasks.wait', attempts: 1 });
  const stops = handles(wait, (_args, { signal }) => sleep(60_000, undefined, { signal }), { description: 'Wait' });
  const other = await aJobQueue();
  const first = await other.start([stops], { timing: { graceMs: 10 } });
  const id = await other.enqueue(job(wait, {}));
  const row = () => other.sql('select state, retry_count from tasks_jobs.job where id = $1', [id]);
  await vi.waitFor(async () => expect(await row()).toMatchObject([{ state: 'active' }]), 3_000);
  await first.stop?.();
  expect(await row()).toEqual([{ state: 'retry', retry_count: 0 }]);
  const done = handles(wait, async () => undefined, { description: 'Wait' });
  await other.worker({ handlers: [done] }).start?.();
  await vi.waitFor(async () => expect(await row()).toEqual([{ state: 'completed', retry_count: 0 }]), 3_000);
});
