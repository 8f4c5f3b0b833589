import { generateSync } from 'otplib';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { type HeadlessClient, headlessHouse, type Json } from './headless-house.fixture.ts';

const house = await headlessHouse({ POSTERN_PASSWORDS__MEMORY_KIB: '1024', POSTERN_PASSWORDS__PASSES: '1' });

beforeEach(async () => {
  await house.reset();
  await house.forgetRates();
  await house.set({ mfa_allow_unverified_email: true });
});

type Somebody = Awaited<ReturnType<typeof house.person>>;

const REQUIRED = { message: 'This field is required.', code: 'required', param: 'code' };
const INCORRECT = { message: 'Incorrect code.', code: 'incorrect_code', param: 'code' };
const TOO_MANY = {
  message: 'Too many failed login attempts. Try again later.',
  code: 'too_many_login_attempts',
  param: 'code',
};

/** Lets codes be tried that were used, and devices take answers that were tried wrongly, as time would. */
const letTimePass = () => house.sql('update auth.device set last_step = null, locked_until = null, failures = 0');

const codeOf = (secret: string) => generateSync({ secret });

function flowsOf({ data }: Json): readonly Json[] {
  const { flows } = Object(data);
  return Array.isArray(flows) ? flows : [];
}

async function signedIn(client: HeadlessClient, { username, password }: Somebody) {
  return client.post('/auth/login', { username, password });
}

/** Somebody with an authenticator app, signed in. */
async function withTotp(kind: 'app' | 'browser' = 'app') {
  const somebody = await house.person();
  const client = house[kind]();
  await signedIn(client, somebody);
  const secret = String(Object((await client.get('/account/authenticators/totp')).body.meta).secret);
  const { status } = await client.post('/account/authenticators/totp', { code: codeOf(secret) });
  expect(status).toBe(200);
  await letTimePass();
  return { somebody, client, secret };
}

/** Makes the last proof of everybody an old one: `house.set` cannot turn back a clock. */
const askAgain = () => house.set({ reauthentication_timeout: 0 });

