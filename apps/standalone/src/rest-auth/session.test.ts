import { generateSync } from 'otplib';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { headlessHouse } from '../headless/headless-house.fixture.ts';
import { cookiesOf, type RestSent, restAt } from './rest-client.fixture.ts';

const ADMIN = { username: 'akadmin', password: 'a long night in the valley' };
const house = await headlessHouse({ POSTERN_BOOTSTRAP_PASSWORD: ADMIN.password });
const rest = restAt(house.url);
const KEY = /^inv-[0-9a-f]{40}-\d{8}$/;
const LOGIN = '/api/auth/login/';
const USER = '/api/auth/user/';
const UNABLE = { non_field_errors: ['Unable to log in with provided credentials.'] };
const INCOMPLETE = { non_field_errors: ['Must include "username" and "password".'] };

beforeEach(async () => {
  await house.reset();
  await house.forgetRates();
});

/** The gateway hears a moment later that a credential is worth nothing any more. */
const untilRefused = (sent: RestSent) =>
  vi.waitFor(async () => {
    const { status, body } = await rest('GET', USER, undefined, sent);
    expect(status).toBe(401);
    return Object(body).detail;
  }, 5_000);

async function signedIn() {
  const person = await house.person();
  const answer = await rest('POST', LOGIN, person);
  return { person, answer, cookies: cookiesOf(answer), token: String(Object(answer.body).key) };
}

/** Says of somebody what they may change, as an administrator would. */
const say = (pk: number, what: string, may: boolean) =>
  house.sql(
    'update directory.user_account set attributes = attributes || jsonb_build_object($2::text, $3::boolean) where pk = $1',
    [pk, `goauthentik.io/user/can-change-${what}`, may],
  );
const mayRename = (pk: number) => say(pk, 'username', true);

/** Makes somebody a member of a group of which it is said. */
const sayOfGroup = (pk: number, what: string, may: boolean) =>
  house.sql(
    `with g as (insert into directory.user_group (pk, tenant_id, name, attributes)
       values (gen_random_uuid(), $4, 'said-' || $1::int, jsonb_build_object($2::text, $3::boolean)) returning pk)
     insert into directory.membership (tenant_id, group_pk, user_pk) select $4, pk, $1::int from g`,
    [pk, `goauthentik.io/user/can-change-${what}`, may, house.tenant],
  );

describe('signing in', () => {
  it.each([
    [{}, { password: ['This field is required.'] }],
    [{ username: 'a', password: ' ' }, { password: ['This field may not be blank.'] }],
    [{ password: 'x' }, INCOMPLETE],
    [{ username: ' ', password: 'x' }, INCOMPLETE],
    [{ email: 'a@example.com', password: 'x' }, INCOMPLETE],
    [{ username: 'a', email: 'nonsense', password: 'x' }, { email: ['Enter a valid email address.'] }],
    [{ username: 'a', password: null }, { password: ['This field may not be null.'] }],
    [{ username: 'nobody-here', password: 'x' }, UNABLE],
  ])('answers 400 to %j', async (body, expected) => {
    const { status, body: told } = await rest('POST', LOGIN, body);
    expect([status, told]).toEqual([400, expected]);
  });

  it('says the same of a wrong password and of somebody who is deactivated', async () => {
    const { pk, username, password } = await house.person();
    expect((await rest('POST', LOGIN, { username, password: 'wrong' })).body).toEqual(UNABLE);
    await house.sql('update directory.user_account set is_active = false where pk = $1', [pk]);
    const { status, body } = await rest('POST', LOGIN, { username, password });
    expect([status, body]).toEqual([400, UNABLE]);
  });

  it.each([false, true])('gives a key and a session, once the same key, by a form: %s', async (form) => {
    const { username, password } = await house.person();
    const first = await rest('POST', LOGIN, { username, password }, { form });
    expect(first).toMatchObject({ status: 200, body: { key: expect.stringMatching(KEY) } });
    expect(first.headers.get('content-type')).toBe('application/json');
    const cookies = cookiesOf(first);
    expect(cookies).toMatchObject({ sessionid: expect.any(String), csrftoken: expect.any(String) });
    expect((await rest('GET', USER, undefined, { cookies })).body).toMatchObject({ username });
    const again = await rest('POST', LOGIN, { username, password }, { cookies });
    expect(again.body).toEqual(first.body);
    expect(cookiesOf(again).sessionid).not.toBe(cookies.sessionid);
    await untilRefused({ cookies: { sessionid: cookies.sessionid ?? '' } });
  });

  it('is one session with the headless API', async () => {
    const { person, cookies } = await signedIn();
    const browser = house.browser();
    for (const [name, value] of Object.entries(cookies)) browser.cookies.set(name, value);
    expect((await browser.get('/auth/session')).body).toMatchObject({ data: { user: { id: person.pk } } });
  });

  it('refuses after too many wrong passwords', async () => {
    await house.set({ rate_limits: { login_failed: '2/m/key' } });
    const { username } = await house.person();
    const tries = [];
    for (let n = 0; n < 3; n++) tries.push((await rest('POST', LOGIN, { username, password: 'wrong' })).body);
    const tooMany = { non_field_errors: ['Too many failed login attempts. Try again later.'] };
    expect(tries).toEqual([UNABLE, UNABLE, tooMany]);
  });

  it('is not for those who have a second factor, or must have one', async () => {
    const detail = 'MFA required for this user';
    const { username, password } = await house.person();
    await house.set({ enforce_mfa: true });
    const enforced = await rest('POST', LOGIN, { username, password });
    expect([enforced.status, enforced.body, cookiesOf(enforced)]).toEqual([403, { detail }, {}]);
    await house.reset();
    await house.set({ mfa_allow_unverified_email: true });

    const browser = house.browser();
    await browser.post('/auth/login', { username, password });
    const asked = await browser.get('/account/authenticators/totp');
    const { secret } = Object(Object(asked.body.meta));
    expect((await browser.post('/account/authenticators/totp', { code: generateSync({ secret }) })).status).toBe(200);
    const refused = await rest('POST', LOGIN, { username, password });
    expect([refused.status, refused.body, cookiesOf(refused)]).toEqual([403, { detail }, {}]);
  });

  it('answers 405 to GET, and 415 to what is no form', async () => {
    const get = await rest('GET', LOGIN);
    expect([get.status, get.body]).toEqual([405, { detail: 'Method "GET" not allowed.' }]);
    const text = await rest('POST', LOGIN, 'x', { headers: { 'content-type': 'text/plain' } });
    expect([text.status, text.body]).toEqual([415, { detail: 'Unsupported media type "text/plain" in request.' }]);
  });
});

