import { beforeEach, describe, expect, it } from 'vitest';
import { type HeadlessClient, headlessHouse } from './headless-house.fixture.ts';

const house = await headlessHouse();
const KINDS = ['app', 'browser'] as const;
const NEW = 'seven quiet rivers';
const mismatch = (param: string, code: string, message: string) => ({
  status: 400,
  errors: [{ message, code, param }],
});
const INVALID = mismatch('key', 'invalid_password_reset', 'The password reset token was invalid.');
const INCORRECT = mismatch('key', 'incorrect_code', 'Incorrect code.');
const SHORT = 'This password is too short. It must contain at least 8 characters.';

beforeEach(async () => {
  await house.reset();
  await house.forgetRates();
});

const read = new Set<unknown>();

/** The next mail to somebody, as text. */
async function mailTo(address: string): Promise<{ subject: string; text: string }> {
  const known = house.sink.mails.find((mail) => mail.to.includes(address) && !read.has(mail));
  if (known === undefined) {
    await house.sink.next();
    return mailTo(address);
  }
  read.add(known);
  return { subject: known.header('subject') ?? '', text: known.body.replaceAll('=\r\n', '').replaceAll('=3D', '=') };
}

/** Asks for a link, and answers its key. */
async function keyFor(client: HeadlessClient, email: string): Promise<string> {
  expect((await client.post('/auth/password/request', { email })).body).toEqual({ status: 200 });
  const { subject, text } = await mailTo(email);
  expect(subject).toMatch(/^\[.+\] Password Reset Email$/);
  const [, key = ''] = /^http\S+\/account\/password\/reset\/key\/(\S+)$/m.exec(text) ?? [];
  expect(key).toMatch(/^[0-9a-z]+-[0-9a-z]+-[0-9a-f]{32}$/);
  return key;
}

/** Asks for a code, and answers it. */
async function codeFor(client: HeadlessClient, email: string): Promise<string> {
  const { status, body } = await client.post('/auth/password/request', { email });
  expect(status).toBe(401);
  expect(Object(body.data).flows.at(-1)).toEqual({ id: 'password_reset_by_code', is_pending: true });
  const { text } = await mailTo(email);
  const [code = ''] = /^[A-Z]{4}-[A-Z]{4}$/m.exec(text) ?? [];
  expect(code).not.toBe('');
  return code;
}

const look = (client: HeadlessClient, key: string) =>
  client.get('/auth/password/reset', { headers: { 'x-password-reset-key': key } });

async function canSignIn(username: string, password: string): Promise<boolean> {
  return (await house.app().post('/auth/login', { username, password })).status === 200;
}

async function signedIn(kind: (typeof KINDS)[number], person: { username: string; password: string }) {
  const client = house[kind]();
  const { username, password } = person;
  expect((await client.post('/auth/login', { username, password })).status).toBe(200);
  return client;
}

describe.each(KINDS)('a link to choose a password, as %s', (kind) => {
  it('is refused with what is wrong', async () => {
    const client = house[kind]();
    expect((await client.post('/auth/password/request', {})).body).toEqual(
      mismatch('email', 'required', 'This field is required.'),
    );
    expect((await client.post('/auth/password/request', { email: 'x' })).body).toEqual(
      mismatch('email', 'invalid', 'Enter a valid email address.'),
    );
    expect((await look(client, '')).body).toEqual(mismatch('key', 'required', 'This field is required.'));
    for (const key of ['x', '1-1-00000000000000000000000000000000', 'zzzzzz-tf5q0e-0123456789abcdef0123456789abcdef'])
      expect((await look(client, key)).body).toEqual(INVALID);
    expect((await client.post('/auth/password/reset', { key: 'x', password: NEW })).body).toEqual(INVALID);
  });

  it('works once, after a weak password was refused, and ends all sessions', async () => {
    const person = await house.person();
    const before = await signedIn(kind, person);
    const client = house[kind]();
    const key = await keyFor(client, person.email);
    const seen = await look(client, key);
    expect(seen.body).toEqual({ status: 200, data: { user: expect.objectContaining({ id: person.pk }) } });
    const weak = await client.post('/auth/password/reset', { key, password: 'xq7-vB' });
    expect(weak.body).toEqual(mismatch('password', 'password_too_short', SHORT));
    const done = await client.post('/auth/password/reset', { key, password: NEW });
    expect(done.status).toBe(401);
    expect(done.body.meta).toEqual({ is_authenticated: false });
    expect((await client.post('/auth/password/reset', { key, password: NEW })).body).toEqual(INVALID);
    expect((await before.get('/auth/session')).status).toBe(401);
    expect((await before.get('/auth/session')).status).toBe(kind === 'app' ? 410 : 401);
    expect(await canSignIn(person.username, person.password)).toBe(false);
    expect(await canSignIn(person.username, NEW)).toBe(true);
  });
});

