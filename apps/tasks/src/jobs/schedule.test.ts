import { defineJob, handles, kindOf } from '@postern/jobs';
import { jobs as api } from '@postern/proto';
import { asService, createClient, createRpcServer, createSealer } from '@postern/rpc';
import { aTenant, TEST_SECRET } from '@postern/testkit';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { declareKinds } from './job-kind.operations.ts';
import { aJobQueue } from './jobs.fixture.ts';
import { silentLog } from './log.fixture.ts';
import { nextRun, timingProblem } from './schedule.time.ts';

const { db, sql, worker } = await aJobQueue();
const sweep = defineJob({ name: 'tasks.sweep' });
let runs = 0;
const handler = handles(sweep, async () => void runs++, { description: 'Sweep', schedule: { everyMs: 3_600_000 } });
const kind = {
  ...{ name: 'tasks.sweep', description: 'Sweep', task: '', visible: 'always', attempts: 5 },
  ...{ backoffFirstMs: 1_000, backoffMaxMs: 300_000, deadlineMs: 90_000, cron: null, everyMs: 3_600_000 },
};
const declare = (changes: object = {}) => declareKinds(db, 'tasks', [{ ...kind, ...changes }], new Date());
const nextIn = async () => {
  const [row] = await sql<{ ms: number | null }>(
    `select (extract(epoch from next_run - now()) * 1000)::float8 as ms from job_kind where name = 'tasks.sweep'`,
  );
  return row?.ms ?? null;
};

beforeEach(async () => {
  await sql('truncate job_kind, tasks_jobs.job');
  await declare();
  runs = 0;
});

describe('a schedule', () => {
  it('runs once per tick, however many workers there are, and once for all the ticks that were missed', async () => {
    await sql(`update job_kind set next_run = now() - interval '10 hours'`);
    const workers = Array.from({ length: 4 }, () => worker({ handlers: [handler] }));
    await Promise.all(workers.map((each) => each.start?.()));
    await vi.waitFor(() => expect(runs).toBe(1), 5_000);
    await vi.waitFor(async () =>
      expect((await worker().queries.listScheduled({ limit: 1, offset: 0 })).rows).toMatchObject([
        {
          name: 'tasks.sweep',
          everyMs: 3_600_000,
          cron: null,
          lastSuccess: true,
          lastRun: expect.any(Date),
          lastJob: expect.stringMatching(/^[0-9a-f]{32}$/),
        },
      ]),
    );
    expect(await nextIn()).toBeGreaterThan(0);
    expect(await nextIn()).toBeLessThanOrEqual(3_600_000);
    await sql(`update job_kind set next_run = now() + interval '200 milliseconds'`);
    await sql(`select pg_notify('pgboss_832893b796f43743dc8008d2', '')`);
    await vi.waitFor(() => expect(runs).toBe(2), 5_000);
    await Promise.all(workers.map((each) => each.stop?.()));
    expect(runs).toBe(2);
    expect(await sql('select 1 from tasks_jobs.job')).toHaveLength(2);
  });

  it('is planned anew when its code says something else, and left alone when it says the same', async () => {
    const before = await nextIn();
    await declare();
    expect(await nextIn()).toBeLessThanOrEqual(before ?? 0);
    await declare({ everyMs: 60_000 });
    expect(await nextIn()).toBeLessThanOrEqual(60_000);
    await declareKinds(db, 'tasks', [], new Date());
    expect(await nextIn()).toBeNull();
    expect((await worker().queries.counts(aTenant().tenant)).scheduled).toBe(0);
  });
});

describe('the schedules of an app that runs', () => {
  const sealer = createSealer(TEST_SECRET);
  const server = createRpcServer({ services: worker({ handlers: [handler] }).services ?? [], sealer, log: silentLog });
  const client = createClient(api.ScheduleServiceDefinition, server.channel(), { sealer, service: 'tasks' });
  const as = asService(aTenant().tenant);
  const name = 'tasks.sweep';

  it.each([
    [{ cron: 'every day' }, 'cron'],
    [{ cron: '* * * * * *' }, 'cron'],
    [{ cron: '61 * * * *' }, 'cron'],
    [{ every_ms: 10 }, 'every_ms'],
    [{ cron: '* * * * *', every_ms: 5_000 }, 'cron'],
    [{ reset: true, every_ms: 5_000 }, 'reset'],
  ])('refuse %j', async (change, field) => {
    await expect(client.changeSchedule({ name, ...change }, as)).rejects.toMatchObject({ violations: [{ field }] });
    await expect(client.changeSchedule({ name: 'tasks.nobodys', ...change }, as)).rejects.toThrow();
  });

  it('do not know a job that has none', async () => {
    await expect(client.changeSchedule({ name: 'tasks.nobodys', paused: true }, as)).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
  });

  it('change, rest, and keep what was changed over a restart until it is reset', async () => {
    expect(await client.changeSchedule({ name, every_ms: 5_000 }, as)).toMatchObject({
      every_ms: 5_000,
      changed: true,
    });
    await declare({ everyMs: 7_200_000 });
    expect(await nextIn()).toBeLessThanOrEqual(5_000);
    expect(await client.changeSchedule({ name, paused: true }, as)).toMatchObject({
      paused: true,
      next_run: undefined,
    });
    await declare({ everyMs: 3_600_000 });
    expect(await nextIn()).toBeNull();
    expect(await client.changeSchedule({ name, paused: false }, as)).toMatchObject({ paused: false, every_ms: 5_000 });
    const reset = await client.changeSchedule({ name, reset: true }, as);
    expect(reset).toMatchObject({ every_ms: 3_600_000, changed: false });
    expect(await client.listSchedules({}, as)).toEqual({ schedules: [reset] });
  });
});

describe('times', () => {
  const now = new Date('2026-03-01T10:00:30Z');

  it('follow cron in UTC', () => {
    expect(nextRun({ cron: '2-59/5 * * * *', everyMs: null }, now)).toEqual(new Date('2026-03-01T10:02:00Z'));
  });

  it('keep the beat of an interval and skip what was missed', () => {
    const planned = new Date('2026-03-01T06:10:00Z');
    expect(nextRun({ cron: null, everyMs: 3_600_000 }, now, planned)).toEqual(new Date('2026-03-01T10:10:00Z'));
    expect(nextRun({ cron: null, everyMs: null }, now)).toBeUndefined();
  });

  it('are sound in every declared job', () => {
    const { cron, every_ms: everyMs } = kindOf(handler);
    expect(timingProblem({ cron: cron || null, everyMs: everyMs || null })).toBeUndefined();
  });
});