describe('an authenticator app', () => {
  it('is of nobody who is not signed in', async () => {
    for (const path of ['', '/totp', '/recovery-codes'])
      expect((await house.app().get(`/account/authenticators${path}`)).body).toMatchObject({
        status: 401,
        meta: { is_authenticated: false },
      });
  });

  it('is refused while an address is not verified', async () => {
    await house.set({ mfa_allow_unverified_email: false });
    const somebody = await house.person();
    await house.sql('update directory.email_address set verified = false');
    const client = house.app();
    await signedIn(client, somebody);
    const message = 'You cannot activate two-factor authentication until you have verified your email address.';
    expect((await client.get('/account/authenticators/totp')).body).toEqual({
      status: 409,
      errors: [{ message, code: 'unverified_email' }],
    });
  });

  it.each(['app', 'browser'] as const)('is set up, told of and given up, as %s', async (kind) => {
    const somebody = await house.person();
    const client = house[kind]();
    await signedIn(client, somebody);
    const found = await client.get('/account/authenticators/totp');
    expect(found.body).toEqual({
      status: 404,
      meta: { secret: expect.stringMatching(/^[A-Z2-7]{32}$/), totp_url: expect.any(String) },
    });
    const { secret, totp_url } = Object(found.body.meta);
    const label = encodeURIComponent(somebody.email);
    expect(totp_url).toMatch(new RegExp(`^otpauth://totp/${label}\\?secret=${secret}&issuer=[^&]+$`));
    const again = await client.get('/account/authenticators/totp');
    expect(Object(again.body.meta).secret).not.toBe(secret);

    const post = (code?: string) => client.post('/account/authenticators/totp', { code });
    expect((await post()).body).toEqual({ status: 400, errors: [REQUIRED] });
    expect((await post('000000')).body).toEqual({ status: 400, errors: [INCORRECT] });
    expect((await post(codeOf(secret))).body).toEqual({ status: 400, errors: [INCORRECT] });

    const code = codeOf(Object(again.body.meta).secret);
    const made = await post(code);
    const totp = { type: 'totp', created_at: expect.any(Number), last_used_at: null };
    expect(made.body).toEqual({ status: 200, data: totp });
    expect((await post(code)).body).toEqual({ status: 400, errors: [INCORRECT] });
    expect((await client.get('/account/authenticators/totp')).body).toEqual(made.body);
    const codes = { ...totp, type: 'recovery_codes', total_code_count: 10, unused_code_count: 10 };
    expect((await client.get('/account/authenticators')).body).toEqual({ status: 200, data: [totp, codes] });

    expect((await client.remove('/account/authenticators/totp')).body).toEqual({ status: 200 });
    expect((await client.remove('/account/authenticators/totp')).body).toEqual({ status: 200 });
    expect((await client.get('/account/authenticators')).body).toEqual({ status: 200, data: [] });
  });

  it('is not set up or given up before they have shown again who they are', async () => {
    const { client } = await withTotp();
    const other = house.app();
    await signedIn(other, await house.person());
    const { secret } = Object((await other.get('/account/authenticators/totp')).body.meta);
    await askAgain();
    expect((await other.post('/account/authenticators/totp', { code: '000000' })).status).toBe(400);
    const asked = await other.post('/account/authenticators/totp', { code: codeOf(secret) });
    expect(asked.body).toMatchObject({ status: 401, data: { flows: [{ id: 'reauthenticate' }] } });

    const refused = await client.remove('/account/authenticators/totp');
    expect(refused.body).toMatchObject({ status: 401, meta: { is_authenticated: true } });
    expect(Object.keys(Object(refused.body.data))).toEqual(['user', 'methods', 'flows']);
    expect(flowsOf(refused.body)).toEqual([
      { id: 'reauthenticate' },
      { id: 'mfa_reauthenticate', types: ['recovery_codes', 'totp'] },
    ]);
  });
});

