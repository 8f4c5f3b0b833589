import { beforeEach, describe, expect, it, vi } from 'vitest';
import { headlessHouse } from '../headless/headless-house.fixture.ts';
import { cookiesOf, type RestSent, restAt } from './rest-client.fixture.ts';

const house = await headlessHouse();
const rest = restAt(house.url);
const KEY = /^inv-[0-9a-f]{40}-\d{8}$/;
const NEW = 'seven quiet rivers';
const REQUIRED = ['This field is required.'];

beforeEach(async () => {
  await house.reset();
  await house.forgetRates();
});

const post = (path: string, body: unknown = {}, sent: RestSent = {}) => rest('POST', path, body, sent);

async function signedIn() {
  const person = await house.person();
  const answer = await post('/api/auth/login/', person);
  return { person, cookies: cookiesOf(answer), token: String(Object(answer.body).key) };
}

/** The last mail to somebody, as text. */
async function mailTo(address: string): Promise<string> {
  const found = () => house.sink.mails.findLast(({ to }) => to.includes(address));
  const { body } = await vi.waitUntil(found, { timeout: 10_000 });
  return body.replaceAll('=\r\n', '').replaceAll('=3D', '=');
}

async function keyOfMail(address: string): Promise<string> {
  const [, key = ''] = /\/account\/verify-email\/([\w%:-]+)/.exec(await mailTo(address)) ?? [];
  return decodeURIComponent(key);
}

describe('addresses', () => {
  const EMAILS = '/api/auth/emails/';

  it('are listed, added, verified, made primary and removed', async () => {
    const { person, token } = await signedIn();
    const { pk: user, email } = person;
    const first = { id: expect.any(Number), email, verified: false, primary: true, user };
    const listed = await rest('GET', EMAILS, undefined, { token });
    expect([listed.status, listed.body]).toEqual([200, [first]]);
    const other = `other-${email}`;
    const added = await post(EMAILS, { email: other, user, verified: true, primary: true }, { token, form: true });
    expect(added).toMatchObject({ status: 201, body: { email: other, verified: false, primary: false, user } });
    const { id } = Object(added.body);
    const page = await rest('GET', `${EMAILS}?limit=1&offset=1`, undefined, { token });
    expect(page.body).toMatchObject({ count: 2, next: null, results: [{ id }] });

    expect((await post(`${EMAILS}${id}/verify/`, undefined, { token })).body).toMatchObject({ id, verified: false });
    const key = await keyOfMail(other);
    const primary = await post(`${EMAILS}${id}/primary/`, undefined, { token });
    expect([primary.status, primary.body]).toEqual([200, { ...Object(added.body), primary: true }]);
    expect((await post(`${EMAILS}${id}/primary/`, undefined, { token })).status).toBe(200);
    expect((await rest('GET', '/api/auth/user/', undefined, { token })).body).toMatchObject({ email: other });

    const VERIFY = '/api/auth/registration/verify-email/';
    expect(await post(VERIFY, { key })).toMatchObject({ status: 200, body: { detail: 'ok' } });
    expect(await post(VERIFY, { key })).toMatchObject({ status: 404, body: { detail: 'Not found.' } });
    const removed = await post(`${EMAILS}${id}/remove/`, undefined, { token });
    expect([removed.status, removed.body]).toEqual([
      200,
      { id: null, email: other, verified: true, primary: true, user },
    ]);
    expect((await rest('GET', EMAILS, undefined, { token })).body).toEqual([first]);
    expect((await post(`${EMAILS}${id}/remove/`, undefined, { token })).status).toBe(404);
  });

  it('are refused where they make no sense, or are those of others', async () => {
    const { person, token } = await signedIn();
    const { pk: user, email } = person;
    const stranger = await signedIn();
    const [theirs] = Object((await rest('GET', EMAILS, undefined, stranger)).body);
    for (const verb of ['primary', 'verify', 'remove']) {
      const foreign = await post(`${EMAILS}${theirs.id}/${verb}/`, undefined, { token });
      expect([foreign.status, foreign.body]).toEqual([404, { detail: 'Not found.' }]);
      expect((await rest('GET', `${EMAILS}${theirs.id}/${verb}/`, undefined, { token })).status).toBe(405);
    }
    for (const [body, expected] of [
      [{ email: 'new@example.com' }, { user: REQUIRED }],
      [{ user }, { email: REQUIRED }],
      [{ user, email: 'nonsense' }, { email: ['Enter a valid email address.'] }],
      [{ user: 'x', email: 'a@example.com' }, { user: ['A valid integer is required.'] }],
      [
        { user: theirs.user, email: 'a@example.com' },
        { user: [`Invalid pk "${theirs.user}" - object does not exist.`] },
      ],
      [{ user, email: email.toUpperCase() }, { non_field_errors: ['The fields user, email must make a unique set.'] }],
    ] as const) {
      const { status, body: told } = await post(EMAILS, body, { token });
      expect([status, told]).toEqual([400, expected]);
    }
  });
});

