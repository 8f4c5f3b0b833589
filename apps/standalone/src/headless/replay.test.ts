import { directory } from '@postern/proto';
import { asService } from '@postern/rpc';
import { beforeAll, describe, expect, it } from 'vitest';
import { headlessHouse } from './headless-house.fixture.ts';

// A proxy in front says which host was asked: each tenant has its own.
const house = await headlessHouse({ POSTERN_TRUSTED_PROXIES: '127.0.0.1' });
const HOME = 'id.example';
const AWAY = 'own.example';
const APP = '/_allauth/app/v1';
const BROWSER = '/_allauth/browser/v1';
const RATES = { login: '', login_failed: '', reset_password: '', request_login_code: '', reset_password_from_key: '' };
const settings = { token_strategy: 'jwt', login_by_code_enabled: true, rate_limits: RATES };

beforeAll(async () => {
  await house.set(settings);
  const tenants = house.running.client(directory.TenantServiceDefinition, 'directory');
  const { tenant } = await tenants.createTenant({ name: 'Own', domains: [AWAY] }, asService(''));
  const stored = 'insert into auth.headless_settings (tenant_id, pk, settings) values ($1, gen_random_uuid(), $2)';
  await house.sql(stored, [tenant, JSON.stringify(settings)]);
});

type Person = Awaited<ReturnType<typeof house.person>>;
type Request = { readonly path: string; readonly headers?: Record<string, string>; readonly body?: object };

