import { beforeEach, describe, expect, it } from 'vitest';
import {
  codeOf,
  factorsOf,
  flowsOf,
  INCORRECT,
  REQUIRED,
  type Somebody,
  signedIn,
  TOO_MANY,
} from './factors.fixture.ts';
import { headlessHouse } from './headless-house.fixture.ts';

const house = await headlessHouse();
const { askAgain, letTimePass, withTotp } = factorsOf(house);

beforeEach(async () => {
  await house.reset();
  await house.forgetRates();
  await house.set({ mfa_allow_unverified_email: true });
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

  it('calls nothing wrong while a device waits after many failures, and tells no right code from a wrong one', async () => {
    await house.set({ rate_limits: { login_failed: '' } });
    const { somebody, secret } = await withTotp();
    const app = house.app();
    await signedIn(app, somebody);
    const post = async (code: string) => (await app.post('/auth/2fa/authenticate', { code })).body;
    for (let time = 0; time < 5; time += 1) expect((await post('000000')).errors).toEqual([INCORRECT]);
    for (const code of ['000000', codeOf(secret), 'no code'])
      expect(await post(code)).toEqual({ status: 400, errors: [TOO_MANY] });
    await letTimePass();
    expect((await post(codeOf(secret))).status).toBe(200);
  });

  it('calls nothing wrong that nobody looked at after too many tries of somebody', async () => {
    await house.set({ rate_limits: { login_failed: '' } });
    const { somebody, secret } = await withTotp();
    const app = house.app();
    await signedIn(app, somebody);
    for (let time = 0; time < 10; time += 1) {
      expect((await app.post('/auth/2fa/authenticate', { code: '000000' })).body.errors).toEqual([INCORRECT]);
      await letTimePass();
    }
    for (const code of ['000000', codeOf(secret)])
      expect((await app.post('/auth/2fa/authenticate', { code })).body.errors).toEqual([TOO_MANY]);
  });

  it('takes the right code at once after a wrong one', async () => {
    const { somebody, secret } = await withTotp();
    const app = house.app();
    await signedIn(app, somebody);
    for (let time = 0; time < 4; time += 1)
      expect((await app.post('/auth/2fa/authenticate', { code: '000000' })).body.errors).toEqual([INCORRECT]);
    expect((await app.post('/auth/2fa/authenticate', { code: codeOf(secret) })).status).toBe(200);
  });

  it('lets wrong codes of long ago cost nothing once a right one came', async () => {
    await house.set({ rate_limits: { login_failed: '' } });
    const { somebody, secret } = await withTotp();
    const app = house.app();
    await signedIn(app, somebody);
    for (let time = 0; time < 4; time += 1) await app.post('/auth/2fa/authenticate', { code: '000000' });
    expect((await app.post('/auth/2fa/authenticate', { code: codeOf(secret) })).status).toBe(200);
    const counted = 'select class, failures from auth.device where user_pk = $1 order by class';
    expect(await house.sql(counted, [somebody.pk])).toEqual([
      { class: 'static', failures: 0 },
      { class: 'totp', failures: 0 },
    ]);
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
