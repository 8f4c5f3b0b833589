import { DEFAULT_TENANT } from '@postern/database';
import { createJobs, defineJob, type JobOptions, job } from '@postern/jobs';
import { createOutbox } from '@postern/messaging';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { apiOf, type Json, until } from './api.client.ts';
import { ask } from './http.client.ts';
import { ADMIN_PASSWORD, ADMIN_TOKEN, oneProcess, type Platform } from './platforms.ts';

const ROOT = '/api/background-task/';
/** Jobs of a kind that no app does: they fail for good when they are due. */
const WAITING = { startAfter: new Date(Date.now() + 3_600_000) };
const MINUTE = /^\d{4}-\d\d-\d\d \d\d:\d\d$/;
const KEY = /^[0-9a-f]{32}$/;

let platform: Platform;
let database: pg.Client;
beforeAll(async () => {
  platform = await oneProcess.start();
  database = new pg.Client({ connectionString: platform.databaseUrl });
  await database.connect();
});
afterAll(async () => {
  await database?.end();
  await platform?.stop();
});

/** Asks for jobs as a service does: in a transaction of its own, by its outbox. */
async function enqueue(count: number, kind: string, args: object, options: JobOptions): Promise<void> {
  const jobs = createJobs({ outbox: createOutbox({ schema: 'directory' }) });
  const order = job(defineJob<object>({ name: `directory.${kind}`, attempts: 1 }), args, options);
  const execute = async (sql: string, params: unknown[] = []) => {
    let index = 0;
    return (
      await database.query(
        sql.replaceAll('?', () => `$${++index}`),
        params,
      )
    ).rows;
  };
  await database.query('begin');
  await jobs.enqueueAll({ execute }, { tenant: DEFAULT_TENANT }, Array(count).fill(order));
  await database.query('commit');
}

