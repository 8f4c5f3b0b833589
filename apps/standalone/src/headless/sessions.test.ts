import { afterEach, describe, expect, it } from 'vitest';
import { headlessHouse, type Json } from './headless-house.fixture.ts';

const house = await headlessHouse({ POSTERN_BOOTSTRAP_PASSWORD: 'a long night in the valley' });
afterEach(() => house.reset());

const KINDS = ['app', 'browser'] as const;

async function signedIn(kind: (typeof KINDS)[number], { username, password }: { username: string; password: string }) {
  const client = house[kind]();
  expect((await client.post('/auth/login', { username, password })).status).toBe(200);
  return client;
}

const listed = ({ data }: Json): Json[] => (Array.isArray(data) ? data.map(Object) : []);

describe.each(KINDS)('the configuration, as %s', (kind) => {
  it('tells what the tenant offers', async () => {
    expect((await house[kind]().get('/config')).body).toEqual({
      status: 200,
      data: {
        account: {
          login_methods: ['username'],
          is_open_for_signup: false,
          email_verification_by_code_enabled: false,
          login_by_code_enabled: false,
          password_reset_by_code_enabled: false,
          authentication_method: 'username',
        },
        socialaccount: { providers: [] },
        mfa: { supported_types: ['recovery_codes', 'totp', 'webauthn'], passkey_login_enabled: false },
        usersessions: { track_activity: false },
      },
    });
  });

  it('is served to browsers beside the REST auth API, too', async () => {
    expect((await house.browser(`${house.url}/api/auth/v1`).get('/config')).status).toBe(200);
  });

  it.each([
    [['username', 'email'], 'username_email'],
    [['email', 'phone'], 'email'],
    [['phone'], undefined],
  ])('names %j by one word', async (login_methods, word) => {
    await house.set({ login_methods });
    const { account } = Object((await house[kind]().get('/config')).body.data);
    expect([account.login_methods, account.authentication_method]).toEqual([login_methods, word]);
  });
});

describe('the session of an app', () => {
  it('is over for every operation when its token is unknown', async () => {
    const headers = { 'x-session-token': 'a'.repeat(32) };
    for (const path of ['/config', '/auth/session', '/auth/sessions'])
      expect((await house.app().get(path, { headers })).status).toBe(410);
  });

  it('is nobody’s while its user acts as somebody else', async () => {
    const admin = { username: 'akadmin', password: 'a long night in the valley' };
    // Their password is set once the news of them has come.
    const known = "select 1 from auth.password p join auth.account a on a.pk = p.user_pk where a.username = 'akadmin'";
    await expect.poll(() => house.sql(known), { timeout: 5_000 }).toHaveLength(1);
    const client = await signedIn('app', admin);
    const { pk } = await house.person({ password: '' });
    const headers = { 'x-session-token': client.token ?? '', 'content-type': 'application/json' };
    const api = (method: string, path: string, body?: string) =>
      fetch(`${house.url}/api/v3/core/users/${path}`, { method, headers, ...(body && { body }) });
    expect((await api('POST', `${pk}/impersonate/`, '{"reason":"a look"}')).status).toBe(204);
    await expect.poll(async () => (await api('GET', 'me/')).json()).toMatchObject({ user: { pk } });
    expect((await client.get('/auth/session')).status).toBe(401);
    const change = { new_password: 'seven quiet rivers' };
    expect((await client.post('/account/password/change', change)).status).toBe(401);
    expect((await api('GET', 'impersonate_end/')).status).toBe(204);
    expect((await client.get('/auth/session')).status).toBe(200);
  });

  it('opens the rest of the API, until it ends', async () => {
    const person = await house.person();
    const client = await signedIn('app', person);
    const me = (token: string) =>
      fetch(`${house.url}/api/v3/core/users/me/`, { headers: { 'x-session-token': token } });
    expect((await me('b'.repeat(32))).status).toBe(403);
    const answer = await me(client.token ?? '');
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({ user: { username: person.username } });
    await client.remove('/auth/session');
    await expect.poll(async () => (await me(client.token ?? '')).status).toBe(403);
  });
});

describe.each(KINDS)('the list of sessions, as %s', (kind) => {
  const path = '/auth/sessions';

  it('is for whoever is signed in', async () => {
    expect((await house[kind]().get(path)).status).toBe(401);
    expect((await house[kind]().remove(path, { sessions: [1] })).status).toBe(401);
  });

  it('tells which they are, and when they were used where the tenant wants that', async () => {
    const person = await house.person();
    await signedIn('app', person);
    const client = await signedIn(kind, person);
    const sessions = listed((await client.get(path)).body);
    const shape = { user_agent: 'node', ip: '127.0.0.1', created_at: expect.any(Number), id: expect.any(Number) };
    expect(sessions).toEqual([
      { ...shape, is_current: false },
      { ...shape, is_current: true },
    ]);
    await house.set({ usersessions_track_activity: true });
    expect(listed((await client.get(path)).body)[0]).toHaveProperty('last_seen_at', expect.any(Number));
  });

  it.each([
    [{}, 'required', 'This field is required.'],
    [{ sessions: [] }, 'required', 'This field is required.'],
    [{ sessions: 5 }, 'invalid_list', 'Enter a list of values.'],
    [{ sessions: ['x'] }, 'invalid_pk_value', '“x” is not a valid value.'],
    [{ sessions: [999999] }, 'invalid_choice', 'Select a valid choice. 999999 is not one of the available choices.'],
  ])('refuses to end %j', async (body, code, message) => {
    const client = await signedIn(kind, await house.person());
    const answer = await client.remove(path, body);
    expect(answer.body).toEqual({ status: 400, errors: [{ message, code, param: 'sessions' }] });
  });

  it('ends others, but nobody else’s', async () => {
    const [person, stranger] = [await house.person(), await house.person()];
    const [app, browser] = [await signedIn('app', person), await signedIn('browser', person)];
    const foreign = listed((await (await signedIn('app', stranger)).get(path)).body);
    const client = await signedIn(kind, person);
    const refused = await client.remove(path, { sessions: foreign.map(({ id }) => id) });
    expect(refused.body).toMatchObject({ status: 400, errors: [{ code: 'invalid_choice' }] });
    const all = listed((await client.get(path)).body);
    const others = all.filter(({ is_current }) => !is_current).map(({ id }) => id);
    const { status, body } = await client.remove(path, { sessions: others });
    expect([status, listed(body).map(({ is_current }) => is_current)]).toEqual([200, [true]]);
    expect((await app.get('/auth/session')).status).toBe(410);
    expect((await browser.get('/auth/session')).status).toBe(401);
    expect((await client.get('/auth/session')).status).toBe(200);
  });

  it('signs out when the session is the one that asks', async () => {
    const client = await signedIn(kind, await house.person());
    const [current] = listed((await client.get(path)).body);
    const { body } = await client.remove(path, { sessions: [current?.id] });
    expect(body).toMatchObject({ status: 401, meta: { is_authenticated: false } });
    expect((await client.get('/auth/session')).status).toBe(kind === 'app' ? 410 : 401);
  });
});
