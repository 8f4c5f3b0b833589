import { DEFAULT_TENANT } from '@postern/database';
import { aTenant } from '@postern/testkit';
import { v7 } from 'uuid';
import { beforeEach, describe, expect, it } from 'vitest';
import { maskArgs } from './job.mask.ts';
import { createJobPool } from './job.pool.ts';
import type { JobCondition } from './job.queries.ts';
import { createJobQueue } from './job.queue.ts';
import { sqlOf } from './job.sql.ts';
import { aJobQueue } from './jobs.fixture.ts';
import { silentLog } from './log.fixture.ts';

const { db, sql, worker } = await aJobQueue();
const { queries } = worker();
const { tenant } = aTenant();
const pool = createJobPool({ url: db.url, log: silentLog });
const queue = createJobQueue({ pool, sql: sqlOf(db), log: silentLog, onNews: () => undefined });

const aJob = (name: string, of: string, args: object = {}) => ({
  ...{ id: v7(), name, tenant: of, args, uniqueKey: '', attempts: 3, backoffFirstMs: 1, backoffMaxMs: 1 },
  ...{ deadlineMs: 1_000, progressTotal: 0 },
});

beforeEach(async () => {
  await sql('truncate tasks_jobs.job');
  await db.system((em) =>
    queue.store(em, [
      aJob('tasks.bake', tenant, { password: 'hunter2', to: { api_key: 'k', name: 'x' } }),
      aJob('tasks.carry', tenant),
      aJob('tasks.arrange', tenant),
      aJob('tasks.bake', ''),
      aJob('tasks.bake', aTenant().tenant),
    ]),
  );
});

const names = async (of: string, request = {}) =>
  (await queries.listWaiting(of, { limit: 10, offset: 0, ...request })).rows.map(({ name }) => name);

describe('waiting jobs', () => {
  it('are listed in the order of storing, those of the tenant alone, without secrets', async () => {
    const { count, rows } = await queries.listWaiting(tenant, { limit: 2, offset: 0 });
    expect(count).toBe(3);
    expect(rows).toMatchObject([
      { name: 'tasks.bake', state: 'waiting', attempt: 0, attempts: 3, started: null, progress: null },
      { name: 'tasks.carry' },
    ]);
    expect(rows[0]?.args).toEqual({
      password: '********************',
      to: { api_key: '********************', name: 'x' },
    });
    expect(rows[0]?.id).toMatch(/^[0-9a-f]{32}$/);
    expect(rows[1]?.number).toBeGreaterThan(rows[0]?.number ?? 0);
  });

  it('of the installation belong to the default tenant', async () => {
    expect(await names(DEFAULT_TENANT)).toEqual(['tasks.bake']);
    expect(await queries.counts(DEFAULT_TENANT)).toEqual({ waiting: 1, scheduled: 0, failed: 0 });
    expect(await queries.counts(aTenant().tenant)).toEqual({ waiting: 0, scheduled: 0, failed: 0 });
  });

  it('can be searched, ordered and paged', async () => {
    expect(await names(tenant, { words: ['AR'] })).toEqual(['tasks.carry', 'tasks.arrange']);
    expect(await names(tenant, { words: ['%'] })).toEqual([]);
    expect(await names(tenant, { ordering: ['name'] })).toEqual(['tasks.arrange', 'tasks.bake', 'tasks.carry']);
    expect(await names(tenant, { ordering: ['-number'], limit: 1, offset: 1 })).toEqual(['tasks.carry']);
  });

  it.each<[JobCondition, number]>([
    [{ field: 'name', comparison: 'exact', value: 'tasks.bake' }, 1],
    [{ field: 'name', comparison: 'in', value: ['tasks.bake', 'tasks.carry'] }, 2],
    [{ field: 'name', comparison: 'icontains', value: 'AR' }, 2],
    [{ field: 'name', comparison: 'startswith', value: 'tasks.%' }, 0],
    [{ field: 'name', comparison: 'endswith', value: 'ke' }, 1],
    [{ field: 'name', comparison: 'iexact', value: 'TASKS.BAKE' }, 1],
    [{ field: 'attempt', comparison: 'gte', value: '1' }, 3],
    [{ field: 'attempt', comparison: 'gt', value: "1' or true --" }, 0],
    [{ field: 'created', comparison: 'lt', value: '2020-01-01' }, 0],
    [{ field: 'created', comparison: 'gt', value: 'never' }, 0],
    [{ field: 'started', comparison: 'isnull', value: true }, 3],
    [{ field: 'started', comparison: 'exact', value: null }, 3],
    [{ field: 'success', comparison: 'exact', value: true }, 0],
    [{ field: 'number', comparison: 'in', value: [] }, 0],
  ])('are deleted by %j', async (condition, count) => {
    expect(await queries.deleteWaiting(tenant, { conditions: [condition] })).toBe(count);
    expect((await queries.counts(tenant)).waiting).toBe(3 - count);
    expect((await queries.counts(DEFAULT_TENANT)).waiting).toBe(1);
  });

  it('are deleted by number, those of the tenant alone, and keys and conditions must both hold', async () => {
    const numbers = (await sql<{ number: string }>('select number from tasks_jobs.job')).map(({ number }) => number);
    const bake: JobCondition = { field: 'name', comparison: 'exact', value: 'tasks.bake' };
    expect(await queries.deleteWaiting(tenant, { keys: [], conditions: [] })).toBe(0);
    expect(await queries.deleteWaiting(tenant, { keys: ['x', '0'], conditions: [] })).toBe(0);
    expect(await queries.deleteWaiting(tenant, { keys: numbers, conditions: [bake] })).toBe(1);
    expect(await queries.deleteWaiting(tenant, { keys: numbers, conditions: [] })).toBe(2);
    expect(await sql('select 1 from tasks_jobs.job')).toHaveLength(2);
  });

  it('that run lose their row when they are deleted, and their end is refused', async () => {
    const held = await queue.fetch(1);
    expect(await queries.listWaiting(tenant, { limit: 1, offset: 0 })).toMatchObject({
      rows: [{ state: 'running', attempt: 1, started: expect.any(Date), leasedUntil: expect.any(Date) }],
    });
    expect(await queries.deleteWaiting(tenant, { conditions: [] })).toBe(3);
    expect(await queue.settle(held.map((job) => ({ job, state: 'completed' }) as const))).toEqual(new Set());
  });
});

it('masks what stands under a telling name, however deep, and endures what nobody should send', () => {
  const deep = Array.from({ length: 40 }).reduce<unknown>((inner) => ({ a: inner }), { token: 'x' });
  expect(JSON.stringify(maskArgs(deep))).not.toContain('x');
  expect(maskArgs([1])).toEqual({});
  expect(maskArgs(null)).toEqual({});
});
