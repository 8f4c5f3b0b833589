import { beforeEach, describe, expect, it, vi } from 'vitest';
import { codeOf, factorsOf, flowsOf, INCORRECT, REQUIRED, signedIn } from './factors.fixture.ts';
import { headlessHouse, type Json } from './headless-house.fixture.ts';

const house = await headlessHouse();
const { askAgain, letTimePass, withTotp } = factorsOf(house);

beforeEach(async () => {
  await house.reset();
  await house.forgetRates();
  await house.set({ mfa_allow_unverified_email: true });
});

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
