import { directory } from '@postern/proto';
import { asService } from '@postern/rpc';
import { beforeEach, describe, expect, it } from 'vitest';
import { type HeadlessClient, headlessHouse } from './headless-house.fixture.ts';

const house = await headlessHouse();
const PENDING = [{ id: 'login' }, { id: 'login_by_code', is_pending: true }];
const OPEN = [{ id: 'login' }, { id: 'login_by_code' }];
const wrong = { message: 'Incorrect code.', code: 'incorrect_code', param: 'code' };

beforeEach(async () => {
  await house.reset();
  await house.forgetRates();
  await house.set({ login_by_code_enabled: true });
});

/** The next mail: its subject and the code in it. */
async function mail() {
  const { body, header, to } = await house.sink.next();
  const [code = ''] = /\b[B-Z]{4}-[B-Z]{4}\b/.exec(body) ?? [];
  return { subject: header('subject') ?? '', to: to[0], code };
}

const flowsOf = async (client: HeadlessClient) => Object((await client.get('/auth/session')).body.data).flows;
const verifiedOf = async (email: string) =>
  (await house.sql<{ verified: boolean }>('select verified from directory.email_address where email = $1', [email]))[0];

/** Somebody whose code waits in a client. */
async function asked(kind: 'app' | 'browser' = 'app') {
  const person = await house.person();
  const client = house[kind]();
  const { status, body } = await client.post('/auth/code/request', { email: person.email });
  const { data } = body;
  expect({ status, data }).toEqual({ status: 401, data: { flows: PENDING } });
  return { ...person, client, ...(await mail()) };
}

describe('a code to sign in by', () => {
  it('is not sent where the tenant has no such codes', async () => {
    await house.set({ login_by_code_enabled: false });
    const client = house.app();
    expect((await client.post('/auth/code/request', { email: 'a@example.com' })).status).toBe(404);
    expect((await client.post('/auth/code/resend')).status).toBe(404);
    expect((await client.post('/auth/code/confirm', { code: 'X' })).body).toEqual({ status: 409 });
  });

  it.each([
    [{}, 'required', 'This field is required.'],
    [{ email: '' }, 'required', 'This field is required.'],
    [{ email: 'nobody' }, 'invalid', 'Enter a valid email address.'],
  ])('is not sent to %j', async (body, code, message) => {
    const answer = await house.app().post('/auth/code/request', body);
    expect(answer.body).toEqual({ status: 400, errors: [{ message, code, param: 'email' }] });
  });

  it.each(['app', 'browser'] as const)('signs in once, and verifies the address, as %s', async (kind) => {
    const { client, code, subject, to, email } = await asked(kind);
    expect(subject).toMatch(/\] Sign-In Code$/);
    expect(to).toBe(email);
    expect(await verifiedOf(email)).toEqual({ verified: false });
    const before = client.token;
    const { status, body } = await client.post('/auth/code/confirm', {
      code: ` ${code.replace('-', ' ').toLowerCase()}`,
    });
    expect({ status, methods: Object(body.data).methods }).toEqual({
      status: 200,
      methods: [{ method: 'code', at: expect.any(Number), email }],
    });
    if (kind === 'app') expect(client.token).not.toBe(before);
    expect(await verifiedOf(email)).toEqual({ verified: true });
    expect((await client.post('/auth/code/confirm', { code })).body).toEqual({ status: 409 });
  });

  it('verifies nothing when another request with the same session was faster', async () => {
    const { client, code, email } = await asked();
    const late = await house.overtaken(() => client.post('/auth/code/confirm', { code }));
    expect(late.status).toBe(410);
    expect(await verifiedOf(email)).toEqual({ verified: false });
  });

  it('is enough where addresses have to be verified', async () => {
    await house.set({ email_verification: 'mandatory' });
    const { client, code, email } = await asked();
    expect((await client.post('/auth/code/confirm', { code })).status).toBe(200);
    expect(await verifiedOf(email)).toEqual({ verified: true });
  });

  it('is asked for alike where nobody has the address, or may not sign in, and never matches there', async () => {
    const away = await house.person();
    const users = house.running.client(directory.UserServiceDefinition, 'directory');
    await users.updateUser(
      { id: away.pk, user: { is_active: false }, update_mask: ['is_active'] },
      asService(house.tenant),
    );
    for (const email of ['nobody@example.com', away.email]) {
      const client = house.app();
      const { status, body } = await client.post('/auth/code/request', { email });
      expect({ status, data: body.data }).toEqual({ status: 401, data: { flows: PENDING } });
      expect(await mail()).toMatchObject({
        subject: expect.stringMatching(/\] Unknown Account$/),
        to: email,
        code: '',
      });
      expect((await client.post('/auth/code/confirm', { code: 'BCDF-GHJK' })).body.errors).toEqual([wrong]);
    }
    await house.set({ enumeration: 'allowed' });
    const { body } = await house.app().post('/auth/code/request', { email: 'nobody@example.com' });
    const message = 'The email address is not assigned to any user account.';
    expect(body).toEqual({ status: 400, errors: [{ message, code: 'unknown_email', param: 'email' }] });
  });

  it('is sent three times a minute to one address', async () => {
    const message = 'Too many failed login attempts. Try again later.';
    await house.set({ email_unknown_accounts: false });
    const ask = async () => (await house.app().post('/auth/code/request', { email: 'often@example.com' })).body;
    for (const _ of [1, 2, 3]) expect(await ask()).toMatchObject({ status: 401 });
    expect(await ask()).toEqual({
      status: 400,
      errors: [{ message, code: 'too_many_login_attempts', param: 'email' }],
    });
  });

  it('is over after as many wrong ones as the tenant lets; none at all is a wrong one', async () => {
    await house.set({ login_by_code_max_attempts: 2 });
    const { client, code } = await asked();
    expect((await client.post('/auth/code/confirm', {})).body.errors).toMatchObject([{ code: 'required' }]);
    expect(await flowsOf(client)).toEqual(PENDING);
    expect((await client.post('/auth/code/confirm', { code: 'X' })).body).toEqual({ status: 400, errors: [wrong] });
    expect(await flowsOf(client)).toEqual(OPEN);
    expect((await client.post('/auth/code/confirm', { code })).body).toEqual({ status: 409 });
  });

  it('is too old after a while', async () => {
    const { client, code } = await asked();
    await house.set({ login_by_code_timeout: 0 });
    expect((await client.get('/auth/session')).body.data).toEqual({ flows: OPEN });
    expect((await client.post('/auth/code/confirm', { code })).body).toEqual({ status: 409 });
    expect(await flowsOf(client)).toEqual(OPEN);
  });

  it('is sent again as often as the tenant lets, another one each time', async () => {
    const { client, code } = await asked();
    expect((await client.post('/auth/code/resend')).body).toEqual({ status: 409 });
    await house.set({ login_by_code_supports_resend: 2 });
    expect((await client.post('/auth/code/resend')).body).toEqual({ status: 200 });
    await mail();
    expect((await client.post('/auth/code/resend')).body).toEqual({ status: 200 });
    const { code: last } = await mail();
    expect((await client.post('/auth/code/resend')).body).toEqual({ status: 409 });
    expect((await client.post('/auth/code/confirm', { code })).body.errors).toEqual([wrong]);
    expect((await client.post('/auth/code/confirm', { code: last })).status).toBe(200);
    expect((await house.app().post('/auth/code/resend')).body).toEqual({ status: 409 });
  });

  it('may be asked for by whoever is signed in', async () => {
    const { username, password, email } = await house.person();
    const client = house.app();
    await client.post('/auth/login', { username, password });
    expect((await client.post('/auth/code/request', { email })).status).toBe(200);
    expect((await mail()).to).toBe(email);
  });

  it('looks as the tenant wants', async () => {
    await house.set({ user_code_format: 'digits' });
    const { email } = await house.person();
    const client = house.app();
    await client.post('/auth/code/request', { email });
    const [code = ''] = /\b\d{3}-\d{3}-\d{3}\b/.exec((await house.sink.next()).body) ?? [];
    expect((await client.post('/auth/code/confirm', { code })).status).toBe(200);
  });
});