describe('a login with a second factor', () => {
  it('has nothing to ask of whoever does not sign in', async () => {
    for (const body of [{}, { code: '123456' }]) {
      const { body: answer } = await house.app().post('/auth/2fa/authenticate', body);
      expect(answer).toEqual({ status: 401, data: { flows: [{ id: 'login' }] }, meta: { is_authenticated: false } });
    }
  });

  it.each(['app', 'browser'] as const)('waits for a code, and takes each once, as %s', async (kind) => {
    const { somebody, secret } = await withTotp(kind);
    const client = house[kind]();
    const waiting = await signedIn(client, somebody);
    expect(waiting.status).toBe(401);
    const [token, pending] = [client.token, flowsOf(waiting.body).at(-1)];
    expect(pending).toEqual({ id: 'mfa_authenticate', is_pending: true, types: ['recovery_codes', 'totp'] });

    const post = (code?: string) => client.post('/auth/2fa/authenticate', { code });
    expect((await post()).body).toEqual({ status: 400, errors: [REQUIRED] });
    expect((await post('000000')).body).toEqual({ status: 400, errors: [INCORRECT] });
    await letTimePass();
    const code = codeOf(secret);
    const done = await post(code);
    expect(done.body).toMatchObject({
      status: 200,
      data: { methods: [{ method: 'password' }, { method: 'mfa', type: 'totp', id: expect.any(Number) }] },
      meta: { is_authenticated: true },
    });
    if (kind === 'app') expect(client.token).not.toBe(token);

    const second = house[kind]();
    await signedIn(second, somebody);
    expect((await second.post('/auth/2fa/authenticate', { code })).body).toEqual({ status: 400, errors: [INCORRECT] });
  });

  it('takes a recovery code once', async () => {
    const { somebody, client } = await withTotp();
    const shown = await client.get('/account/authenticators/recovery-codes');
    const [code] = Object(shown.body.data).unused_codes;
    for (const status of [200, 400]) {
      const app = house.app();
      await signedIn(app, somebody);
      await letTimePass();
      const answer = await app.post('/auth/2fa/authenticate', { code });
      expect(answer.status).toBe(status);
      if (status === 200) expect(Object(answer.body.data).methods[1]).toMatchObject({ type: 'recovery_codes' });
    }
    const { data } = (await client.get('/account/authenticators/recovery-codes')).body;
    expect(data).toMatchObject({ total_code_count: 10, unused_code_count: 9, last_used_at: expect.any(Number) });
    expect(Object(data).unused_codes).not.toContain(code);
  });

  it('says that it was too often after five wrong codes, also of the right one', async () => {
    const { somebody, secret } = await withTotp();
    const app = house.app();
    await signedIn(app, somebody);
    for (let time = 0; time < 5; time += 1)
      expect((await app.post('/auth/2fa/authenticate', { code: '000000' })).body.errors).toEqual([INCORRECT]);
    await letTimePass();
    for (const code of ['000000', codeOf(secret)])
      expect((await app.post('/auth/2fa/authenticate', { code })).body).toEqual({ status: 400, errors: [TOO_MANY] });
  });

  it('is no way around a device that it cannot ask for', async () => {
    const { somebody } = await withTotp();
    await house.sql("delete from auth.device where class = 'static' and user_pk = $1", [somebody.pk]);
    await house.sql("update auth.device set class = 'duo' where user_pk = $1", [somebody.pk]);
    const app = house.app();
    const { status, body } = await signedIn(app, somebody);
    expect({ status, pending: flowsOf(body).at(-1) }).toEqual({
      status: 401,
      pending: { id: 'mfa_authenticate', is_pending: true, types: [] },
    });
    expect((await app.post('/auth/2fa/authenticate', { code: '123456' })).body.errors).toEqual([INCORRECT]);
  });

  it('is forgotten by signing out, and after its time', async () => {
    const { somebody } = await withTotp();
    const app = house.app();
    await signedIn(app, somebody);
    expect(flowsOf((await app.remove('/auth/session')).body)).toEqual([{ id: 'login' }]);
    const late = house.app();
    await signedIn(late, somebody);
    await house.set({ login_timeout: 0 });
    expect((await late.post('/auth/2fa/authenticate', {})).status).toBe(401);
  });

  it('lets one of many pass that bring one code at once', async () => {
    const { somebody, secret } = await withTotp();
    const apps = await Promise.all(
      Array.from({ length: 4 }, async () => {
        const app = house.app();
        await signedIn(app, somebody);
        return app;
      }),
    );
    const code = codeOf(secret);
    const answers = await Promise.all(apps.map((app) => app.post('/auth/2fa/authenticate', { code })));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 400, 400, 400]);
  });
});

describe('what is told of second factors', () => {
  it('is in the event log when a code was wrong, as for a password', async () => {
    const { somebody } = await withTotp();
    const app = house.app();
    await app.post('/auth/login', { username: somebody.username, password: 'wrong' });
    await signedIn(app, somebody);
    await app.post('/auth/2fa/authenticate', { code: '000000' });
    const { username } = somebody;
    await vi.waitFor(async () => {
      const told = await house.sql<{ context: Json }>(
        "select context from tasks.event where action = 'login_failed' and context->>'username' = $1 order by created",
        [username],
      );
      expect(told.map(({ context }) => context)).toMatchObject([
        { password: expect.stringMatching(/^\*+$/) },
        { device_class: 'totp' },
      ]);
    });
  });

  it('reaches people by mail where the tenant wants that', async () => {
    await house.set({ email_notifications: true });
    const { client, somebody } = await withTotp();
    const activated = await house.sink.next();
    expect(activated.to).toEqual([somebody.email]);
    expect(activated.header('subject')).toMatch(/Authenticator App Activated$/);
    await client.post('/account/authenticators/recovery-codes');
    expect((await house.sink.next()).header('subject')).toMatch(/New Recovery Codes Generated$/);
    await client.remove('/account/authenticators/totp');
    expect((await house.sink.next()).header('subject')).toMatch(/Authenticator App Deactivated$/);
  });
});