describe('passwords', () => {
  const CHANGE = '/api/auth/password/change/';
  const RESET = '/api/auth/password/reset/';
  const CONFIRM = '/api/auth/password/reset/confirm/';
  const twice = (one: string, other = one) => ({ new_password1: one, new_password2: other });

  it('are changed: this session goes on, others end, tokens go on', async () => {
    const { person, cookies, token } = await signedIn();
    const { sessionid = '', csrftoken = '' } = cookies;
    const changed = await post(CHANGE, twice(NEW), { cookies, headers: { 'x-csrftoken': csrftoken } });
    expect(changed).toMatchObject({ status: 200, body: { detail: 'New password has been saved.' } });
    const next = cookiesOf(changed);
    expect(next.sessionid).not.toBe(sessionid);
    expect((await rest('GET', '/api/auth/user/', undefined, { cookies: next })).status).toBe(200);
    expect((await rest('GET', '/api/auth/user/', undefined, { token })).status).toBe(200);
    const login = (password: string) => post('/api/auth/login/', { username: person.username, password });
    expect([(await login(person.password)).status, (await login(NEW)).status]).toEqual([400, 200]);
    expect((await post(CHANGE, twice('another long walk'), { token })).status).toBe(200);
    await vi.waitFor(async () => {
      expect((await rest('GET', '/api/auth/user/', undefined, { cookies: next })).status).toBe(401);
    }, 5_000);
  });

  it('are refused with everything that is wrong', async () => {
    const { token } = await signedIn();
    const tooLong = ['Ensure this field has no more than 128 characters.'];
    for (const [body, expected] of [
      [{}, { new_password1: REQUIRED, new_password2: REQUIRED }],
      [
        twice(' '),
        { new_password1: ['This field may not be blank.'], new_password2: ['This field may not be blank.'] },
      ],
      [twice('x'.repeat(129)), { new_password1: tooLong, new_password2: tooLong }],
      [twice(NEW, 'else'), { new_password2: ['The two password fields didn’t match.'] }],
      [
        twice('12345'),
        {
          new_password2: [
            'This password is too short. It must contain at least 8 characters.',
            'This password is too common.',
            'This password is entirely numeric.',
          ],
        },
      ],
    ] as const) {
      const { status, body: told } = await post(CHANGE, body, { token });
      expect([status, told]).toEqual([400, expected]);
      await house.forgetRates();
    }
  });

  it('are reset by a mail, once', async () => {
    const page = 'https://front.example/set-password?uid={uid}&token={token}';
    await house.set({ frontend_urls: { account_reset_password_from_key: page }, email_unknown_accounts: false });
    const { email, username } = await house.person();
    const sent = { detail: 'Password reset e-mail has been sent.' };
    for (const one of [email, 'nobody@example.com'])
      expect(await post(RESET, { email: one })).toMatchObject({ status: 200, body: sent });
    const [, uid = '', token = ''] =
      /set-password\?uid=([0-9a-z]+)&(?:amp;)?token=([0-9a-z]+-[0-9a-f]{32})/.exec(await mailTo(email)) ?? [];
    expect(token).not.toBe('');
    const invalid = ['Invalid value'];
    for (const [body, expected] of [
      [{}, { uid: REQUIRED, token: REQUIRED, new_password1: REQUIRED, new_password2: REQUIRED }],
      [{ uid: '???', token: 'x', ...twice('a', 'b') }, { uid: invalid }],
      [{ uid: 'zzzzz', token, ...twice('a', 'b') }, { uid: invalid }],
      [{ uid, token: 'x', ...twice('a', 'b') }, { token: invalid }],
      [{ uid, token, ...twice(NEW, 'b') }, { new_password2: ['The two password fields didn’t match.'] }],
      [
        { uid, token, ...twice('xk') },
        { new_password2: ['This password is too short. It must contain at least 8 characters.'] },
      ],
    ] as const) {
      const { status, body: told } = await post(CONFIRM, body);
      expect([status, told]).toEqual([400, expected]);
    }
    const done = await post(CONFIRM, { uid, token, ...twice(NEW) });
    expect([done.status, done.body, cookiesOf(done)]).toEqual([
      200,
      { detail: 'Password has been reset with the new password.' },
      {},
    ]);
    expect((await post(CONFIRM, { uid, token, ...twice(NEW) })).body).toEqual({ token: invalid });
    expect((await post('/api/auth/login/', { username, password: NEW })).status).toBe(200);
    expect(house.sink.mails.some(({ to }) => to.includes('nobody@example.com'))).toBe(false);
  });

  it('are not reset where the tenant does not want it, nor for what is no address', async () => {
    expect((await post(RESET, {})).body).toEqual({ email: REQUIRED });
    expect((await post(RESET, { email: 'x' })).body).toEqual({ email: ['Enter a valid email address.'] });
    await house.set({ password_reset_enabled: false });
    expect((await post(RESET, { email: 'a@example.com' })).status).toBe(403);
    expect((await post(CONFIRM, { uid: '1', token: 'x', ...twice(NEW) })).status).toBe(403);
  });
});

