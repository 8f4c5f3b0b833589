import { generateSync } from 'otplib';
import { afterEach, describe, expect, it } from 'vitest';
import { headlessHouse } from './headless-house.fixture.ts';

const house = await headlessHouse();

afterEach(async () => {
  await Promise.all([house.reset(), house.forgetRates()]);
});

const BY_CODE = { email_verification: 'mandatory', email_verification_by_code_enabled: true };

/** Somebody who is signed in. `isVerified` says whether their address is verified. */
async function signedIn(kind: 'app' | 'browser' = 'app', isVerified = true) {
  const person = await house.person();
  const { email, username, password } = person;
  if (isVerified) await house.sql('update directory.email_address set verified = true where email = $1', [email]);
  const client = house[kind]();
  expect((await client.post('/auth/login', { username, password })).status).toBe(200);
  return { ...person, client, own: { email, verified: isVerified, primary: true } };
}

const codeIn = (text: string) => /^([A-Z]{4}-[A-Z]{4})\r?$/m.exec(text)?.[1] ?? '';
const keyIn = (text: string) => decodeURIComponent(/\/account\/verify-email\/(\S+)/.exec(text)?.[1] ?? '');
const fresh = (email: string) => ({ email, verified: false, primary: false });

describe('addresses', () => {
  it('are those of whoever is signed in', async () => {
    const client = house.app();
    for (const method of ['GET', 'PUT', 'PATCH', 'DELETE']) {
      const { status, body } = await client.send(method, '/account/email', method === 'GET' ? undefined : {});
      expect([status, Object(body.meta).is_authenticated]).toEqual([401, false]);
    }
    expect((await client.post('/account/email', {})).body).toEqual({ status: 409 });
  });

  it.each([
    ['post', {}, 'required', 'This field is required.', 'email'],
    ['post', { email: 'nothing' }, 'invalid', 'Enter a valid email address.', 'email'],
    ['put', { email: 'x@example.org' }, 'unknown_email', 'Unknown email address.', 'email'],
    ['patch', { email: 'x@example.org' }, 'required', 'This field is required.', 'primary'],
    ['patch', { email: 'x@example.org', primary: false }, 'required', 'This field is required.', 'primary'],
    ['patch', { email: 'x@example.org', primary: true }, 'unknown_email', 'Unknown email address.', 'email'],
    ['remove', { email: 'x@example.org' }, 'unknown_email', 'Unknown email address.', 'email'],
  ] as const)('are not changed by %s %j: %s', async (method, body, code, message, param) => {
    const { client, own } = await signedIn();
    expect((await client[method]('/account/email', body)).body).toEqual({
      status: 400,
      errors: [{ message, code, param }],
    });
    expect((await client.get('/account/email')).body).toEqual({ status: 200, data: [own] });
  });

  it.each(['app', 'browser'] as const)(
    'are added, confirmed by a link, made the primary one and removed, as %s',
    async (kind) => {
      await house.set({ email_notifications: true });
      const { client, own, email } = await signedIn(kind);
      const second = `second-${email}`;
      const two = [own, fresh(second)];
      expect((await client.post('/account/email', { email: second.toUpperCase() })).body).toEqual({
        status: 200,
        data: two,
      });
      const known = await client.post('/account/email', { email: second });
      expect(known.body.errors).toEqual([
        {
          message: 'This email address is already associated with this account.',
          code: 'duplicate_email',
          param: 'email',
        },
      ]);
      const unverified = await client.patch('/account/email', { email: second, primary: true });
      expect(unverified.body.errors).toEqual([
        { message: 'Your primary email address must be verified.', code: 'unverified_primary_email', param: 'email' },
      ]);
      const { text } = await house.mailTo(second);
      expect((await client.post('/auth/email/verify', { key: keyIn(text) })).status).toBe(200);
      expect((await client.patch('/account/email', { email: second, primary: true })).body.data).toEqual([
        { ...own, primary: false },
        { email: second, verified: true, primary: true },
      ]);
      expect((await house.mailTo(email)).subject).toContain('Email Changed');
      const primary = await client.remove('/account/email', { email: second });
      expect(primary.body.errors).toEqual([
        {
          message: 'You cannot remove your primary email address.',
          code: 'cannot_remove_primary_email',
          param: 'email',
        },
      ]);
      const left = { status: 200, data: [{ email: second, verified: true, primary: true }] };
      expect((await client.remove('/account/email', { email })).body).toEqual(left);
      expect((await house.mailTo(second)).subject).toContain('Email Removed');
    },
  );

  it('may be as many as the tenant lets; the last is kept where people sign in by it', async () => {
    const { client, email } = await signedIn();
    await house.set({ max_email_addresses: 1, login_methods: ['email'] });
    expect((await client.post('/account/email', { email: `b-${email}` })).body.errors).toEqual([
      { message: 'You cannot add more than 1 email addresses.', code: 'max_email_addresses', param: 'email' },
    ]);
    expect((await client.remove('/account/email', { email })).body.errors).toMatchObject([
      { code: 'cannot_remove_primary_email' },
    ]);
    await house.set({ login_methods: ['username'] });
    expect((await client.remove('/account/email', { email })).body).toEqual({ status: 200, data: [] });
  });

  it('of somebody else are told only where the tenant minds nothing, and never become one’s own', async () => {
    const { email: taken } = await signedIn();
    const { client, own } = await signedIn();
    await house.set({ enumeration: 'allowed' });
    expect((await client.post('/account/email', { email: taken })).body.errors).toMatchObject([
      { code: 'email_taken' },
    ]);
    await house.set({ enumeration: 'prevented', ...BY_CODE });
    expect((await client.post('/account/email', { email: taken })).body.data).toEqual([own, fresh(taken)]);
    const key = codeIn((await house.mailTo(taken)).text);
    expect((await client.post('/auth/email/verify', { key })).body.errors).toEqual([
      { message: 'A user is already registered with this email address.', code: 'email_taken', param: 'key' },
    ]);
  });

  it('are added by a code, which may be sent again, and given up', async () => {
    const { client, own, email } = await signedIn();
    await house.set({ ...BY_CODE, change_email: true });
    const other = `other-${email}`;
    expect((await client.post('/account/email', { email: other })).body.data).toEqual([own, fresh(other)]);
    const first = codeIn((await house.mailTo(other)).text);
    expect((await client.post('/account/email', { email: other })).body).toEqual({ status: 429 });
    expect((await client.put('/account/email', { email: other })).body).toEqual({ status: 403 });
    await house.set({ email_verification_supports_resend: 1 });
    await house.forgetRates();
    expect((await client.put('/account/email', { email: other })).body).toEqual({ status: 200 });
    const second = codeIn((await house.mailTo(other)).text);
    expect((await client.post('/auth/email/verify', { key: first })).body.errors).toMatchObject([
      { code: 'incorrect_code' },
    ]);
    expect((await client.remove('/account/email', { email: other })).body.data).toEqual([own]);
    expect((await client.post('/auth/email/verify', { key: second })).body).toEqual({ status: 409 });
    await house.forgetRates();
    await client.post('/account/email', { email: other });
    const done = await client.post('/auth/email/verify', { key: codeIn((await house.mailTo(other)).text) });
    expect(done.body).toMatchObject({ status: 200, data: { user: { email: other } } });
    expect((await client.get('/account/email')).body.data).toEqual([{ email: other, verified: true, primary: true }]);
  });

  it('are one, where the tenant says so: the one before goes when another is confirmed', async () => {
    await house.set({ change_email: true });
    const { client, own, email } = await signedIn();
    await client.post('/account/email', { email: `a-${email}` });
    const { body } = await client.post('/account/email', { email: `b-${email}` });
    expect(body.data).toEqual([own, fresh(`b-${email}`)]);
    const key = keyIn((await house.mailTo(`b-${email}`)).text);
    expect((await client.post('/auth/email/verify', { key })).body).toMatchObject({
      data: { user: { email: `b-${email}` } },
    });
    expect((await client.get('/account/email')).body.data).toEqual([
      { email: `b-${email}`, verified: true, primary: true },
    ]);
  });

  it('cannot be added unverified to an account with a second factor, unless the tenant lets', async () => {
    const { client, email } = await signedIn();
    const { meta } = (await client.get('/account/authenticators/totp')).body;
    const code = generateSync({ secret: String(Object(meta).secret) });
    expect((await client.post('/account/authenticators/totp', { code })).status).toBe(200);
    const message = 'You cannot add an email address to an account protected by two-factor authentication.';
    const add = async () => (await client.post('/account/email', { email: `c-${email}` })).body;
    expect(await add()).toEqual({ status: 400, errors: [{ message, code: 'add_email_blocked', param: 'email' }] });
    await house.set({ mfa_allow_unverified_email: true });
    expect(await add()).toMatchObject({ status: 200 });
  });

  it('get a link again at most every three minutes', async () => {
    const { client, email } = await signedIn('app', false);
    expect((await client.put('/account/email', { email })).body).toEqual({ status: 200 });
    expect((await client.put('/account/email', { email })).body).toEqual({ status: 403 });
    expect(keyIn((await house.mailTo(email)).text)).not.toBe('');
  });

  it('are changed so often and no more, and after one has shown again who one is, where the tenant wants that', async () => {
    const { client, email } = await signedIn();
    await house.set({ rate_limits: { manage_email: '1/m/user' } });
    expect((await client.put('/account/email', {})).status).toBe(400);
    expect((await client.remove('/account/email', { email })).body).toEqual({ status: 429 });
    await house.set({ rate_limits: {}, reauthentication_required: true, reauthentication_timeout: 0 });
    for (const [method, body] of [
      ['POST', { email: `x-${email}` }],
      ['PATCH', { email, primary: true }],
      ['DELETE', { email }],
    ] as const) {
      const answer = await client.send(method, '/account/email', body);
      expect(answer.body).toMatchObject({
        status: 401,
        data: { flows: [{ id: 'reauthenticate' }] },
        meta: { is_authenticated: true },
      });
    }
  });
});