describe('showing once more who one is, by code', () => {
  it('needs somebody who is signed in, and a right code', async () => {
    expect((await house.app().post('/auth/2fa/reauthenticate', { code: '1' })).status).toBe(401);
    const { client, secret } = await withTotp();
    const post = (code?: string) => client.post('/auth/2fa/reauthenticate', { code });
    expect((await post()).body).toEqual({ status: 400, errors: [REQUIRED] });
    expect((await post('000000')).body).toEqual({ status: 400, errors: [INCORRECT] });
    await letTimePass();
    const code = codeOf(secret);
    const done = await post(code);
    expect(done.body).toMatchObject({ status: 200, data: { methods: [{ method: 'password' }, { method: 'mfa' }] } });
    expect(Object(done.body.data).methods[1]).not.toHaveProperty('reauthenticated');
    expect((await post(code)).body).toEqual({ status: 400, errors: [INCORRECT] });
  });
});

describe('recovery codes', () => {
  const path = '/account/authenticators/recovery-codes';

  it('are there only beside another factor', async () => {
    const client = house.app();
    await signedIn(client, await house.person());
    expect((await client.get(path)).body).toEqual({ status: 404 });
    const message = 'You cannot generate recovery codes without having two-factor authentication enabled.';
    expect((await client.post(path)).body).toEqual({
      status: 400,
      errors: [{ message, code: 'cannot_generate_recovery_codes' }],
    });
  });

  it('are shown to whoever has shown again who they are, and made anew', async () => {
    const { client, somebody } = await withTotp();
    const first = Object((await client.get(path)).body.data);
    expect(first).toMatchObject({ type: 'recovery_codes', total_code_count: 10, unused_code_count: 10 });
    expect(first.unused_codes).toHaveLength(10);
    for (const code of first.unused_codes) expect(code).toMatch(/^\d{8}$/);
    await askAgain();
    for (const method of ['GET', 'POST']) expect((await client.send(method, path)).status).toBe(401);
    await house.set({ reauthentication_timeout: 300 });

    const next = Object((await client.post(path)).body.data);
    expect(next).toMatchObject({ total_code_count: 10, unused_code_count: 10, last_used_at: null });
    expect(Object((await client.get(path)).body.data).unused_codes).toEqual(next.unused_codes);
    const app = house.app();
    await signedIn(app, somebody);
    expect((await app.post('/auth/2fa/authenticate', { code: first.unused_codes[0] })).status).toBe(400);
    await letTimePass();
    expect((await app.post('/auth/2fa/authenticate', { code: next.unused_codes[0] })).status).toBe(200);
  });

  it('are shown once where the tenant wants that, and not again after they were made', async () => {
    await house.set({ mfa_recovery_codes_show_once: true });
    const { client } = await withTotp();
    expect(Object((await client.get(path)).body.data).unused_codes).toHaveLength(10);
    expect((await client.get(path)).body.data).not.toHaveProperty('unused_codes');
    expect(Object((await client.post(path)).body.data).unused_codes).toHaveLength(10);
    const hidden = (await client.get(path)).body.data;
    expect(hidden).toMatchObject({ unused_code_count: 10 });
    expect(hidden).not.toHaveProperty('unused_codes');
  });
});

