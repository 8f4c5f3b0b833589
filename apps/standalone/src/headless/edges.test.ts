import { auth as authApi } from '@postern/proto';
import { asService } from '@postern/rpc';
import { beforeAll, describe, expect, it } from 'vitest';
import { headlessHouse } from './headless-house.fixture.ts';

const house = await headlessHouse();
const FRONT = 'https://app.example.com';
const STRANGER = 'https://evil.example';
const service = house.running.client(authApi.HeadlessSettingsServiceDefinition, 'auth');

const trust = (...trusted_origins: string[]) =>
  service.updateHeadlessSettings(
    { settings: authApi.HeadlessSettings.fromPartial({ trusted_origins }), update_mask: ['trusted_origins'] },
    asService(house.tenant),
  );

beforeAll(() => trust(FRONT));

const at = (path: string, init: RequestInit = {}, base = '/_allauth/browser/v1') =>
  fetch(`${house.url}${base}${path}`, { redirect: 'manual', ...init });
const preflight = (origin: string) =>
  at('/auth/login', { method: 'OPTIONS', headers: { origin, 'access-control-request-method': 'POST' } });
const ALLOWED = 'access-control-allow-origin';

describe('pages of another origin', () => {
  it('may ask where the tenant trusts them, with cookies and the headers of the API', async () => {
    const { status, headers } = await preflight(FRONT);
    expect([status, headers.get(ALLOWED), headers.get('access-control-allow-credentials')]).toEqual([
      204,
      FRONT,
      'true',
    ]);
    const names = headers.get('access-control-allow-headers')?.toLowerCase() ?? '';
    for (const name of [
      'content-type',
      'x-csrftoken',
      'x-session-token',
      'x-email-verification-key',
      'x-password-reset-key',
    ])
      expect(names).toContain(name);
    expect(headers.get('access-control-allow-methods')).toContain('DELETE');
    expect(headers.get('vary')).toContain('Origin');
  });

  it('may not where it does not', async () => {
    for (const origin of [STRANGER, 'null', `${FRONT}.evil.example`]) {
      const { headers } = await preflight(origin);
      expect([headers.get(ALLOWED), headers.get('access-control-allow-credentials')]).toEqual([null, null]);
      const { headers: read } = await at('/auth/session', { headers: { origin } });
      expect([read.get(ALLOWED), read.get('x-csrftoken')]).toEqual([null, null]);
    }
  });

  it('sign in with the token that they are told, for they cannot read the cookie of another host', async () => {
    const { username, password } = await house.person();
    const first = await at('/auth/session', { headers: { origin: FRONT } });
    const token = first.headers.get('x-csrftoken') ?? '';
    expect(first.headers.get('access-control-expose-headers')).toContain('X-CSRFToken');
    const send = (origin: string) =>
      at('/auth/login', {
        method: 'POST',
        headers: { origin, cookie: `csrftoken=${token}`, 'x-csrftoken': token },
        body: JSON.stringify({ username, password }),
      });
    expect(await (await send(STRANGER)).json()).toEqual({ status: 403 });
    const { status, headers } = await send(FRONT);
    expect([status, headers.get(ALLOWED)]).toEqual([200, FRONT]);
    expect(headers.get('x-csrftoken')).not.toBe(token);
  });

  it('may not any more when the tenant stops trusting them', async () => {
    await trust();
    await expect.poll(async () => (await preflight(FRONT)).headers.get(ALLOWED)).toBeNull();
    await trust(FRONT);
    await expect.poll(async () => (await preflight(FRONT)).headers.get(ALLOWED)).toBe(FRONT);
  });

  it('get nothing of other operations by that', async () => {
    const url = `${house.url}/api/v3/core/users/me/`;
    const answer = await fetch(url, { headers: { origin: FRONT } });
    expect(answer.headers.get(ALLOWED)).toBeNull();
  });
});

