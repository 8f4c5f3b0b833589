import { request as send } from 'node:http';
import { describe, expect, it } from 'vitest';
import { headlessHouse } from '../headless/headless-house.fixture.ts';
import { basicOf, cookiesOf, restAt } from './rest-client.fixture.ts';

const house = await headlessHouse();
const rest = restAt(house.url);

const KEY = /^inv-[0-9a-f]{40}-\d{8}$/;
const today = () => new Date().toISOString().slice(0, 10);
const expiry = () => new Date(Date.now() + 365 * 86_400_000).toISOString().slice(0, 10);

/** A request as the Python client sends one: a GET carries a body. */
function python(method: string, path: string, authorization?: string, body: unknown = {}) {
  const { hostname, port } = new URL(house.url);
  const headers = {
    AUTHORIZATION: authorization ?? '',
    Accept: 'application/json',
    'Content-Type': 'application/json',
    'User-Agent': 'python-requests/2.32.3',
  };
  const payload = JSON.stringify(body);
  const { AUTHORIZATION, ...others } = headers;
  const sent = { ...others, 'Content-Length': String(payload.length), ...(authorization && { AUTHORIZATION }) };
  return new Promise<{ status: number; type: string | undefined; body: Record<string, unknown> }>((resolve, reject) => {
    const asked = send({ hostname, port, path, method, headers: sent }, (answer) => {
      const parts: Buffer[] = [];
      answer.on('data', (part: Buffer) => parts.push(part));
      answer.on('end', () => {
        const text = Buffer.concat(parts).toString();
        const type = answer.headers['content-type'];
        resolve({ status: answer.statusCode ?? 0, type, body: text === '' ? {} : Object(JSON.parse(text)) });
      });
    });
    asked.on('error', reject);
    asked.end(payload);
  });
}

describe('the Python client', () => {
  it('connects: asks what server it is, who it is, for a token, and goes on with that', async () => {
    const { pk, username, email, password } = await house.person();
    const root = await python('GET', '/api/');
    expect(root).toMatchObject({
      status: 200,
      type: 'application/json',
      body: { server: 'InvenTree', apiVersion: 291 },
    });
    expect(root.body).toMatchObject({ database: null, settings: { registration_enabled: false } });

    const basic = basicOf(`${username}:${password}`);
    const me = await python('GET', '/api/user/me/', basic);
    expect(me).toMatchObject({ status: 200, type: 'application/json' });
    const names = { first_name: username, last_name: '' };
    const flags = { groups: [], is_staff: false, is_superuser: false, is_active: true };
    expect(me.body).toEqual({ pk, username, email, ...names, ...flags });

    const path = '/api/user/token/?name=inventree-python-client';
    const token = await python('GET', path, basic);
    const key = String(token.body.token);
    expect(token.body).toEqual({
      token: expect.stringMatching(KEY),
      name: 'inventree-python-client',
      expiry: expiry(),
    });
    expect(key.slice(-8)).toBe(today().replaceAll('-', ''));
    expect((await python('GET', path, basic)).body.token).toBe(key);
    expect((await python('GET', '/api/user/me/', `Token ${key}`)).status).toBe(200);
    const patched = await python('PATCH', '/api/user/me/?format=json', `Token ${key}`, { first_name: 'Ada' });
    expect(patched.body).toMatchObject({ username, first_name: 'Ada' });
  });

  it('gets no key for a password alone where somebody has a second factor', async () => {
    const { pk, username, password } = await house.person();
    const basic = basicOf(`${username}:${password}`);
    expect((await python('GET', '/api/user/me/', basic)).status).toBe(200);
    await house.sql(
      `insert into auth.device (tenant_id, user_pk, class, name, confirmed, data, secret) values ($1, $2, 'totp', 'app', true, '{}', '')`,
      [house.tenant, pk],
    );
    expect((await python('GET', '/api/user/token/?name=x', basic)).status).toBe(401);
  });

  it('is told what is wrong', async () => {
    const { username } = await house.person();
    expect((await python('GET', '/api/user/me/')).status).toBe(401);
    const { status, body } = await python('GET', '/api/user/me/', basicOf(`${username}:wrong`));
    expect([status, body]).toEqual([401, { detail: 'Invalid username/password.' }]);
  });
});

it.each(['/api/auth/nothing/', '/api/auth/user', '/api/auth/', '/api/auth/login/x/'])(
  '%s leads nowhere',
  async (path) => {
    const { status, body } = await rest('POST', path, {});
    expect([status, body]).toEqual([404, { detail: 'API endpoint not found', url: `${house.url}${path}` }]);
  },
);

