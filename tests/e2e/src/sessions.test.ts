import { freePorts, type RoleProcess, type Roles, roleProcess, TEST_SECRET } from '@postern/testkit';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Api, apiOf, type Json, until } from './api.client.ts';
import { type FlowClient, signIn } from './flow.client.ts';
import { ADMIN_PASSWORD, ADMIN_TOKEN, startFiveProcesses, untilKnown } from './platforms.ts';
import { createPerson } from './scenery.ts';

const PASSWORD = 'a long walk in the hills';
const ME = '/api/v3/core/users/me/';
/** What a change may take until every node lives by it. */
const AT_MOST_MS = 1000;

let roles: Roles;
let other: { process: RoleProcess; url: string };
let api: Api;

beforeAll(async () => {
  roles = await startFiveProcesses();
  other = await secondGateway();
  await untilKnown(other.url);
  api = apiOf({ url: roles.url, token: ADMIN_TOKEN });
});

afterAll(async () => {
  await other?.process.stop();
  await roles?.stop();
});

/** Another gateway of the same installation: a process with caches of its own. */
async function secondGateway() {
  const [http, metricsPort = 0] = await freePorts(2);
  const env = {
    POSTERN_SECRET_KEY: TEST_SECRET,
    POSTERN_NATS__URL: roles.nats.url,
    POSTERN_LISTEN__HTTP: `127.0.0.1:${http}`,
    POSTERN_LISTEN__HTTPS: 'off',
    ...Object.fromEntries(
      (['auth', 'directory', 'providers', 'tasks'] as const).map((name) => [
        `POSTERN_SERVICES__${name.toUpperCase()}`,
        roles.address(name),
      ]),
    ),
  };
  const process = roleProcess({ role: 'gateway', env, metricsPort });
  await process.start();
  return { process, url: `http://127.0.0.1:${http}` };
}

/** What a browser is told of itself by each gateway: both remember it afterwards. */
async function askBoth(browser: FlowClient): Promise<{ status: number; body: Json }[]> {
  const replies = await Promise.all([roles.url, other.url].map((url) => browser.send(new URL(ME, url).href)));
  return replies.map(({ status, text }) => ({ status, body: JSON.parse(text) as Json }));
}

/** Milliseconds from a change, made at the first gateway, until both say so. They are asked all the time, so that they always remember. */
async function untilBoth(browser: FlowClient, isSo: (reply: { status: number; body: Json }) => boolean) {
  const start = performance.now();
  await until(
    () => askBoth(browser),
    (replies) => replies.every(isSo),
  );
  return performance.now() - start;
}

const isRefused = ({ status }: { status: number }) => status === 403;

/** Somebody who is signed in and known to both gateways. */
async function aVisitor(username: string) {
  const pk = await createPerson(api, username, PASSWORD);
  const browser = await signIn({ url: roles.url, username, password: PASSWORD });
  expect((await askBoth(browser)).map(({ status }) => status)).toEqual([200, 200]);
  return { pk, username, browser };
}

it('refuses a session at every gateway within a second of its deletion', async () => {
  const { browser, username } = await aVisitor('deleted');
  const list = await api.send('GET', `/core/authenticated_sessions/?user__username=${username}`);
  const [session] = list.body.results as Json[];
  expect((await api.send('DELETE', `/core/authenticated_sessions/${session?.uuid}/`)).status).toBe(204);
  expect(await untilBoth(browser, isRefused)).toBeLessThan(AT_MOST_MS);
});

it('refuses the sessions of a user at every gateway within a second of their deactivation', async () => {
  const { browser, pk } = await aVisitor('deactivated');
  expect((await api.send('PATCH', `/core/users/${pk}/`, { is_active: false })).status).toBe(200);
  expect(await untilBoth(browser, isRefused)).toBeLessThan(AT_MOST_MS);
});

it('refuses the sessions of a user at every gateway within a second of another password', async () => {
  const { browser, pk } = await aVisitor('changed');
  expect((await api.send('POST', `/core/users/${pk}/set_password/`, { password: 'another walk' })).status).toBe(204);
  expect(await untilBoth(browser, isRefused)).toBeLessThan(AT_MOST_MS);
});

it('refuses the other sessions of a user at every gateway within a second of a sign-in that ends them', async () => {
  const stages = await api.send('GET', '/stages/user_login/?name=default-authentication-login');
  const [stage] = stages.body.results as Json[];
  const { browser, username } = await aVisitor('twice');
  const set = (terminate_other_sessions: boolean) =>
    api.send('PATCH', `/stages/user_login/${stage?.pk}/`, { terminate_other_sessions });
  expect((await set(true)).status).toBe(200);
  const next = await signIn({ url: roles.url, username, password: PASSWORD });
  expect(await untilBoth(browser, isRefused)).toBeLessThan(AT_MOST_MS);
  await set(false);
  expect((await askBoth(next)).map(({ status }) => status)).toEqual([200, 200]);
});

it('lets an administrator act as somebody else, and as themselves again, at every gateway within a second', async () => {
  const { pk, username } = await aVisitor('acted');
  const admin = await signIn({ url: roles.url, username: 'akadmin', password: ADMIN_PASSWORD });
  await admin.send('/if/user/');
  await askBoth(admin);
  expect((await admin.send(`/api/v3/core/users/${pk}/impersonate/`, {})).status).toBe(204);
  const isActing = ({ body: { user, original } }: { body: Json }) =>
    (user as Json).username === username && (original as Json | undefined)?.username === 'akadmin';
  expect(await untilBoth(admin, isActing)).toBeLessThan(AT_MOST_MS);
  const token = { identifier: 'planted', intent: 'app_password' };
  expect((await admin.send('/api/v3/core/tokens/', token)).status).toBe(403);
  expect((await admin.send('/api/v3/core/users/impersonate_end/')).status).toBe(204);
  const isBack = ({ body }: { body: Json }) =>
    (body.user as Json).username === 'akadmin' && !Object.hasOwn(body, 'original');
  expect(await untilBoth(admin, isBack)).toBeLessThan(AT_MOST_MS);
  const told = await until(
    () => api.send('GET', '/events/events/?action=impersonation'),
    ({ body: { results } }) => Array.isArray(results) && results.length === 2,
  );
  expect(told.body.results).toMatchObject([
    { action: 'impersonation_ended', user: { username: 'akadmin' } },
    { action: 'impersonation_started', user: { username: 'akadmin', on_behalf_of: { username } } },
  ]);
});