describe('signing out', () => {
  const LOGOUT = '/api/auth/logout/';
  const done = { detail: 'Successfully logged out.' };

  it('answers everybody', async () => {
    const { status, body } = await rest('POST', LOGOUT);
    expect([status, body]).toEqual([200, done]);
    const get = await rest('GET', LOGOUT);
    expect([get.status, get.body]).toEqual([405, { detail: 'Method "GET" not allowed.' }]);
  });

  it('ends the session, for whoever proves that the page is ours', async () => {
    const { cookies, token } = await signedIn();
    const { sessionid = '', csrftoken = '' } = cookies;
    for (const [sent, problem] of [
      [{ cookies: { sessionid } }, 'CSRF cookie not set.'],
      [{ cookies }, 'CSRF token missing.'],
      [{ cookies, headers: { 'x-csrftoken': 'guess' } }, "CSRF token from the 'X-Csrftoken' HTTP header incorrect."],
    ] as const) {
      const refused = await rest('POST', LOGOUT, {}, sent);
      expect([refused.status, refused.body]).toEqual([403, { detail: `CSRF Failed: ${problem}` }]);
    }
    const left = await rest('POST', LOGOUT, {}, { cookies, headers: { 'x-csrftoken': csrftoken } });
    expect([left.status, left.body, cookiesOf(left).sessionid]).toEqual([200, done, '']);
    await untilRefused({ cookies });
    expect((await rest('GET', USER, undefined, { token })).status).toBe(200);
  });

  it('deletes the token that the request came with', async () => {
    const { token, cookies } = await signedIn();
    expect((await rest('POST', LOGOUT, {}, { token })).body).toEqual(done);
    expect(await untilRefused({ token })).toBe('Invalid token.');
    expect((await rest('GET', USER, undefined, { cookies })).status).toBe(200);
  });
});