it.each([
  ['GET', '/api/auth/emails/'],
  ['POST', '/api/auth/emails/'],
  ['POST', '/api/auth/emails/1/primary/'],
  ['POST', '/api/auth/emails/1/verify/'],
  ['POST', '/api/auth/emails/1/remove/'],
  ['POST', '/api/auth/password/change/'],
  ['GET', '/api/auth/social/'],
  ['POST', '/api/auth/social/1/disconnect/'],
  ['GET', '/api/auth/user/'],
  ['PUT', '/api/auth/user/'],
  ['PATCH', '/api/auth/user/'],
  ['GET', '/api/user/me/'],
  ['GET', '/api/user/token/'],
  ['GET', '/api/user/tokens/'],
])('%s %s is for people who are signed in', async (method, path) => {
  const { status, body, headers } = await rest(method, path, method === 'GET' ? undefined : {});
  const detail = 'Authentication credentials were not provided.';
  expect([status, body, headers.get('www-authenticate')]).toEqual([401, { detail }, 'Token']);
});

describe('tokens', () => {
  async function owner() {
    const { pk, username, password } = await house.person();
    const basic = `${username}:${password}`;
    const obtain = async (name = '') => {
      const { body } = await rest('GET', `/api/user/token/?name=${encodeURIComponent(name)}`, undefined, { basic });
      return String(Object(body).token);
    };
    return { pk, username, basic, obtain };
  }

  it('are listed masked, say which is used, and are revoked for good', async () => {
    const { pk, obtain } = await owner();
    const [key, other] = [await obtain('  a <b>new</b>\n one '), await obtain('second')];
    const list = await rest('GET', '/api/user/tokens/', undefined, { token: key });
    const [first, second] = Object(list.body);
    expect(first).toMatchObject({ name: 'a-new-one', expiry: expiry(), last_seen: today(), in_use: true });
    expect(first).toMatchObject({ token: `${key.slice(0, 8)}${'*'.repeat(33)}${key.slice(-12)}`, user: pk });
    expect(first.created).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d$/);
    expect(second).toMatchObject({ name: 'second', last_seen: null, in_use: false, active: true, revoked: false });
    const paged = await rest('GET', '/api/user/tokens/?limit=1&ordering=-created', undefined, { token: key });
    expect(paged.body).toMatchObject({ count: 2, next: expect.any(String), results: [{ name: 'second' }] });

    const stranger = await owner();
    const theirs = { token: await stranger.obtain() };
    for (const method of ['GET', 'DELETE'])
      expect((await rest(method, `/api/user/tokens/${second.id}/`, undefined, theirs)).status).toBe(404);
    expect((await rest('DELETE', `/api/user/tokens/${second.id}/`, undefined, { token: key })).status).toBe(204);
    const refused = await rest('GET', '/api/auth/user/', undefined, { token: other });
    expect([refused.status, refused.body]).toEqual([401, { detail: 'Token has been revoked' }]);
    const kept = await rest('GET', `/api/user/tokens/${second.id}/`, undefined, { token: key });
    expect(kept.body).toMatchObject({ revoked: true, active: false });
    expect(await obtain('second')).not.toBe(other);
  });

  it('work until the end of their last day', async () => {
    const { basic } = await owner();
    const past = await rest('POST', '/api/user/tokens/', { name: 'x', expiry: '2020-01-01' }, { basic });
    expect([past.status, past.body]).toEqual([400, { expiry: ['This date has passed.'] }]);
    const made = await rest('POST', '/api/user/tokens/', { name: 'short', expiry: today() }, { basic });
    expect(made).toMatchObject({ status: 201, body: { token: expect.stringMatching(KEY), expiry: today() } });
    const { token, id } = Object(made.body);
    await house.sql(
      `update auth.token set expires = now() - interval '1 hour'
       where pk = (select token_pk from auth.access_key where number = $1)`,
      [id],
    );
    const late = await rest('GET', '/api/auth/user/', undefined, { token });
    expect([late.status, late.body]).toEqual([401, { detail: 'Token has expired' }]);
  });

  it('are the same for many requests at once', async () => {
    const { obtain } = await owner();
    const keys = await Promise.all(Array.from({ length: 8 }, () => obtain('race')));
    expect(new Set(keys).size).toBe(1);
  });

  it('come with no session: whoever has one signs in for it', async () => {
    const { basic } = await owner();
    const answer = await rest('GET', '/api/user/token/', undefined, { basic });
    expect(cookiesOf(answer)).toEqual({});
  });
});
