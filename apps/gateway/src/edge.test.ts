import { randomUUID } from 'node:crypto';
import { Agent, request as httpRequest } from 'node:http';
import { events } from '@postern/proto';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { aGateway, type TestGateway } from './testing/gateway.builder.ts';
import { aUser, OTHER_TENANT, TENANT } from './testing/identity.services.ts';

const KEY = '3f2504e0-4f89-41d3-9a0c-0305e82c3301';
const WIDGETS = '/api/v3/conformance/widgets/';
const CALLER = '/api/v3/conformance/caller/';
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await aGateway({ POSTERN_CORS__ORIGINS: 'https://app.example.com', POSTERN_LIMITS__BODY: '64KiB' });
});
afterAll(() => gateway.close());

describe('an address that leads nowhere', () => {
  it.each([
    ['an unknown path', '/api/v3/nothing/'],
    ['a missing slash', WIDGETS.slice(0, -1)],
    ['a dot in a key', `${WIDGETS}a.b/`],
    ['an empty key', '/api/v3/conformance/numbers//'],
    ['a broken escape', `${WIDGETS}%zz/`],
    ['an operation for services alone', '/api/v3/conformance/hidden/'],
    ['any other path', '/wp-login.php'],
  ])('is an HTML page: %s', async (_why, url) => {
    const answer = await gateway.inject({ url });
    expect([answer.statusCode, answer.headers['content-type']]).toEqual([404, 'text/html; charset=utf-8']);
    expect(answer.body).toContain('<h1>Not Found</h1>');
    expect(answer.headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'x-frame-options': 'DENY' });
  });

  it.each(['not-a-uuid', '00000000-0000-0000-0000-00000000000g'])(
    'is JSON where the key %s cannot exist',
    async (key) => {
      const answer = await gateway.inject({ url: `${WIDGETS}${key}/`, headers: bearer('viewer-token') });
      expect([answer.statusCode, answer.json()]).toEqual([404, { detail: 'Not found.' }]);
    },
  );

  it('is JSON where a number is none', async () => {
    const url = '/api/v3/conformance/numbers/seven/';
    const answer = await gateway.inject({ method: 'POST', url, headers: bearer('jane-token') });
    expect([answer.statusCode, answer.json()]).toEqual([404, { detail: 'Not found.' }]);
  });
});

describe('a method that a path does not have', () => {
  it('is refused with those that it has', async () => {
    const answer = await gateway.inject({ method: 'DELETE', url: WIDGETS });
    expect([answer.statusCode, answer.json()]).toEqual([405, { detail: 'Method "DELETE" not allowed.' }]);
    expect(answer.headers.allow).toBe('GET, POST, HEAD, OPTIONS');
  });

  it('needs a credential where everything else does', async () => {
    const url = '/api/v3/conformance/numbers/1/';
    expect((await gateway.inject({ method: 'PUT', url })).statusCode).toBe(403);
    expect((await gateway.inject({ method: 'PUT', url, headers: bearer('jane-token') })).statusCode).toBe(405);
  });
});

describe('credentials', () => {
  const url = `${WIDGETS}${KEY}/`;
  const refused = async (headers: Record<string, string>) => {
    const answer = await gateway.inject({ url, headers });
    return [answer.statusCode, answer.json().detail];
  };

  it('are missed with 403, never 401', async () => {
    expect(await refused({})).toEqual([403, 'Authentication credentials were not provided.']);
    expect(await refused({ authorization: 'Bearer ' })).toEqual([403, 'Authentication credentials were not provided.']);
  });

  it('are refused before the body is looked at', async () => {
    const answer = await gateway.inject({ method: 'POST', url: '/api/v3/conformance/numbers/1/', payload: '{' });
    expect(answer.statusCode).toBe(403);
  });

  it('are refused when unknown, of another scheme, of another tenant, or without the permission', async () => {
    gateway.known.set('foreign-token', aUser({ tenant: OTHER_TENANT, superuser: true }));
    expect(await refused(bearer('nobody'))).toEqual([403, 'Token invalid/expired']);
    expect(await refused(bearer('x'.repeat(9000)))).toEqual([403, 'Token invalid/expired']);
    expect(await refused({ authorization: 'Basic YTpi' })).toEqual([403, 'Unsupported authentication type']);
    expect(await refused(bearer('foreign-token'))).toEqual([403, 'Token invalid/expired']);
    expect(await refused(bearer('jane-token'))).toEqual([403, 'You do not have permission to perform this action.']);
  });

  it('are refused when the header is wrong, whatever the cookie is', async () => {
    expect(await refused({ ...bearer('nobody'), cookie: 'authentik_session=jane-session' })).toEqual([
      403,
      'Token invalid/expired',
    ]);
  });

  it('let a bearer in, whatever the case of the scheme', async () => {
    const answer = await gateway.inject({ url, headers: { authorization: 'bEARER viewer-token' } });
    expect([answer.statusCode, answer.json().name]).toEqual([200, 'found']);
  });

  it('are the session alone where an operation says so', async () => {
    const headers = { ...bearer('nobody'), cookie: 'authentik_session=jane-session' };
    expect((await gateway.inject({ url: `${CALLER}session/`, headers })).json()).toMatchObject({
      kind: 'user',
      session: 'jane-session',
    });
  });

  it('are nobody for a session that nobody knows', async () => {
    const headers = { cookie: 'authentik_session=forged' };
    expect((await gateway.inject({ url: CALLER, headers })).json()).toMatchObject({
      kind: 'anonymous',
      tenant: TENANT,
    });
  });
});