describe('signing up', () => {
  const REGISTER = '/api/auth/registration/';
  const RESEND = '/api/auth/registration/resend-email/';
  let count = 0;
  const applicant = () => {
    count += 1;
    const username = `newcomer-${count}-${Date.now()}`;
    return { username, email: `${username}@example.com`, password1: NEW, password2: NEW };
  };

  it('is closed unless the tenant opens it', async () => {
    const { status, body } = await post(REGISTER, applicant());
    expect([status, body]).toEqual([400, { non_field_errors: ['Registration is disabled.'] }]);
  });

  it('makes an account, signs in and sends a mail', async () => {
    await house.set({ signup_open: true });
    const given = applicant();
    const made = await post(REGISTER, given, { form: true });
    expect([made.status, made.body]).toEqual([201, { key: expect.stringMatching(KEY) }]);
    const { username, email } = given;
    const cookies = cookiesOf(made);
    expect((await rest('GET', '/api/auth/user/', undefined, { cookies })).body).toMatchObject({ username, email });
    const key = await keyOfMail(email);
    expect((await post('/api/auth/registration/verify-email/', { key })).status).toBe(200);
    const again = await post(REGISTER, { ...applicant(), email });
    const known = ['A user is already registered with this e-mail address.'];
    expect([again.status, again.body]).toEqual([400, { email: known }]);
  });

  it('waits for the address where it has to be verified, and tells nobody who has it', async () => {
    await house.set({ signup_open: true, email_verification: 'mandatory' });
    const given = applicant();
    const { username, email } = given;
    const sent = [201, { detail: 'Verification e-mail sent.' }, {}];
    const first = await post(REGISTER, given);
    expect([first.status, first.body, cookiesOf(first)]).toEqual(sent);
    const key = await keyOfMail(email);
    const login = () => post('/api/auth/login/', { username, password: NEW });
    expect((await login()).body).toEqual({ non_field_errors: ['E-mail is not verified.'] });
    expect((await post('/api/auth/registration/verify-email/', { key })).status).toBe(200);
    expect((await login()).status).toBe(200);
    const second = await post(REGISTER, { ...applicant(), email });
    expect([second.status, second.body, cookiesOf(second)]).toEqual(sent);
  });

  it('is refused with everything that is wrong', async () => {
    const { username: taken } = await house.person();
    await house.set({ signup_open: true, signup_domains: ['@example.com'], signup_fields: ['username*', 'email*'] });
    const good = applicant();
    for (const [body, expected] of [
      [{}, { username: REQUIRED, password1: REQUIRED, password2: REQUIRED }],
      [{ ...good, username: taken }, { username: ['A user with that username already exists.'] }],
      [{ ...good, username: 'x'.repeat(151) }, { username: ['Ensure this field has no more than 150 characters.'] }],
      [{ ...good, email: '' }, { email: REQUIRED }],
      [{ ...good, email: 'nonsense' }, { email: ['Enter a valid email address.'] }],
      [{ ...good, email: 'a@elsewhere.org' }, { email: ['The provided email domain is not approved.'] }],
      [{ ...good, password2: 'else' }, { non_field_errors: ["The two password fields didn't match."] }],
      [
        { ...good, password1: 'xk', password2: 'xk' },
        { password1: ['This password is too short. It must contain at least 8 characters.'] },
      ],
    ] as const) {
      const { status, body: told } = await post(REGISTER, body);
      expect([status, told]).toEqual([400, expected]);
      await house.forgetRates();
    }
  });

  it('sends the mail again, and says the same to everybody', async () => {
    const { email } = await house.person();
    for (const body of [{}, { email: 'nobody-else@example.com' }, { email }])
      expect(await post(RESEND, body)).toMatchObject({ status: 200, body: { detail: 'ok' } });
    expect(await keyOfMail(email)).not.toBe('');
    expect((await post(RESEND, { email: 'x' })).body).toEqual({ email: ['Enter a valid email address.'] });
    expect(house.sink.mails.some(({ to }) => to.includes('nobody-else@example.com'))).toBe(false);
    const VERIFY = '/api/auth/registration/verify-email/';
    expect((await post(VERIFY, {})).body).toEqual({ key: REQUIRED });
    expect((await post(VERIFY, { key: 'guess' })).status).toBe(404);
    expect((await rest('GET', VERIFY)).status).toBe(405);
  });
});