describe('the caller', () => {
  it('keeps the user name unless the tenant lets people change theirs', async () => {
    const { person, token } = await signedIn();
    const { status, body } = await rest('PATCH', USER, { username: `${person.username}-2` }, { token });
    expect([status, body]).toEqual([400, { username: ['You may not change your user name.'] }]);
  });

  it('keeps their name where they or a group of theirs may not change it', async () => {
    const { person, token } = await signedIn();
    await sayOfGroup(person.pk, 'name', false);
    const refused = { status: 400, body: { last_name: ['You may not change your name.'] } };
    for (const path of [USER, '/api/user/me/'])
      expect(await rest('PATCH', path, { last_name: 'Other' }, { token })).toMatchObject(refused);
    const unchanged = { first_name: person.username, last_name: '' };
    expect(await rest('PATCH', USER, unchanged, { token })).toMatchObject({ status: 200, body: unchanged });
    await say(person.pk, 'name', true);
    expect(await rest('PATCH', USER, { last_name: 'Other' }, { token })).toMatchObject({ status: 200 });
  });

  it('changes their user name where a group of theirs says that they may', async () => {
    const { person, token } = await signedIn();
    await sayOfGroup(person.pk, 'username', true);
    expect(await rest('PATCH', USER, { username: `${person.username}-3` }, { token })).toMatchObject({ status: 200 });
  });

  it('is shown, and changes names', async () => {
    const { person, token } = await signedIn();
    await mayRename(person.pk);
    const { pk, username, email } = person;
    const first_name = username;
    expect((await rest('GET', USER, undefined, { token })).body).toEqual({
      pk,
      username,
      email,
      first_name,
      last_name: '',
    });
    const names = { first_name: 'Mary Ann', last_name: 'van Loon' };
    const sent = { username: ` ${username}-2 `, ...names, email: 'other@example.com', pk: 1 };
    const put = await rest('PUT', USER, sent, { token });
    expect(put).toMatchObject({ status: 200, body: { pk, username: `${username}-2`, email, ...names } });
    expect(Object((await rest('GET', '/api/user/me/', undefined, { token })).body)).toMatchObject(names);
    const patched = await rest('PATCH', USER, { last_name: '' }, { token, form: true });
    expect(patched.body).toMatchObject({ first_name: 'Mary Ann', last_name: '' });
    expect((await rest('PATCH', USER, {}, { token })).status).toBe(200);
    expect((await rest('PUT', USER, { username: `${username}-2` }, { token })).status).toBe(200);
  });

  it.each([
    ['PUT', {}, 'This field is required.'],
    ['PATCH', { username: '' }, 'This field may not be blank.'],
    ['PATCH', { username: '  ' }, 'This field may not be blank.'],
    ['PATCH', { username: null }, 'This field may not be null.'],
    ['PATCH', { username: 'x'.repeat(151) }, 'Ensure this field has no more than 150 characters.'],
    [
      'PATCH',
      { username: 'with space' },
      'Enter a valid username. This value may contain only letters, numbers, and @/./+/-/_ characters.',
    ],
  ])('is told what is wrong with %s %j', async (method, body, sentence) => {
    const { token } = await signedIn();
    const { status, body: told } = await rest(method, USER, body, { token });
    expect([status, told]).toEqual([400, { username: [sentence] }]);
  });

  it('is out once deactivated, whatever they hold', async () => {
    const { person, token } = await signedIn();
    await house.sql('update directory.user_account set is_active = false where pk = $1', [person.pk]);
    const { status, body } = await rest('GET', USER, undefined, { token });
    expect([status, body]).toEqual([401, { detail: 'User inactive or deleted.' }]);
    const basic = await rest('GET', USER, undefined, { basic: `${person.username}:${person.password}` });
    expect(basic.body).toEqual({ detail: 'Invalid username/password.' });
  });

  it('cannot take the name of somebody else', async () => {
    const other = await house.person();
    const { person, token } = await signedIn();
    await mayRename(person.pk);
    const { status, body } = await rest('PATCH', USER, { username: other.username }, { token });
    expect([status, body]).toEqual([400, { username: ['A user with that username already exists.'] }]);
  });
});

describe('whoever acts as somebody else', () => {
  it('leaves nothing behind by which they could sign in as them, and signs out', async () => {
    const known = "select 1 from auth.password p join auth.account a on a.pk = p.user_pk where a.username = 'akadmin'";
    await expect.poll(() => house.sql(known), { timeout: 5_000 }).toHaveLength(1);
    const cookies = cookiesOf(await rest('POST', LOGIN, ADMIN));
    const { pk, username } = await house.person();
    const own = { cookies: { ...cookies, authentik_csrf: 'same' }, headers: { 'x-authentik-csrf': 'same' } };
    const acting = await rest('POST', `/api/v3/core/users/${pk}/impersonate/`, { reason: 'x' }, own);
    expect(acting.status).toBe(204);
    const sent = { cookies, headers: { 'x-csrftoken': cookies.csrftoken ?? '' } };
    await vi.waitFor(
      async () => expect((await rest('GET', USER, undefined, sent)).body).toMatchObject({ username }),
      5_000,
    );
    for (const [method, path, body] of [
      ['GET', '/api/user/token/', undefined],
      ['POST', '/api/user/tokens/', { name: 'mine' }],
      ['POST', '/api/auth/emails/', { email: 'mine@example.com', user: pk }],
      ['POST', '/api/auth/password/change/', { new_password1: 'x', new_password2: 'x' }],
    ] as const)
      expect((await rest(method, path, body, sent)).status, path).toBe(403);
    expect((await rest('POST', '/api/auth/logout/', {}, sent)).status).toBe(200);
    await untilRefused({ cookies });
  });
});