describe('a code besides the password', () => {
  const required = { login_by_code_required: ['password'] };

  it('is asked for where the tenant wants one', async () => {
    await house.set(required);
    const { username, email, password } = await house.person();
    const client = house.app();
    const { status, body } = await client.post('/auth/login', { username, password });
    expect({ status, data: body.data }).toEqual({ status: 401, data: { flows: PENDING } });
    const done = await client.post('/auth/code/confirm', { code: (await mail()).code });
    expect({ status: done.status, methods: Object(done.body.data).methods }).toEqual({
      status: 200,
      methods: [
        { method: 'password', at: expect.any(Number), username },
        { method: 'code', at: expect.any(Number), email },
      ],
    });
    expect(await verifiedOf(email)).toEqual({ verified: true });
  });

  it('lets nobody in who has neither address nor number', async () => {
    await house.set({ login_by_code_required: ['*'] });
    const { pk, username, password } = await house.person();
    const users = house.running.client(directory.UserServiceDefinition, 'directory');
    await users.updateUser({ id: pk, user: { email: '' }, update_mask: ['email'] }, asService(house.tenant));
    const { status, body } = await house.app().post('/auth/login', { username, password });
    expect({ status, data: body.data }).toEqual({ status: 401, data: { flows: OPEN } });
  });

  it('is not asked for in a browser that is trusted since', async () => {
    await house.set({ ...required, mfa_trust_enabled: true, login_by_code_trust_enabled: true });
    const { username, password } = await house.person();
    const browser = house.browser();
    await browser.post('/auth/login', { username, password });
    const { body } = await browser.post('/auth/code/confirm', { code: (await mail()).code });
    expect(Object(body.data).flows).toEqual([...OPEN, { id: 'mfa_trust', is_pending: true }]);
    expect((await browser.post('/auth/2fa/trust', { trust: true })).status).toBe(200);
    await browser.remove('/auth/session');
    expect((await browser.post('/auth/login', { username, password })).status).toBe(200);
    const other = house.browser();
    expect((await other.post('/auth/login', { username, password })).status).toBe(401);
  });
});