describe('the CSRF rule', () => {
  const cookie = 'authentik_session=jane-session; authentik_csrf=abc';
  const post = async (headers: Record<string, string>) => {
    const answer = await gateway.inject({
      method: 'POST',
      url: CALLER,
      headers: { host: 'id.example.com', ...headers },
    });
    return answer.statusCode === 200 ? 200 : answer.json().detail;
  };

  it('refuses a request that changes something without proof', async () => {
    expect(await post({ cookie: 'authentik_session=jane-session' })).toBe('CSRF Failed: CSRF cookie not set.');
    expect(await post({ cookie })).toBe('CSRF Failed: CSRF token missing.');
    expect(await post({ cookie, 'x-authentik-csrf': 'abd' })).toBe(
      "CSRF Failed: CSRF token from the 'X-Authentik-Csrf' HTTP header incorrect.",
    );
    expect(await post({ cookie, 'x-authentik-csrf': 'abc', origin: 'https://evil.example.com' })).toBe(
      'CSRF Failed: Origin checking failed - https://evil.example.com does not match any trusted origins.',
    );
  });

  it('lets our own and trusted origins, tokens and anonymous requests pass', async () => {
    const proof = { cookie, 'x-authentik-csrf': 'abc' };
    expect(await post(proof)).toBe(200);
    expect(await post({ ...proof, origin: 'http://id.example.com' })).toBe(200);
    expect(await post({ ...proof, origin: 'https://app.example.com' })).toBe(200);
    expect(await post(bearer('jane-token'))).toBe(200);
    expect(await post({ cookie: 'authentik_session=forged' })).toBe(200);
  });
});

describe('the principal cache', () => {
  const ask = async () => (await gateway.inject({ url: CALLER, headers: bearer('cached-token') })).statusCode;
  const publish = (subject: string, tenant: string) =>
    gateway.bus.publish(events.Envelope.fromPartial({ id: randomUUID(), subject, tenant }));

  it('asks once for many requests', async () => {
    gateway.known.set('cached-token', aUser());
    await ask();
    const before = gateway.asked.count;
    await Promise.all([ask(), ask(), ask()]);
    expect(gateway.asked.count).toBe(before);
  });

  it('keeps what an event of another tenant or a harmless one does not touch', async () => {
    await ask();
    const before = gateway.asked.count;
    await publish('auth.v1.token.deleted', OTHER_TENANT);
    await publish('auth.v1.session.created', TENANT);
    await new Promise(setImmediate);
    await ask();
    expect(gateway.asked.count).toBe(before);
  });

  it('refuses a revoked credential as soon as the event is there', async () => {
    await ask();
    gateway.known.delete('cached-token');
    await publish('auth.v1.token.deleted', TENANT);
    await vi.waitFor(async () => expect(await ask()).toBe(403), { timeout: 1_000 });
  });

  it('refuses a credential that ends by itself when it does', async () => {
    const ends = new Date(Date.now() + 4_000);
    gateway.known.set('ending-token', { ...aUser(), ends });
    const asked = async () => (await gateway.inject({ url: CALLER, headers: bearer('ending-token') })).statusCode;
    expect(await asked()).toBe(200);
    gateway.known.delete('ending-token');
    expect(await asked()).toBe(200);
    gateway.wait(4_001);
    expect(await asked()).toBe(403);
  });

  it('refuses a revoked credential after seconds without any event', async () => {
    gateway.known.set('cached-token', aUser());
    expect(await ask()).toBe(200);
    gateway.known.delete('cached-token');
    gateway.wait(5_001);
    expect(await ask()).toBe(403);
  });
});