async function call(method: string, path: string, { body, authorization = `Token ${ADMIN_TOKEN}` }: Call = {}) {
  const headers: Record<string, string> = authorization === '' ? {} : { authorization };
  const answer = await ask({
    url: new URL(`${ROOT}${path}`, platform.url),
    method,
    headers,
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  return { status: answer.status, body: JSON.parse(answer.text || 'null'), headers: answer.headers };
}

type Call = { body?: unknown; authorization?: string };

const list = async (path: string): Promise<Json[]> => (await call('GET', path)).body;
const called = (kind: string, jobs: readonly Json[]) => jobs.filter(({ func }) => func === `directory.${kind}`);
const waiting = (kind: string, count: number) =>
  until(
    async () => called(kind, await list('pending/')),
    (jobs) => jobs.length === count,
  );
const failed = (kind: string, count: number) =>
  until(
    async () => called(kind, await list('failed/')),
    (jobs) => jobs.length === count,
  );

describe('who may look', () => {
  it('is nobody without a credential, or with a wrong one', async () => {
    for (const path of ['', 'pending/', 'failed/', 'scheduled/']) {
      const { status, body, headers } = await call('GET', path, { authorization: '' });
      expect([status, headers['www-authenticate']]).toEqual([401, 'Token']);
      expect(body).toEqual({ detail: 'Authentication credentials were not provided.' });
    }
    expect(await call('GET', '', { authorization: 'Token guess' })).toMatchObject({
      status: 401,
      body: { detail: 'Invalid token.' },
    });
    const wrong = `Basic ${Buffer.from('akadmin:guess').toString('base64')}`;
    expect(await call('GET', '', { authorization: wrong })).toMatchObject({
      status: 401,
      body: { detail: 'Invalid username/password.' },
    });
  });

  it('is no ordinary user', async () => {
    const api = apiOf({ url: platform.url, token: ADMIN_TOKEN });
    const { username } = await api.post('/core/users/', { username: 'clerk', name: 'Clerk', path: 'users' });
    const { pk } = (await api.list('/core/users/?username=clerk'))[0] ?? {};
    const { identifier } = await api.post('/core/tokens/', { identifier: `of-${username}`, intent: 'api', user: pk });
    const { key } = await api.get(`/core/tokens/${identifier}/view_key/`);
    for (const [method, path] of [
      ['GET', ''],
      ['GET', 'failed/'],
      ['DELETE', 'pending/?all=true'],
    ] as const)
      expect(await call(method, path, { authorization: `Token ${key}` })).toMatchObject({
        status: 403,
        body: { detail: 'You do not have permission to perform this action.' },
      });
  });

  it('is an administrator, by token or password', async () => {
    const basic = `Basic ${Buffer.from(`akadmin:${ADMIN_PASSWORD}`).toString('base64')}`;
    for (const authorization of [`token ${ADMIN_TOKEN}`, basic])
      expect(await call('GET', '', { authorization })).toMatchObject({ status: 200, body: { is_running: true } });
  });
});

describe('jobs that wait', () => {
  it('are told as they came, with what they are to do', async () => {
    await enqueue(3, 'first', { who: 'ada', x: 3, api_token: 'hidden' }, WAITING);
    const jobs = await waiting('first', 3);
    for (const one of jobs)
      expect(one).toEqual({
        pk: expect.any(Number),
        key: expect.any(String),
        lock: expect.stringMatching(MINUTE),
        task_id: expect.stringMatching(KEY),
        name: expect.any(String),
        func: 'directory.first',
        args: '()',
        kwargs: `{'x': 3, 'who': 'ada', 'api_token': '********************'}`,
      });
    const keys = jobs.map(({ pk }) => Number(pk));
    expect(keys).toEqual(keys.toSorted((a, b) => a - b));
    expect((await call('GET', '')).body.pending_tasks).toBeGreaterThanOrEqual(3);
  });

  it('come in parts for who asks for parts', async () => {
    // The platform's own jobs come and go meanwhile: what counts is a look that is between two equal ones.
    const { all, body } = await until(
      async () => ({
        all: await list('pending/'),
        body: (await call('GET', 'pending/?limit=2&offset=1')).body,
        whole: await list('pending/?limit=nonsense'),
      }),
      ({ all, whole }) => JSON.stringify(all) === JSON.stringify(whole),
    );
    expect(body).toMatchObject({ count: all.length, results: all.slice(1, 3) });
    expect(body.previous).toBe(`${platform.url}${ROOT}pending/?limit=2`);
  });

  it.each([
    [{}, 'List of items or filters must be provided for bulk operation'],
    [{ items: 'x' }, 'Items must be provided as a list'],
    [{ items: ['x'] }, 'Invalid items list provided'],
    [{ filters: [1] }, 'Filters must be provided as a dict'],
    [{ filters: { nothing: 1 } }, 'Invalid filters provided'],
    [{ items: [987654321] }, 'No items match the provided criteria'],
    [{ filters: { func: 'directory.first', lock__lt: '2001-01-01' } }, 'No items match the provided criteria'],
  ])('stay when a deletion says %j', async (body, message) => {
    expect(await call('DELETE', 'pending/', { body })).toMatchObject({
      status: 400,
      body: { non_field_errors: message },
    });
    await waiting('first', 3);
  });

  it('are deleted by keys and by filters, where both must hold', async () => {
    await enqueue(2, 'second', {}, WAITING);
    const [one, other] = await waiting('second', 2);
    const [kept] = await waiting('first', 3);
    const filters = { func__contains: '.sec' };
    const answer = await call('DELETE', 'pending/', { body: { items: [one?.pk, kept?.pk, 999999], filters } });
    expect(answer).toMatchObject({ status: 200, body: { success: 'Deleted 1 items' } });
    expect(await waiting('second', 1)).toEqual([other]);
    expect(await call('DELETE', 'pending/', { body: { filters: { func: 'directory.second' } } })).toMatchObject({
      body: { success: 'Deleted 1 items' },
    });
    await waiting('first', 3);
  });
});

describe('jobs that failed', () => {
  it('tell why, the last one first', async () => {
    await enqueue(1, 'early', { a: 1 }, {});
    await failed('early', 1);
    await enqueue(1, 'late', { a: 2 }, {});
    const [late] = await failed('late', 1);
    expect(late).toEqual({
      pk: expect.stringMatching(KEY),
      name: expect.any(String),
      func: 'directory.late',
      args: '()',
      kwargs: "{'a': 2}",
      started: expect.stringMatching(MINUTE),
      stopped: expect.stringMatching(MINUTE),
      attempt_count: 1,
      result: expect.stringMatching(/\S/),
    });
    const order = (await list('failed/')).map(({ func }) => func);
    expect(order.indexOf('directory.late')).toBeLessThan(order.indexOf('directory.early'));
    const byName = (await list('failed/?ordering=func,nonsense&search=directory,%22ory.%22%20l')).map(
      ({ func }) => func,
    );
    expect(byName).toEqual(['directory.early', 'directory.late']);
    expect((await call('GET', '')).body.failed_tasks).toBeGreaterThanOrEqual(2);
  });

  it('are the same that the administration shows', async () => {
    const [{ pk } = {}] = await failed('late', 1);
    const before = (await call('GET', '')).body.failed_tasks;
    expect(await call('DELETE', 'failed/', { body: { items: [pk], filters: { success: false } } })).toMatchObject({
      status: 200,
      body: { success: 'Deleted 1 items' },
    });
    expect((await call('GET', '')).body.failed_tasks).toBe(before - 1);
    expect(await call('DELETE', 'failed/', { body: { items: [12] } })).toMatchObject({
      body: { non_field_errors: 'Invalid items list provided' },
    });
  });

  it('go all at once for who says so, and for nobody who says no', async () => {
    expect(await call('DELETE', 'failed/?all=false')).toMatchObject({
      status: 400,
      body: { non_field_errors: 'All filter must only be used with true' },
    });
    expect((await call('DELETE', 'failed/?all')).status).toBe(200);
    expect(called('early', await list('failed/'))).toEqual([]);
    await waiting('first', 3);
  });
});

describe('schedules', () => {
  it('tell when they run, the next one first', async () => {
    const schedules = await until(
      () => list('scheduled/'),
      (all) => all.length > 5,
    );
    for (const one of schedules)
      expect(one).toMatchObject({
        pk: expect.any(Number),
        func: expect.stringMatching(/^(auth|directory|providers|tasks)\.[a-z_]+$/),
        schedule_type: expect.stringMatching(/^(I|H|D|W|BW|C)$/),
        repeats: -1,
        next_run: expect.stringMatching(MINUTE),
      });
    const times = schedules.map(({ next_run }) => String(next_run));
    expect(times).toEqual(times.toSorted());
    expect((await call('GET', '')).body.scheduled_tasks).toBe(schedules.length);
    const [first] = schedules;
    expect(await list(`scheduled/?search=${first?.func}`)).toContainEqual(first);
  });

  it.each(['POST', 'PUT', 'PATCH', 'DELETE'])('take no %s', async (method) => {
    expect(await call(method, 'scheduled/', { body: {} })).toMatchObject({
      status: 405,
      body: { detail: `Method "${method}" not allowed.` },
    });
  });
});
