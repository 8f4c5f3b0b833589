import type { Roles } from '@postern/testkit';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Api, apiOf, type Json, until } from './api.client.ts';
import { signIn } from './flow.client.ts';
import { ADMIN_TOKEN, startFiveProcesses } from './platforms.ts';
import { createPerson } from './scenery.ts';

const PASSWORD = 'a long walk in the hills';
const IMPORTS = '/api/postern/v1/directory/imports/';
const EXPORTS = '/api/postern/v1/directory/exports/';

let roles: Roles;
let api: Api;

beforeAll(async () => {
  roles = await startFiveProcesses();
  api = apiOf({ url: roles.url, token: ADMIN_TOKEN });
});

afterAll(() => roles?.stop());

const ended = ({ parts }: Json, service: string) =>
  (parts as Json[]).find((part) => part.service === service)?.ended as Json[];

it('off-boards somebody from all services and reports what ended in which', async () => {
  const pk = await createPerson(api, 'leaver', PASSWORD);
  const browser = await signIn({ url: roles.url, username: 'leaver', password: PASSWORD });
  for (const intent of ['api', 'app_password'])
    await api.post('/core/tokens/', { identifier: `leaver-${intent}`, intent, user: pk });
  const path = `/api/postern/v1/users/${pk}/off-board/`;
  expect((await apiOf({ url: roles.url }).send('POST', path)).status).toBe(403);
  expect((await api.send('GET', path)).status).toBe(404);

  const begun = await api.send('POST', path);
  expect([begun.status, begun.body.username]).toEqual([202, 'leaver']);
  const report = await until(
    () => api.get(path),
    (one) => one.status === 'done' && ended(one, 'auth').length === 4,
  );
  expect(
    ended(report, 'auth')
      .map(({ kind, count }) => `${kind} ${count}`)
      .sort(),
  ).toEqual(['app_passwords 1', 'passwords 1', 'sessions 1', 'tokens 1']);
  expect((await browser.send(new URL('/api/v3/core/users/me/', roles.url).href)).status).toBe(403);
  expect(await api.get(`/core/users/${pk}/`)).toMatchObject({ username: 'leaver', is_active: false });
});

it('reads a file of users and writes one that says the same', async () => {
  const { pk: id } = await api.post(IMPORTS, { kind: 'users', format: 'csv' });
  const file = 'username,name,email\nada,"Ada, ""Countess""",ada@example.com\nwrong,Wrong,nonsense\n';
  for (const [index, content] of [file.slice(0, 30), file.slice(30)].entries())
    expect((await api.send('POST', `${IMPORTS}${id}/parts/`, { number: index + 1, content })).status).toBe(204);
  expect((await api.send('POST', `${IMPORTS}${id}/start/`)).status).toBe(202);
  const report = await until(
    () => api.get(`${IMPORTS}${id}/`),
    ({ status }) => status === 'done',
  );
  expect(report).toMatchObject({ total: 2, created: 1, failed: 1, begun_by: 'akadmin' });
  const { results } = await api.get(`${IMPORTS}${id}/rows/?outcome=failed`);
  expect(results).toMatchObject([{ line: 3, key: 'wrong', field: 'email' }]);

  const { pk } = await api.post(EXPORTS, { kind: 'users', format: 'csv' });
  const written = await until(
    () => api.get(`${EXPORTS}${pk}/`),
    ({ status }) => status === 'done',
  );
  expect(written.parts).toBe(1);
  const { text } = await api.send('GET', `${EXPORTS}${pk}/parts/1/`);
  expect(text).toContain('\r\nada,"Ada, ""Countess""",ada@example.com,true,users,internal,{},\r\n');
});
