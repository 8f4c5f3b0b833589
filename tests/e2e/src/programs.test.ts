import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Api, apiOf, type Json, until } from './api.client.ts';
import { ADMIN_TOKEN, BOOTSTRAP, oneProcess, type Platform } from './platforms.ts';
import { type Registered, register } from './scenery.ts';

let platform: Platform;
let api: Api;
let job: Registered;

beforeAll(async () => {
  platform = await oneProcess.start(BOOTSTRAP);
  api = apiOf({ url: platform.url, token: ADMIN_TOKEN });
  job = await register(api, { slug: 'job', name: 'Job', redirectUri: 'https://job.example/cb', consent: 'implicit' });
});

afterAll(() => platform?.stop());

async function ask(parameters: Record<string, string>): Promise<{ status: number; body: Json; headers: Headers }> {
  const answer = await fetch(new URL('/application/o/token/', platform.url), {
    method: 'POST',
    body: new URLSearchParams({ grant_type: 'client_credentials', client_id: job.client.id, ...parameters }),
  });
  return { status: answer.status, body: Object(await answer.json()), headers: answer.headers };
}

const settings = () => `/api/postern/v1/oauth2/clients/${job.provider}/settings/`;

it('refuses a program that shows nothing, or the wrong thing, in the words of the contract', async () => {
  const { status, body, headers } = await ask({ client_secret: 'wrong' });
  expect([status, body.error, headers.get('cache-control')]).toEqual([400, 'invalid_client', 'no-store']);
  expect((await ask({})).body.error).toBe('invalid_client');
  expect((await ask({ username: 'akadmin', password: 'x' })).body.error).toBe('invalid_grant');
  const nameless = await ask({
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    client_assertion: 'x',
  });
  expect(nameless).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
});

it('gives a client tokens by its own secret, as an account of its own that user info knows', async () => {
  const { body } = await ask({ client_secret: job.client.secret, scope: 'openid profile' });
  expect(body).toMatchObject({ token_type: 'Bearer', scope: 'openid profile' });
  expect(body).not.toHaveProperty('refresh_token');
  const authorization = `Bearer ${body.access_token}`;
  const shown = await fetch(new URL('/application/o/userinfo/', platform.url), { headers: { authorization } });
  expect(await shown.json()).toMatchObject({ preferred_username: 'ak-Job-client_credentials' });
  const [account] = await api.list('/core/users/?username=ak-Job-client_credentials');
  expect(account).toMatchObject({ type: 'service_account', path: 'goauthentik.io/apps/job' });
  await api.patch(`/core/users/${account?.pk}/`, { is_active: false });
  const secret = { client_secret: job.client.secret };
  await until(
    async () => (await ask(secret)).body.error,
    (error) => error === 'invalid_grant',
  );
});

it('gives a service account tokens by its app password, and tells of the sign-in', async () => {
  const { token, username } = await api.post('/core/users/service_account/', { name: 'robot', create_group: false });
  const robot = { username: String(username), password: String(token) };
  expect((await ask({ ...robot, password: `${token}x` })).body.error).toBe('invalid_grant');
  const { status, body } = await ask(robot);
  expect([status, body.token_type]).toEqual([200, 'Bearer']);
  const logins = () => api.list('/events/events/?action=login');
  const told = await until(logins, (events) => events.some(({ user }) => Object(user).username === 'robot'));
  const login = told.find(({ user }) => Object(user).username === 'robot');
  expect(login?.context).toMatchObject({ auth_method: 'token', auth_method_args: { identifier: expect.any(String) } });
});

it('lets an administrator set what a client may do, and nobody else', async () => {
  const stranger = apiOf({ url: platform.url });
  expect((await stranger.send('GET', settings())).status).toBe(403);
  const wrong = await api.send('PATCH', settings(), { backchannel_logout_uri: 'http://job.example/out' });
  expect(wrong).toMatchObject({ status: 400, body: { backchannel_logout_uri: [expect.stringContaining('https')] } });
  expect((await api.send('PATCH', settings(), { grant_types: 'x' })).status).toBe(400);
  await api.patch(settings(), { grant_types: ['authorization_code', 'implicit'] });
  await until(
    async () => (await ask({ client_secret: job.client.secret })).body.error,
    (error) => error === 'unauthorized_client',
  );
  const reset = await api.send('PUT', settings(), { require_pkce: true });
  expect(reset.body).toMatchObject({ require_pkce: true, grant_types: expect.arrayContaining(['client_credentials']) });
  const document = await fetch(new URL('/api/v3/schema/?format=json', platform.url));
  expect(await document.text()).not.toContain('ClientSettings');
});