describe('a link to choose a password', () => {
  it('is used by one of many at once', async () => {
    const person = await house.person();
    const key = await keyFor(house.app(), person.email);
    const answers = await Promise.all(
      Array.from({ length: 5 }, (_, index) =>
        house.app().post('/auth/password/reset', { key, password: `${NEW} ${index}` }),
      ),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([400, 400, 400, 400, 401]);
  });

  it('is void after signing in', async () => {
    const person = await house.person();
    const client = house.app();
    const key = await keyFor(client, person.email);
    expect((await look(client, key)).status).toBe(200);
    await signedIn('app', person);
    expect((await look(client, key)).body).toEqual(INVALID);
  });

  it('is asked for by whoever is not known with the same answer, and a mail that says so', async () => {
    const client = house.app();
    const email = `nobody-${Date.now()}@example.com`;
    expect((await client.post('/auth/password/request', { email })).body).toEqual({ status: 200 });
    expect((await mailTo(email)).subject).toMatch(/Unknown Account$/);
    await house.set({ enumeration: 'allowed' });
    const told = 'The email address is not assigned to any user account.';
    expect((await client.post('/auth/password/request', { email })).body).toEqual(
      mismatch('email', 'unknown_email', told),
    );
  });

  it('signs in where the tenant says so, and tells by mail', async () => {
    await house.set({ login_on_password_reset: true, email_notifications: true });
    const person = await house.person();
    const client = house.app();
    const key = await keyFor(client, person.email);
    const { status, body } = await client.post('/auth/password/reset', { key, password: NEW });
    expect(status).toBe(200);
    expect(Object(body.data).methods).toEqual([{ method: 'password_reset', at: expect.any(Number) }]);
    expect((await mailTo(person.email)).subject).toMatch(/Password Reset$/);
  });

  it('lets somebody in again who has tried too often', async () => {
    await house.set({ rate_limits: { login_failed: '1/m/key' } });
    const { username, password, email } = await house.person();
    const client = house.app();
    await client.post('/auth/login', { username, password: 'wrong' });
    const refused = await client.post('/auth/login', { username, password });
    expect(refused.body).toMatchObject({ errors: [{ code: 'too_many_login_attempts' }] });
    await client.post('/auth/password/reset', { key: await keyFor(client, email), password: NEW });
    expect(await canSignIn(username, NEW)).toBe(true);
  });

  it('is asked for, and used, only so often', async () => {
    await house.set({ rate_limits: { reset_password: '1/m/ip', reset_password_from_key: '1/m/ip' } });
    const client = house.app();
    const email = 'often@example.com';
    expect((await client.post('/auth/password/request', { email: 'x' })).status).toBe(400);
    expect((await client.post('/auth/password/request', { email })).status).toBe(200);
    expect((await client.post('/auth/password/request', { email })).body).toEqual({ status: 429 });
    expect((await client.post('/auth/password/reset', {})).status).toBe(400);
    expect((await client.post('/auth/password/reset', {})).body).toEqual({ status: 429 });
  });

  it('is not there where passwords are not to be reset', async () => {
    await house.set({ password_reset_enabled: false });
    expect((await house.app().post('/auth/password/request', { email: 'a@example.com' })).status).toBe(404);
  });
});

describe.each(KINDS)('a code to choose a password, as %s', (kind) => {
  beforeEach(() => house.set({ password_reset_by_code_enabled: true }));

  it('is asked for first', async () => {
    const client = house[kind]();
    expect((await look(client, 'BCDF-GHJK')).body).toEqual({ status: 409 });
    expect((await client.post('/auth/password/reset', { key: 'BCDF-GHJK', password: NEW })).status).toBe(409);
  });

  it.each(['known', 'unknown'])('may be wrong three times in all, for somebody who is %s', async (who) => {
    const client = house[kind]();
    const email = who === 'known' ? (await house.person()).email : `nobody-${Date.now()}@example.com`;
    expect((await client.post('/auth/password/request', { email })).status).toBe(401);
    expect((await look(client, 'BCDF-GHJK')).body).toMatchObject(INCORRECT);
    expect((await client.post('/auth/password/reset', { key: 'x', password: NEW })).body).toMatchObject(INCORRECT);
    expect((await look(client, 'BCDF-GHJK')).body).toMatchObject(INCORRECT);
    expect((await look(client, 'BCDF-GHJK')).body).toEqual({ status: 409 });
    const { flows } = Object((await client.get('/auth/session')).body.data);
    expect(flows.at(-1)).toEqual({ id: 'password_reset_by_code', is_pending: false });
  });

  it('works once, after a weak password was refused, and shows that the address is read', async () => {
    await house.set({ login_on_password_reset: true });
    const { pk, email } = await house.person();
    const client = house[kind]();
    const code = await codeFor(client, email);
    expect((await look(client, code.toLowerCase().replace('-', ' '))).status).toBe(200);
    const weak = await client.post('/auth/password/reset', { key: code, password: '12345' });
    expect(weak.status).toBe(400);
    const { status, body } = await client.post('/auth/password/reset', { key: code, password: NEW });
    expect(status).toBe(200);
    expect(Object(body.data).methods).toEqual([{ method: 'password_reset', at: expect.any(Number), email }]);
    expect((await client.post('/auth/password/reset', { key: code, password: NEW })).status).toBe(409);
    const rows = await house.sql('select verified from directory.email_address where user_pk = $1', [pk]);
    expect(rows).toEqual([{ verified: true }]);
  });

  it('verifies nothing when another request with the same session was faster', async () => {
    const { pk, email } = await house.person();
    const client = house[kind]();
    const code = await codeFor(client, email);
    const late = await house.overtaken(() => client.post('/auth/password/reset', { key: code, password: NEW }));
    expect(late.status).toBe(kind === 'app' ? 410 : 409);
    const rows = await house.sql('select verified from directory.email_address where user_pk = $1', [pk]);
    expect(rows).toEqual([{ verified: false }]);
  });

  it('is guessed by many at once no more often than three times', async () => {
    const { email } = await house.person();
    const client = house[kind]();
    await client.post('/auth/password/request', { email });
    const answers = await Promise.all(Array.from({ length: 8 }, () => look(client, 'BCDF-GHJK')));
    expect(answers.filter(({ status }) => status === 400)).toHaveLength(3);
    expect(answers.filter(({ status }) => status === 409)).toHaveLength(5);
  });
});

describe.each(KINDS)('changing a password, as %s', (kind) => {
  const path = '/account/password/change';

  it('is for whoever is signed in', async () => {
    expect((await house[kind]().post(path, {})).status).toBe(401);
  });

  it.each([
    [{ new_password: NEW }, 'current_password', 'required'],
    [{ current_password: '', new_password: NEW }, 'current_password', 'required'],
    [{ current_password: 'wrong', new_password: NEW }, 'current_password', 'enter_current_password'],
    [{ current_password: 'a long walk in the hills', new_password: '' }, 'new_password', 'required'],
    [{ current_password: 'a long walk in the hills', new_password: 'xq7-vB' }, 'new_password', 'password_too_short'],
  ])('refuses %j', async (body, param, code) => {
    const client = await signedIn(kind, await house.person());
    const answer = await client.post(path, body);
    expect(answer.body).toMatchObject({ status: 400, errors: [{ param, code }] });
  });

  it('goes on under another secret, and ends the other sessions', async () => {
    const person = await house.person();
    const [client, other] = [await signedIn(kind, person), await signedIn('app', person)];
    const token = client.token;
    const answer = await client.post(path, { current_password: person.password, new_password: NEW });
    expect(answer.status).toBe(200);
    expect((await client.get('/auth/session')).status).toBe(200);
    if (kind === 'app') {
      expect(client.token).not.toBe(token);
      expect((await house.app().get('/auth/session', { headers: { 'x-session-token': token ?? '' } })).status).toBe(
        410,
      );
    }
    expect((await other.get('/auth/session')).status).toBe(401);
    expect((await other.get('/auth/session')).status).toBe(410);
    expect(await canSignIn(person.username, NEW)).toBe(true);
  });

  it.each([{}, { current_password: '' }])('gives somebody their first one, with %j', async (more) => {
    await house.set({ login_on_password_reset: true, email_notifications: true });
    const person = await house.person({ password: '' });
    const client = house[kind]();
    const key = await keyFor(client, person.email);
    await client.post('/auth/password/reset', { key, password: NEW });
    await mailTo(person.email);
    await house.sql('delete from auth.password where user_pk = $1', [person.pk]);
    expect((await client.post(path, { ...more, new_password: `${NEW}!` })).status).toBe(200);
    expect((await mailTo(person.email)).subject).toMatch(/Password Set$/);
  });

  it('signs out where the tenant says so, and tells by mail', async () => {
    await house.set({ logout_on_password_change: true, email_notifications: true });
    const person = await house.person();
    const client = await signedIn(kind, person);
    const answer = await client.post(path, { current_password: person.password, new_password: NEW });
    expect(answer.body).toMatchObject({ status: 401, meta: { is_authenticated: false } });
    const { subject, text } = await mailTo(person.email);
    expect(subject).toMatch(/Password Changed$/);
    expect(text).toContain('127.0.0.1');
  });

  it.each([true, false])('is done by one of many sessions at once (which sign out: %s)', async (isOver) => {
    await house.set({ logout_on_password_change: isOver });
    const person = await house.person();
    const clients = await Promise.all(Array.from({ length: 4 }, () => signedIn(kind, person)));
    const passwords = clients.map((_, index) => `${NEW} ${index}`);
    const answers = await Promise.all(
      clients.map((client, index) =>
        client.post(path, { current_password: person.password, new_password: passwords[index] }),
      ),
    );
    const refused = answers.filter(({ body }) => Object(body.errors)[0]?.code === 'enter_current_password');
    expect(refused).toHaveLength(3);
    const works: boolean[] = [];
    for (const password of passwords) works.push(await canSignIn(person.username, password));
    expect(works.filter(Boolean)).toHaveLength(1);
  });

  it('is done only so often', async () => {
    await house.set({ rate_limits: { change_password: '1/m/user', reauthenticate: '1/m/user' } });
    const client = await signedIn(kind, await house.person());
    expect((await client.post(path, {})).status).toBe(400);
    expect((await client.post(path, {})).body).toEqual({ status: 429 });
    expect((await client.post('/auth/reauthenticate', {})).status).toBe(400);
    expect((await client.post('/auth/reauthenticate', {})).body).toEqual({ status: 429 });
  });
});

describe.each(KINDS)('showing once more who one is, as %s', (kind) => {
  it('takes the password', async () => {
    expect((await house[kind]().post('/auth/reauthenticate', { password: 'x' })).status).toBe(401);
    const person = await house.person();
    const client = await signedIn(kind, person);
    const path = '/auth/reauthenticate';
    expect((await client.post(path, {})).body).toEqual(mismatch('password', 'required', 'This field is required.'));
    expect((await client.post(path, { password: 'wrong' })).body).toEqual(
      mismatch('password', 'incorrect_password', 'Incorrect password.'),
    );
    const { status, body } = await client.post(path, { password: person.password });
    expect(status).toBe(200);
    const { methods } = Object(body.data);
    expect(methods).toHaveLength(2);
    expect(methods[1]).toEqual({ method: 'password', at: expect.any(Number), reauthenticated: true });
  });

  it('is over after five wrong ones', async () => {
    const person = await house.person();
    const client = await signedIn(kind, person);
    for (let round = 0; round < 5; round++) await client.post('/auth/reauthenticate', { password: 'wrong' });
    const { body } = await client.post('/auth/reauthenticate', { password: person.password });
    expect(body).toMatchObject({ errors: [{ code: 'too_many_login_attempts', param: 'password' }] });
  });
});
