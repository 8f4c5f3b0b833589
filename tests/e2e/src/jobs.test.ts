import type { Roles } from '@postern/testkit';
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Api, apiOf, until } from './api.client.ts';
import { ADMIN_TOKEN, startFiveProcesses } from './platforms.ts';

const CLEAN = '/admin/system_tasks/clean_expired_models/';

let roles: Roles;
let api: Api;
let sql: pg.Pool;

beforeAll(async () => {
  roles = await startFiveProcesses();
  api = apiOf({ url: roles.url, token: ADMIN_TOKEN });
  sql = new pg.Pool({ connectionString: roles.databaseUrl, max: 1 });
  sql.on('error', () => undefined);
});

afterAll(async () => {
  await sql?.end();
  await roles?.stop();
});

/** The latest job of a name. */
async function latest(name: string) {
  const { rows } = await sql.query<{ state: string; retry_count: number; unreached: number | null }>(
    `select state, retry_count, (data ->> 'unreached')::int as unreached from tasks_jobs.job where data ->> 'name' = $1
     order by number desc limit 1`,
    [name],
  );
  return rows[0];
}

it('runs the jobs of every service in its own process, and joins what they say of one task', async () => {
  await until(
    () => api.send('GET', CLEAN),
    ({ status }) => status === 200,
  );
  const told = await until(
    async () => {
      await api.send('POST', `${CLEAN}retry/`);
      return (await api.send('GET', CLEAN)).body;
    },
    ({ messages }) => /Tokens.*Codes.*Events/s.test(String(messages)),
  );
  expect(told).toMatchObject({ task_name: 'clean_expired_models', status: 'SUCCESSFUL' });
  expect((await api.send('GET', '/admin/workers/')).body).toEqual({ count: 1 });
});

it('lets a job wait for a service that is dead, and counts no attempt once that is known', async () => {
  await roles.role('providers').kill();
  expect((await api.send('POST', `${CLEAN}retry/`)).status).toBe(204);
  await until(
    () => latest('providers.clean_expired'),
    (row) => (row?.unreached ?? 0) > 0,
  );
  await roles.role('providers').start();
  const row = await until(
    () => latest('providers.clean_expired'),
    (found) => found?.state === 'completed',
  );
  // One that began within a second of the last answer counts: the service may have died of it.
  expect(row?.retry_count).toBeLessThanOrEqual(1);
});

it('goes on with what was asked for when the queue itself is killed', async () => {
  await roles.role('tasks').kill();
  await roles.role('tasks').start();
  await until(
    () => api.send('GET', '/admin/workers/'),
    ({ status, body }) => status === 200 && Number(body.count) >= 1,
  );
  expect((await api.send('POST', `${CLEAN}retry/`)).status).toBe(204);
  await until(
    () => latest('auth.clean_expired'),
    (found) => found?.state === 'completed',
  );
});