describe('a browser that is trusted', () => {
  beforeEach(() => house.set({ mfa_trust_enabled: true }));

  it('is none where the tenant has none, of an app, and where nothing was asked', async () => {
    expect((await house.app().post('/auth/2fa/trust', { trust: true })).status).toBe(404);
    expect((await house.browser().post('/auth/2fa/trust', { trust: true })).status).toBe(401);
    await house.set({ mfa_trust_enabled: false });
    expect((await house.browser().post('/auth/2fa/trust', { trust: true })).status).toBe(404);
  });

  async function trusting(trust: boolean) {
    const { somebody, secret, client: owner } = await withTotp();
    const browser = house.browser();
    await signedIn(browser, somebody);
    const asked = await browser.post('/auth/2fa/authenticate', { code: codeOf(secret) });
    expect(flowsOf(asked.body).at(-1)).toEqual({ id: 'mfa_trust', is_pending: true });
    const done = await browser.post('/auth/2fa/trust', { trust });
    expect(done.status).toBe(200);
    const [cookie] = done.headers.getSetCookie().filter((line) => line.startsWith('mfa_trusted='));
    if (trust) expect(cookie).toMatch(/Max-Age=1209600;.*HttpOnly;.*SameSite=Lax/i);
    else expect(cookie).toBeUndefined();
    await browser.remove('/auth/session');
    await letTimePass();
    return { somebody, secret, browser, owner };
  }

  it('is asked for no second factor, of whoever trusts it alone', async () => {
    const { browser, somebody } = await trusting(true);
    expect((await signedIn(browser, somebody)).status).toBe(200);
    await browser.remove('/auth/session');
    const { somebody: other } = await withTotp();
    expect((await signedIn(browser, other)).status).toBe(401);
  });

  it('is asked when nobody trusts it, or the cookie was changed', async () => {
    const { browser, somebody } = await trusting(false);
    expect((await signedIn(browser, somebody)).status).toBe(401);
    const trusted = await trusting(true);
    trusted.browser.cookies.set('mfa_trusted', `${trusted.browser.cookies.get('mfa_trusted')}x`);
    expect((await signedIn(trusted.browser, trusted.somebody)).status).toBe(401);
  });

  it.each([
    [
      'a change of the password',
      ({ pk }: Somebody) => house.sql('update auth.password set changed = now() where user_pk = $1', [pk]),
    ],
    [
      'a change of the authenticators',
      ({ pk }: Somebody) => house.sql("delete from auth.device where class = 'static' and user_pk = $1", [pk]),
    ],
    ['its time', () => house.set({ mfa_trust_cookie_age: 0 })],
  ])('is asked again after %s', async (_what, change) => {
    const { browser, somebody } = await trusting(true);
    await change(somebody);
    expect(flowsOf((await signedIn(browser, somebody)).body).at(-1)).toMatchObject({ id: 'mfa_authenticate' });
  });
});

describe.each(['app', 'browser'] as const)('whoever must have a second factor, as %s', (kind) => {
  const LACKING = {
    status: 403,
    errors: [
      { message: 'You must enable two-factor authentication before doing anything else.', code: 'mfa_register' },
    ],
  };
  it('does nothing else before they have one', async () => {
    const somebody = await house.person();
    const client = house[kind]();
    await house.set({ enforce_mfa: true, reauthentication_required: true });
    expect((await signedIn(client, somebody)).status).toBe(200);
    for (const [method, path, body] of [
      ['GET', '/auth/sessions'],
      ['GET', '/account/providers'],
      ['GET', '/account/phone'],
      ['POST', '/account/phone', { phone: '+31612345678' }],
      ['POST', '/account/password/change', { current_password: somebody.password, new_password: 'seven quiet rivers' }],
    ] as const)
      expect((await client.send(method, path, body)).body).toEqual(LACKING);
    expect((await client.get('/auth/session')).status).toBe(200);
    expect((await client.get('/account/email')).status).toBe(200);
    expect((await client.get('/account/authenticators')).body.data).toEqual([]);
    const secret = String(Object((await client.get('/account/authenticators/totp')).body.meta).secret);
    const activate = () => client.post('/account/authenticators/totp', { code: codeOf(secret) });
    await askAgain();
    expect((await activate()).status).toBe(401);
    await house.set({ reauthentication_timeout: 300 });
    expect((await client.post('/auth/reauthenticate', { password: somebody.password })).status).toBe(200);
    expect((await activate()).status).toBe(200);
    expect((await client.get('/auth/sessions')).status).toBe(200);
    expect((await client.get('/account/phone')).status).toBe(200);
  });
});