describe('the CSRF token of a browser', () => {
  it('comes with every answer, and another when somebody signs in', async () => {
    const browser = house.browser();
    const { username, password } = await house.person();
    await browser.get('/auth/session');
    const before = browser.cookies.get('csrftoken');
    expect(before).toMatch(/^[\w-]{20,}$/);
    const { headers } = await browser.get('/auth/session');
    expect(headers.getSetCookie().join()).toMatch(`csrftoken=${before}; Max-Age=31449600; Path=/; SameSite=Lax`);
    await browser.post('/auth/login', { username, password: 'wrong' });
    expect(browser.cookies.get('csrftoken')).toBe(before);
    await browser.post('/auth/login', { username, password });
    const after = browser.cookies.get('csrftoken');
    expect(after).toMatch(/^[\w-]{20,}$/);
    expect(after).not.toBe(before);
  });

  it.each([
    ['no token', {}],
    ['no cookie', { 'x-csrftoken': 'abcdefghijklmnopqrstuvwx' }],
    ['another token', { cookie: 'csrftoken=abcdefghijklmnopqrstuvwx', 'x-csrftoken': 'xbcdefghijklmnopqrstuvwx' }],
  ])('is needed for what changes something: %s', async (_what, headers) => {
    for (const base of ['/_allauth/browser/v1', '/api/auth/v1']) {
      const answer = await at('/auth/login', { method: 'POST', headers, body: '{}' }, base);
      expect([answer.status, await answer.json()]).toEqual([403, { status: 403 }]);
      expect(answer.headers.getSetCookie().join()).toContain('csrftoken=');
    }
  });
});

describe('an app', () => {
  it('is not told by cookies who it is, and gets none', async () => {
    const browser = house.browser();
    const { username, password } = await house.person();
    await browser.post('/auth/login', { username, password });
    const cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const asked = await at('/auth/session', { headers: { cookie } }, '/_allauth/app/v1');
    expect([asked.status, asked.headers.getSetCookie()]).toEqual([401, []]);
    const body = JSON.stringify({ username, password });
    const signedIn = await at('/auth/login', { method: 'POST', headers: { cookie }, body }, '/_allauth/app/v1');
    expect([signedIn.status, signedIn.headers.getSetCookie()]).toEqual([200, []]);
  });

  it('is one by its path alone', async () => {
    for (const path of [
      '/api/auth/v1/auth/session?client=app',
      '/_allauth/%61pp/v1/auth/session',
      '/_allauth/toaster/v1/auth/session',
    ])
      expect((await fetch(`${house.url}${path}`)).status).toBe(404);
  });
});

describe.each(['/_allauth/app/v1', '/_allauth/browser/v1'])('at %s', (base) => {
  const client = base.includes('app') ? house.app() : house.browser();

  it('answers are nobody’s to keep', async () => {
    const { headers } = await client.get('/auth/session');
    expect(headers.get('cache-control')).toBe('max-age=0, no-cache, no-store, must-revalidate, private');
    expect(Math.abs(Date.now() - Date.parse(headers.get('expires') ?? ''))).toBeLessThan(60_000);
    expect(headers.get('vary')).toContain('Cookie');
    expect(headers.get('content-type')).toBe('application/json');
  });

  it('a slash at the end leads nowhere', async () => {
    const { status, headers } = await client.get('/auth/session/');
    expect([status, headers.get('content-type')]).toEqual([404, 'text/html; charset=utf-8']);
  });

  it('a method that there is not is refused in the envelope', async () => {
    const { status, body, headers } = await client.put('/auth/session', {});
    expect([status, body, headers.get('allow')]).toEqual([405, { status: 405 }, 'GET, DELETE, HEAD, OPTIONS']);
  });

  it.each(['{"username":', 'a=b', '\u0000', '{"a":1}}'])(
    'a body that is no JSON is refused in the envelope: %j',
    async (raw) => {
      const { status, body } = await client.post('/auth/login', undefined, { raw });
      expect([status, body]).toEqual([
        400,
        { status: 400, errors: [{ message: expect.any(String), code: 'invalid' }] },
      ]);
    },
  );

  it.each(['[]', '"text"', '7'])('a body that is no object is refused, too: %s', async (raw) => {
    const { status, body } = await client.post('/auth/login', undefined, { raw });
    expect([status, body.status]).toEqual([400, 400]);
  });

  it('the type of a body does not count', async () => {
    const { username, password } = await house.person();
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const raw = JSON.stringify({ username, password });
    expect((await client.post('/auth/login', undefined, { raw, headers })).status).toBe(200);
    await client.remove('/auth/session');
    client.token = undefined;
  });
});