describe('what a service is told', () => {
  it('is nothing that an untrusted client says about its address', async () => {
    const headers = { 'x-forwarded-for': '203.0.113.9', 'x-forwarded-proto': 'https', 'x-forwarded-host': 'evil' };
    const { address, scheme, host } = (await gateway.inject({ url: CALLER, headers })).json();
    expect([address, scheme, host]).toEqual(['127.0.0.1', 'http', 'localhost:80']);
  });

  it('is the query as it came, and only the headers that the operation asked for', async () => {
    const answer = await gateway.inject({
      url: `${CALLER}?next=/&state=abc&query=code%3Dabc%26a%3Db`,
      headers: { 'x-wanted': 'ü' },
    });
    expect(answer.json()).toMatchObject({ query: 'next=/&state=abc&query=code%3Dabc%26a%3Db', wanted: 'ü' });
  });

  it('names the tenant of the host', async () => {
    expect((await gateway.inject({ url: CALLER, headers: { host: 'other.example.com' } })).json().tenant).toBe(
      OTHER_TENANT,
    );
    expect((await gateway.inject({ url: CALLER, headers: { host: 'nobody.example.com' } })).statusCode).toBe(404);
  });
});

describe('answers', () => {
  it('carry the headers of the contract', async () => {
    const { headers } = await gateway.inject({ url: CALLER });
    expect(headers).toMatchObject({
      'x-frame-options': 'DENY',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'same-origin',
      'content-type': 'application/json',
    });
    expect([headers['x-authentik-id'], headers.vary]).toEqual([
      expect.stringMatching(/^[0-9a-f]{32}$/),
      'Origin, Accept, Cookie',
    ]);
  });

  it.each([
    ['redirect', 302],
    ['status', 418],
    ['', 204],
  ])('have the head that a service wants: %s', async (wish, status) => {
    const answer = await gateway.inject({ url: `/api/v3/conformance/head/?wish=${wish}` });
    expect([answer.statusCode, answer.body]).toEqual([status, '']);
    expect(answer.headers.location).toBe(wish === 'redirect' ? '/elsewhere/?a=b' : undefined);
  });

  it('set the cookies that a service wants', async () => {
    const { headers } = await gateway.inject({ url: '/api/v3/conformance/head/?wish=cookie' });
    expect(headers['set-cookie']).toEqual([
      'first=one%20two; Max-Age=60; Path=/; HttpOnly; SameSite=Lax',
      'second=; Path=/; SameSite=Lax',
    ]);
    expect(headers.vary).toContain('X-Test');
  });

  it('refuse a caller who takes no JSON', async () => {
    const answer = await gateway.inject({ url: CALLER, headers: { accept: 'text/html' } });
    expect([answer.statusCode, answer.json()]).toEqual([
      406,
      { detail: 'Could not satisfy the request Accept header.' },
    ]);
  });

  it('reflect an allowed origin, and no other', async () => {
    const preflight = (origin: string) =>
      gateway.inject({ method: 'OPTIONS', url: WIDGETS, headers: { origin, 'access-control-request-method': 'POST' } });
    const allowed = await preflight('https://app.example.com');
    expect([allowed.statusCode, allowed.headers['access-control-allow-origin']]).toEqual([
      204,
      'https://app.example.com',
    ]);
    expect((await preflight('https://evil.example.com')).headers['access-control-allow-origin']).toBeUndefined();
  });
});