async function statusOf(host: string, { path, headers = {}, body }: Request): Promise<number> {
  const { status } = await fetch(`${house.url}${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { 'x-forwarded-host': host, 'content-type': 'application/json', ...headers },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  return status;
}

async function metaOf({ username, password }: Person): Promise<Record<string, unknown>> {
  const { status, body } = await house.app().post('/auth/login', { username, password });
  expect(status).toBe(200);
  return Object(body.meta);
}

async function mailed(path: string, { email }: Person, wanted: RegExp): Promise<string> {
  const headers = { 'content-type': 'application/json' };
  await fetch(`${house.url}${path}`, { method: 'POST', headers, body: JSON.stringify({ email }) });
  const [, found = ''] = wanted.exec((await house.mailTo(email)).text) ?? [];
  expect(found).not.toBe('');
  return decodeURIComponent(found);
}

/** What proves something to us: how somebody gets one, and what it opens. */
type Proof = {
  readonly make: (person: Person) => Promise<string>;
  readonly use: (secret: string) => Request;
  readonly refused: number;
};

const PROOFS: Readonly<Record<string, Proof>> = {
  'the token of an app': {
    make: async (person) => String((await metaOf(person)).session_token),
    use: (secret) => ({ path: `${APP}/auth/session`, headers: { 'x-session-token': secret } }),
    refused: 410,
  },
  'the cookie of a browser': {
    async make({ username, password }) {
      const browser = house.browser();
      expect((await browser.post('/auth/login', { username, password })).status).toBe(200);
      return browser.cookies.get('sessionid') ?? '';
    },
    use: (secret) => ({
      path: `${BROWSER}/auth/session`,
      headers: { cookie: `sessionid=${encodeURIComponent(secret)}` },
    }),
    refused: 401,
  },
  'an access token': {
    make: async (person) => String((await metaOf(person)).access_token),
    use: (secret) => ({ path: `${APP}/auth/session`, headers: { authorization: `Bearer ${secret}` } }),
    refused: 401,
  },
  'a refresh token': {
    make: async (person) => String((await metaOf(person)).refresh_token),
    use: (refresh_token) => ({ path: `${APP}/tokens/refresh`, body: { refresh_token } }),
    refused: 400,
  },
  'the key of a REST client': {
    async make({ username, password }) {
      const sent = { method: 'POST', headers: { 'content-type': 'application/json' } };
      const body = JSON.stringify({ username, password });
      const answer = await fetch(`${house.url}/api/auth/login/`, { ...sent, body });
      return String(Object(await answer.json()).key);
    },
    use: (secret) => ({ path: '/api/auth/user/', headers: { authorization: `Token ${secret}` } }),
    refused: 401,
  },
  'a link to choose a password': {
    make: (person) => mailed(`${APP}/auth/password/request`, person, /\/password\/reset\/key\/(\S+)/),
    use: (key) => ({ path: `${APP}/auth/password/reset`, headers: { 'x-password-reset-key': key } }),
    refused: 400,
  },
  'a link that verifies an address': {
    make: (person) => mailed('/api/auth/registration/resend-email/', person, /\/verify-email\/([\w%:-]+)/),
    use: (key) => ({ path: `${APP}/auth/email/verify`, headers: { 'x-email-verification-key': key } }),
    refused: 400,
  },
};
const NAMES = Object.keys(PROOFS);
/** Access tokens are there to open the other APIs, for whom they are bearers' tokens like any. */
const OPENS = ['an access token the key of a REST client'];
const proof = (name: string): Proof => {
  const found = PROOFS[name];
  if (found === undefined) throw new Error(name);
  return found;
};

describe.each(NAMES)('%s', (name) => {
  const { make, use, refused } = proof(name);

  it('opens nothing in another tenant, and what it is for in its own', async () => {
    const secret = await make(await house.person());
    expect(await statusOf(AWAY, use(secret))).toBe(refused);
    expect(await statusOf(HOME, use(secret))).toBe(200);
    expect(await statusOf(AWAY, use(secret))).toBe(refused);
  });

  it.each(NAMES.filter((other) => other !== name && !OPENS.includes(`${name} ${other}`)))(
    'is not taken for %s',
    async (other) => {
      const secret = await make(await house.person());
      expect(await statusOf(HOME, proof(other).use(secret))).toBe(proof(other).refused);
    },
  );
});

describe('a code', () => {
  const LOGIN = { ask: '/auth/code/request', give: '/auth/code/confirm', field: 'code' };
  const RESET = { ask: '/auth/password/request', give: '/auth/password/reset', field: 'key' };

  /** Somebody for whom a code waits in an app. */
  async function waiting({ ask }: typeof LOGIN) {
    await house.set({ password_reset_by_code_enabled: true });
    const { email } = await house.person();
    const app = house.app();
    expect((await app.post(ask, { email })).status).toBe(401);
    const [code = ''] = /\b[B-Z]{4}-[B-Z]{4}\b/.exec((await house.mailTo(email)).text) ?? [];
    return { app, code };
  }
  const given = { password: 'seven quiet rivers' };

  it.each([
    ['to sign in by', 'to sign in by', LOGIN, LOGIN],
    ['to sign in by', 'to choose a password by', LOGIN, RESET],
    ['to choose a password by', 'to sign in by', RESET, LOGIN],
    ['to choose a password by', 'to choose a password by', RESET, RESET],
  ] as const)('%s of somebody is none %s of somebody else', async (_one, _other, mine, theirs) => {
    const [one, other] = [await waiting(mine), await waiting(theirs)];
    const { status, body } = await other.app.post(theirs.give, { ...given, [theirs.field]: one.code });
    expect([status, Object(body.errors)[0]?.code]).toEqual([400, 'incorrect_code']);
    const stranger = await house.app().post(mine.give, { ...given, [mine.field]: one.code });
    expect(stranger.status).toBe(409);
    const right = await one.app.post(mine.give, { ...given, [mine.field]: one.code });
    expect([200, 401]).toContain(right.status);
    expect(right.body.errors).toBeUndefined();
  });

  it('waits for nothing in another tenant', async () => {
    const { app, code } = await waiting(LOGIN);
    const headers = { 'x-session-token': app.token ?? '' };
    expect(await statusOf(AWAY, { path: `${APP}/auth/code/confirm`, headers, body: { code } })).toBe(410);
    expect((await app.post('/auth/code/confirm', { code })).status).toBe(200);
  });
});
