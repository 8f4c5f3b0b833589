import { beforeEach, describe, expect, it } from 'vitest';
import { type HeadlessReply, headlessHouse } from './headless-house.fixture.ts';

// Hashes cost what they do where people sign in: their time is compared.
const house = await headlessHouse({ POSTERN_PASSWORDS__MEMORY_KIB: '19456', POSTERN_PASSWORDS__PASSES: '2' });
const MANY = 200;

beforeEach(async () => {
  await house.reset();
  await house.forgetRates();
});

/** The same request, so often at once. */
const atOnce = (times: number, request: (index: number) => Promise<HeadlessReply>) =>
  Promise.all(Array.from({ length: times }, (_, index) => request(index)));

/** How often each answer came, such as `400 incorrect_code`. */
function tally(replies: readonly HeadlessReply[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { status, body } of replies) {
    const [first] = Array.isArray(body.errors) ? body.errors : [];
    const name = [status, Object(first).code].filter(Boolean).join(' ');
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}

/** Somebody for whom a code waits in an app. */
async function waiting() {
  await house.set({ login_by_code_enabled: true });
  const { email } = await house.person();
  const client = house.app();
  expect((await client.post('/auth/code/request', { email })).status).toBe(401);
  let mail = await house.sink.next();
  while (mail.to[0] !== email) mail = await house.sink.next();
  const [code = ''] = /\b[B-Z]{4}-[B-Z]{4}\b/.exec(mail.body) ?? [];
  const { token = '' } = client;
  /** Another device with the same token: it learns nothing from the others' answers. */
  const confirm = (typed: string) => withToken(token).post('/auth/code/confirm', { code: typed });
  return { client, token, code, confirm };
}

function withToken(token: string) {
  return Object.assign(house.app(), { token });
}

async function signedIn(kind: 'app' | 'browser') {
  const { username, password } = await house.person();
  const client = house[kind]();
  expect((await client.post('/auth/login', { username, password })).status).toBe(200);
  return client;
}

describe('a session that somebody else began', () => {
  it('is not theirs any more when its app has signed in', async () => {
    const { token } = await waiting();
    const { username, password } = await house.person();
    const victim = withToken(token);
    expect((await victim.post('/auth/login', { username, password })).status).toBe(200);
    expect(victim.token).not.toBe(token);
    expect((await withToken(token).get('/auth/session')).status).toBe(410);
  });

  it.each([true, false])(
    'is not theirs any more when its browser has signed in (known before: %s)',
    async (isKnown) => {
      await house.set({ login_by_code_enabled: true });
      const attacker = house.browser();
      if (isKnown) await attacker.post('/auth/code/request', { email: 'nobody@example.com' });
      else attacker.cookies.set('sessionid', `B${'a'.repeat(32)}`);
      const planted = attacker.cookies.get('sessionid') ?? '';
      const { username, password } = await house.person();
      const victim = house.browser();
      victim.cookies.set('sessionid', planted);
      expect((await victim.post('/auth/login', { username, password })).status).toBe(200);
      expect(victim.cookies.get('sessionid')).not.toBe(planted);
      const { status, body } = await attacker.get('/auth/session');
      expect({ status, meta: body.meta }).toEqual({ status: 401, meta: { is_authenticated: false } });
    },
  );
});

describe('a token that was replaced', () => {
  it('is worth nothing after the step that completes a login', async () => {
    const { client, token, code } = await waiting();
    expect((await client.post('/auth/code/confirm', { code })).status).toBe(200);
    for (const [method, path] of [
      ['GET', '/auth/session'],
      ['GET', '/account/phone'],
      ['POST', '/auth/code/confirm'],
      ['DELETE', '/auth/session'],
    ] as const)
      expect((await withToken(token).send(method, path, method === 'POST' ? { code } : undefined)).status).toBe(410);
    expect((await client.get('/auth/session')).status).toBe(200);
  });

  it('is refreshed once, however many try it at once', async () => {
    await house.set({ token_strategy: 'jwt' });
    const { username, password } = await house.person();
    const { body } = await house.app().post('/auth/login', { username, password });
    const { refresh_token, access_token } = Object(body.meta);
    const refresh = () => house.app().post('/tokens/refresh', { refresh_token });
    expect(tally(await atOnce(MANY, refresh))).toEqual({ 200: 1, 400: MANY - 1 });
    expect((await refresh()).body).toEqual({ status: 400 });
    // One kind of token in place of another.
    expect((await house.app().post('/tokens/refresh', { refresh_token: access_token })).body).toEqual({ status: 400 });
    expect((await withToken(access_token).get('/auth/session')).status).toBe(410);
    const headers = { authorization: `Bearer ${refresh_token}` };
    expect((await house.app().get('/auth/session', { headers })).status).toBe(401);
  });
});

describe('a client', () => {
  it('is not the other one: the cookie of a browser is no token, and a token no cookie', async () => {
    const [app, browser] = [await signedIn('app'), await signedIn('browser')];
    expect((await withToken(browser.cookies.get('sessionid') ?? '').get('/auth/session')).status).toBe(410);
    const thief = house.browser();
    thief.cookies.set('sessionid', app.token ?? '');
    expect((await thief.get('/auth/session')).status).toBe(401);
    const headers = { 'x-session-token': app.token ?? '' };
    expect((await house.browser().get('/auth/session', { headers })).status).toBe(401);
    const cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    expect((await house.app().get('/auth/session', { headers: { cookie } })).status).toBe(401);
    for (const client of [app, browser]) expect((await client.get('/auth/session')).status).toBe(200);
  });
});

describe('two hundred at once', () => {
  it('have three guesses of a code among them', async () => {
    const { code, confirm } = await waiting();
    expect(tally(await atOnce(MANY, (index) => confirm(`BCDF-GH${index}`)))).toEqual({
      '400 incorrect_code': 3,
      409: MANY - 3,
    });
    expect((await confirm(code)).status).toBe(409);
  });

  it.each([2, MANY])('sign in once by one code (%i)', async (many) => {
    const { code, confirm } = await waiting();
    const { 200: won, 409: late = 0, 410: gone = 0, ...others } = tally(await atOnce(many, () => confirm(code)));
    expect({ won, lost: late + gone, others }).toEqual({ won: 1, lost: many - 1, others: {} });
  });

  it('try as many passwords as the rate says, and of those as many are judged as may fail', async () => {
    const login = (username: string) => house.app().post('/auth/login', { username, password: 'wrong' });
    expect(tally(await atOnce(MANY, (index) => login(`nobody-${index}`)))).toEqual({
      '400 username_password_mismatch': 10,
      '400 too_many_login_attempts': 20,
      429: MANY - 30,
    });
    await house.forgetRates();
    const { username } = await house.person();
    expect(tally(await atOnce(MANY, () => login(username)))).toEqual({
      '400 username_password_mismatch': 5,
      '400 too_many_login_attempts': 25,
      429: MANY - 30,
    });
  });

  it('get as many codes as the rate says', async () => {
    await house.set({ login_by_code_enabled: true, email_unknown_accounts: false });
    const ask = (email: string) => house.app().post('/auth/code/request', { email });
    expect(tally(await atOnce(MANY, () => ask('often@example.com')))).toEqual({
      401: 3,
      '400 too_many_login_attempts': MANY - 3,
    });
    await house.forgetRates();
    expect(tally(await atOnce(MANY, (index) => ask(`often-${index}@example.com`)))).toEqual({
      401: 20,
      '400 too_many_login_attempts': MANY - 20,
    });
  });
});

describe('the time of an answer', () => {
  it.each([
    ['a wrong password', '/auth/login', (name: string) => ({ username: name, password: 'wrong' })],
    ['a code', '/auth/code/request', (name: string) => ({ email: `${name}@example.com` })],
    ['a reset', '/auth/password/request', (name: string) => ({ email: `${name}@example.com` })],
  ])('does not tell whether there is an account: %s', async (_what, path, body) => {
    const rate_limits = { login: '', login_failed: '', request_login_code: '', reset_password: '' };
    await house.set({ login_by_code_enabled: true, rate_limits });
    const { username } = await house.person();
    const took = async (name: string) => {
      const began = performance.now();
      await house.app().post(path, body(name));
      return performance.now() - began;
    };
    const [known, unknown]: [number[], number[]] = [[], []];
    for (let round = 0; round < ROUNDS; round++) {
      known.push(await took(username));
      unknown.push(await took(`nobody-${round}`));
    }
    // Whatever else this machine does shows in both alike: what is beyond their own spread would tell.
    const noise = Math.max(spread(known), spread(unknown));
    expect(Math.abs(median(known) - median(unknown))).toBeLessThan(noise + LEAST_MS);
  });
});

const ROUNDS = 12;
/** Nobody measures less than this across a network with so few tries. */
const LEAST_MS = 2;

const quantile = (times: readonly number[], part: number) =>
  [...times].sort((a, b) => a - b)[Math.floor(times.length * part)] ?? 0;
const median = (times: readonly number[]) => quantile(times, 0.5);
const spread = (times: readonly number[]) => quantile(times, 0.75) - quantile(times, 0.25);