describe('errors', () => {
  const wish = async (name: string) => {
    const answer = await gateway.inject({ url: `/api/v3/conformance/head/?wish=${name}` });
    return { status: answer.statusCode, body: answer.json() };
  };
  const token = (name: string, headers: Record<string, string> = {}) =>
    gateway.inject({
      method: 'POST',
      url: '/conformance/token/',
      headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
      payload: `wish=${name}`,
    });

  it('of a service keep their words, and reasons stay inside', async () => {
    expect(await wish('conflict')).toEqual({ status: 409, body: { detail: 'Someone else changed it meanwhile.' } });
    expect((await wish('fields')).body).toEqual({ widget: { parts: [{}, { label: ['Label is taken.'] }] } });
  });

  it('that nobody foresaw tell an id and nothing else', async () => {
    const { status, body } = await wish('bug');
    expect([status, Object.keys(body)]).toEqual([500, ['detail', 'request_id']]);
    expect(JSON.stringify(body)).not.toContain('hunter2');
  });

  it('are 503 while a service is down, and gone when it is back', async () => {
    gateway.setDown(true);
    expect(await wish('')).toEqual({ status: 503, body: { detail: expect.stringContaining('not available') } });
    expect((await gateway.inject({ url: '/-/health/ready/' })).statusCode).toBe(503);
    expect((await gateway.inject({ url: '/-/health/live/' })).statusCode).toBe(204);
    gateway.setDown(false);
    expect((await gateway.inject({ url: CALLER })).statusCode).toBe(200);
    expect((await gateway.inject({ url: '/-/health/ready/' })).statusCode).toBe(204);
  });

  it('of a token endpoint follow RFC 6749', async () => {
    const grant = await token('invalid_grant');
    expect([grant.statusCode, grant.json(), grant.headers['cache-control']]).toEqual([
      400,
      { error: 'invalid_grant', error_description: "The code is 'used'." },
      'no-store',
    ]);
    const client = await token('invalid_client', { authorization: 'Basic YTpi' });
    expect([client.statusCode, client.headers['www-authenticate']]).toEqual([401, 'Basic realm="postern"']);
    expect((await token('invalid_token')).headers['www-authenticate']).toBe(
      'Bearer error="invalid_token", error_description="Expired."',
    );
    expect((await token('bug')).json()).toMatchObject({ error: 'server_error' });
  });

  it('of a page are pages, with everything escaped', async () => {
    const answer = await gateway.inject({ url: '/conformance/page/?wish=markup' });
    expect([answer.statusCode, answer.body]).toEqual([403, expect.stringContaining('&lt;script&gt;')]);
    expect(answer.body).not.toContain('<script>');
  });
});

describe('limits', () => {
  it('refuse a body that is too large', async () => {
    const answer = await gateway.inject({ method: 'POST', url: WIDGETS, payload: { name: 'x'.repeat(70_000) } });
    expect([answer.statusCode, answer.json().detail]).toEqual([413, expect.stringContaining('65536')]);
  });

  it('refuse a head that is too large, over a real socket', async () => {
    const port = await gateway.listen({ host: '127.0.0.1', port: 0 });
    const agent = new Agent();
    const status = await new Promise((resolve, reject) => {
      const options = { port, agent, path: CALLER, headers: { 'x-long': 'x'.repeat(40_000) } };
      httpRequest(options, (answer) => resolve(answer.resume().statusCode))
        .on('error', reject)
        .end();
    });
    agent.destroy();
    expect(status).toBe(431);
  });

  it('give a service its time and no more, and slow down who asks too much', async () => {
    const strict = await aGateway({ POSTERN_TIMEOUTS__REQUEST: '50ms', POSTERN_LIMITS__ANONYMOUS_RATE: '2' });
    const slow = await strict.inject({ url: '/api/v3/conformance/head/?wish=slow' });
    expect([slow.statusCode, slow.json()]).toEqual([504, { detail: 'The request took too long.' }]);
    await strict.inject({ url: CALLER });
    await strict.inject({ url: CALLER });
    const throttled = await strict.inject({ url: CALLER });
    expect([throttled.statusCode, throttled.json(), throttled.headers['retry-after']]).toEqual([
      429,
      { detail: 'Request was throttled. Expected available in 1 second.' },
      '1',
    ]);
    expect((await strict.inject({ url: CALLER, headers: bearer('jane-token') })).statusCode).toBe(429);
    strict.wait(1_000);
    expect((await strict.inject({ url: CALLER })).statusCode).toBe(200);
    await strict.close();
  });
});

it('lets requests under way finish when it closes, and takes no new ones', async () => {
  const closing = await aGateway();
  const port = await closing.listen({ host: '127.0.0.1', port: 0 });
  const url = `http://127.0.0.1:${port}`;
  const running = fetch(`${url}/api/v3/conformance/head/?wish=soon`);
  await vi.waitFor(async () => expect((await fetch(`${url}/-/health/live/`)).status).toBe(204));
  await closing.close();
  expect((await running).status).toBe(204);
  await expect(fetch(`${url}/-/health/live/`)).rejects.toThrow('fetch failed');
});
