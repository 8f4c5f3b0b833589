import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../plans/index.ts';
import { aCaptchaService } from '../testing/siteverify.fixture.ts';
import { aHouse, aPerson } from './flows.fixture.ts';

const house = await aHouse([
  aPerson('alice', { password: 'correct horse' }),
  aPerson('leaver', { password: 'correct horse' }),
  aPerson('sleeper', { isActive: false }),
  aPerson('spacy', { password: ' spaces ' }),
  aPerson('guest', { password: 'correct horse', attributes: { 'goauthentik.io/user/delete-on-logout': true } }),
]);
const INBUILT = { backends: ['authentik.core.auth.InbuiltBackend'] };
const exists = (name: string) => house.people.some(({ username }) => username === name);
const identification = { kind: 'identification', settings: { user_fields: ['username'] } };
const done = { component: 'xak-flow-redirect', to: '/' };

/** A browser in which somebody is signed in. */
async function signedIn(username: string) {
  const browser = house.browser();
  const flow = 'default-authentication-flow';
  await browser.get(flow);
  await browser.post(flow, { uid_field: username });
  await browser.post(flow, { password: 'correct horse' });
  return browser;
}

describe('a name that is given after another was proved', () => {
  it('is proved anew: whoever proved their own sets up nothing for somebody else', async () => {
    const setUp = { kind: 'authenticator_totp', settings: { digits: '6' } };
    const stages = [identification, { kind: 'password', settings: INBUILT }, identification, setUp];
    await house.flow('names-twice', stages);
    const reached = async (second: string) => {
      const browser = house.browser();
      await browser.get('names-twice');
      await browser.post('names-twice', { uid_field: 'alice' });
      await browser.post('names-twice', { password: 'correct horse' });
      return (await browser.post('names-twice', { uid_field: second })).challenge.component;
    };
    expect(await reached('leaver')).toBe('ak-stage-access-denied');
    expect(await reached('alice')).toBe('ak-stage-access-denied');
  });
});

describe('the deny stage', () => {
  it('lets nobody pass, by reading or by answering, and says its own text', async () => {
    await house.flow('denies', [{ kind: 'deny', settings: { deny_message: 'Not today.' } }, { kind: 'dummy' }]);
    const browser = house.browser();
    const denied = { component: 'ak-stage-access-denied', error_message: 'Not today.' };
    expect((await browser.get('denies')).challenge).toMatchObject(denied);
    const answer = { component: 'xak-flow-response-default' };
    expect((await browser.post('denies', answer)).challenge).toMatchObject(denied);
  });

  it('says nothing where it has no text', async () => {
    await house.flow('denies-silently', [{ kind: 'deny' }]);
    const { challenge } = await house.browser().get('denies-silently');
    expect(challenge).toMatchObject({ component: 'ak-stage-access-denied', error_message: 'Unknown error' });
  });

  it('lets a text of the flow come first', async () => {
    await house.flow('denies-aptly', [{ kind: 'dummy' }, { kind: 'deny', settings: { deny_message: 'Not today.' } }]);
    const browser = house.browser();
    await browser.get('denies-aptly');
    await house.sql(
      `update flow_plan set plan = jsonb_set(plan, '{context,deny_message}', '"Ask your manager."') where session = $1`,
      [browser.session],
    );
    const { challenge } = await browser.post('denies-aptly', { component: 'ak-stage-dummy' });
    expect(challenge).toMatchObject({ error_message: 'Ask your manager.' });
  });
});

describe('the captcha stage', async () => {
  const service = await aCaptchaService('hush');
  const settings = { public_key: 'open', private_key: 'hush', js_url: 'https://captcha.example/api.js' };
  await house.flow('captcha', [
    { kind: 'captcha', settings: { ...settings, api_url: service.url } },
    { kind: 'dummy' },
  ]);
  const errorOf = (challenge: Readonly<Record<string, unknown>>) => challenge.response_errors;
  const refusal = (text: string) => ({ token: { items: [{ string: text, code: 'invalid' }] } });

  it('refuses what the service refuses, in its words, and what it does not answer', async () => {
    const browser = house.browser();
    expect((await browser.get('captcha')).challenge).toMatchObject({
      component: 'ak-stage-captcha',
      site_key: 'open',
      js_url: settings.js_url,
      pending_user: '',
    });
    const wrong = await browser.post('captcha', { token: 'made up' });
    expect(errorOf(wrong.challenge)).toEqual(
      refusal("Failed to validate token: ['invalid-input-response', 'timeout-or-duplicate']"),
    );
    for (const body of ['<html>', '"yes"', 'null', '{}', '{"success": "true"}', '{"success": 1}']) {
      service.answersNext({ body });
      expect(errorOf((await browser.post('captcha', { token: 'x' })).challenge), body).toEqual(
        refusal('Failed to validate token'),
      );
    }
    service.answersNext({ status: 503, body: { success: true } });
    expect(errorOf((await browser.post('captcha', { token: 'x' })).challenge)).toEqual(
      refusal('Failed to validate token'),
    );
  });

  it('lets nobody pass while the service cannot be reached, or may not be', async () => {
    const nowhere = ['http://127.0.0.1:1/siteverify', 'http://10.0.0.1/siteverify', 'file:///etc/passwd', 'x'];
    for (const [index, api_url] of nowhere.entries()) {
      await house.flow(`captcha-${index}`, [{ kind: 'captcha', settings: { ...settings, api_url } }]);
      const browser = house.browser();
      await browser.get(`captcha-${index}`);
      const { challenge } = await browser.post(`captcha-${index}`, { token: 'x' });
      expect(errorOf(challenge), api_url).toEqual(refusal('Failed to validate token'));
    }
  });

  it('lets pass whom the service knows, once, and keeps its key from everybody else', async () => {
    const browser = house.browser();
    await browser.get('captcha');
    service.knows('good');
    const { challenge } = await browser.post('captcha', { token: 'good' });
    expect(challenge).toMatchObject({ component: 'ak-stage-dummy' });
    expect(service.asked.at(-1)).toEqual({ secret: 'hush', response: 'good', remoteip: '192.0.2.1' });
    const other = house.browser();
    await other.get('captcha');
    expect((await other.post('captcha', { token: 'good' })).challenge.component).toBe('ak-stage-captcha');
    const stored = await house.sql<{ text: string }>(
      `select (select string_agg(stage::text, '') from stage) || (select string_agg(plan::text, '') from flow_plan) as text`,
    );
    expect(stored[0]?.text).not.toContain('hush');
  });
});

describe('the user delete stage', () => {
  it('deletes nobody where nobody is known, and nobody of a name that nobody has', async () => {
    await house.flow('unenroll', [{ kind: 'user_delete' }]);
    const denied = { component: 'ak-stage-access-denied', error_message: 'No Pending User.' };
    expect((await house.browser().get('unenroll')).challenge).toMatchObject(denied);
    await house.flow('unenroll-named', [identification, { kind: 'user_delete' }]);
    const browser = await signedIn('alice');
    await browser.get('unenroll-named');
    const { challenge } = await browser.post('unenroll-named', { uid_field: 'nobody' });
    expect(challenge).toMatchObject(denied);
    expect(exists('alice')).toBe(true);
  });

  it('signs whoever is signed in out, deletes their account, and goes on without them', async () => {
    await house.flow('leave', [{ kind: 'user_delete' }, { kind: 'dummy' }]);
    const browser = await signedIn('leaver');
    const before = browser.session ?? '';
    const { challenge } = await browser.get('leave');
    expect(challenge).toMatchObject({ component: 'ak-stage-dummy' });
    expect([exists('leaver'), house.sessions.has(before), browser.session === before]).toEqual([false, false, false]);
    const end = await browser.post('leave', { component: 'ak-stage-dummy' });
    expect(end.challenge).toMatchObject(done);
  });
});

it('deletes an account that lasts no longer than its session when it signs out, and no other', async () => {
  for (const [name, stays] of [
    ['alice', true],
    ['guest', false],
  ] as const) {
    const browser = await signedIn(name);
    expect((await browser.get('default-invalidation-flow')).challenge).toMatchObject(done);
    expect(exists(name), name).toBe(stays);
  }
});

describe('the user login stage', () => {
  const asked = (name: string, settings: JsonObject) =>
    house.flow(name, [identification, { kind: 'user_login', settings }]);

  it('signs nobody in who is not known, or may not', async () => {
    await house.flow('login-alone', [{ kind: 'user_login' }]);
    const denied = { component: 'ak-stage-access-denied', error_message: 'Unknown error' };
    expect((await house.browser().get('login-alone')).challenge).toMatchObject(denied);
    await asked('login', {});
    for (const uid_field of ['nobody', 'sleeper']) {
      const browser = house.browser();
      await browser.get('login');
      expect((await browser.post('login', { uid_field })).challenge, uid_field).toMatchObject(denied);
    }
  });

  it('lasts as long as it says, ends other sessions where it says so, and asks nothing', async () => {
    await asked('login-long', { session_duration: 'hours=3;minutes=1', terminate_other_sessions: true });
    const browser = house.browser();
    await browser.get('login-long');
    expect((await browser.post('login-long', { uid_field: 'alice' })).challenge).toMatchObject(done);
    expect(house.seen.asked).toMatchObject({ seconds: 10_860, endOthers: true, method: 'password' });
  });

  it('asks whether to remember somebody where it can, and adds the time then', async () => {
    await asked('login-remember', { session_duration: 'hours=1', remember_me_offset: 'days=1' });
    for (const [remember_me, seconds] of [
      [false, 3_600],
      [true, 90_000],
    ] as const) {
      const browser = house.browser();
      await browser.get('login-remember');
      const { challenge } = await browser.post('login-remember', { uid_field: 'alice' });
      expect(challenge).toMatchObject({ component: 'ak-stage-user-login', pending_user: 'alice' });
      const empty = await browser.post('login-remember', { component: 'ak-stage-user-login' });
      expect(empty.challenge.response_errors).toEqual({
        remember_me: { items: [{ string: 'This field is required.', code: 'required' }] },
      });
      expect((await browser.post('login-remember', { remember_me })).challenge).toMatchObject(done);
      expect(house.seen.asked).toMatchObject({ seconds, endOthers: false });
    }
  });
});

describe('the password stage', () => {
  const backends = ['authentik.core.auth.InbuiltBackend'];
  const password = { kind: 'password', settings: { backends, failed_attempts_before_cancel: 3 } };

  it('knows nobody where nobody was named, and ends after as many refused answers as it says, empty ones included', async () => {
    await house.flow('password-alone', [password]);
    const denied = { component: 'ak-stage-access-denied', error_message: 'Unknown error' };
    expect((await house.browser().get('password-alone')).challenge).toMatchObject(denied);
    await house.flow('password-counts', [identification, password]);
    const browser = house.browser();
    await browser.get('password-counts');
    await browser.post('password-counts', { uid_field: 'alice' });
    const wrong = await browser.post('password-counts', { password: 'wrong' });
    expect(wrong.challenge.response_errors).toEqual({
      password: { items: [{ string: 'Invalid password', code: 'invalid' }] },
    });
    const blank = await browser.post('password-counts', { password: '' });
    expect(blank.challenge.response_errors).toEqual({
      password: { items: [{ string: 'This field may not be blank.', code: 'blank' }] },
    });
    expect((await browser.post('password-counts', { password: 'wrong' })).challenge).toMatchObject(denied);
    expect((await browser.get('password-counts')).challenge).toMatchObject({ component: 'ak-stage-identification' });
  });

  it('takes a password as it was typed, and leads to the recovery flow by its whole address', async () => {
    await house.flow('password-typed', [identification, password]);
    await house.flow('forgot', []);
    await house.sql("update flow set designation = 'recovery' where slug = 'forgot'");
    const browser = house.browser();
    await browser.get('password-typed');
    const { challenge } = await browser.post('password-typed', { uid_field: 'spacy' });
    expect(challenge).toMatchObject({ recovery_url: 'https://id.example/if/flow/forgot/', pending_user: 'spacy' });
    expect((await browser.post('password-typed', { password: 'spaces' })).challenge.response_errors).toBeDefined();
    expect((await browser.post('password-typed', { password: ' spaces ' })).challenge).toMatchObject(done);
  });
});

describe('the identification stage', () => {
  it('leads to other flows with the query it came with, and says what its button does', async () => {
    await house.flow('join', []);
    const [row] = await house.sql<{ pk: string }>("select pk from flow where slug = 'join'");
    const flows = { enrollment_flow: row?.pk ?? '', recovery_flow: row?.pk ?? '', passwordless_flow: row?.pk ?? '' };
    const settings = { user_fields: ['email', 'username'], show_source_labels: true, ...flows };
    await house.flow('who', [{ kind: 'identification', settings }]);
    const { challenge } = await house.browser().get('who', 'next=%2Fif%2Fuser%2F&x=a+b');
    const address = '/if/flow/join/?next=%2Fif%2Fuser%2F&x=a+b';
    expect(challenge).toMatchObject({
      user_fields: ['email', 'username'],
      password_fields: false,
      primary_action: 'Log in',
      sources: [],
      show_source_labels: true,
      enroll_url: address,
      recovery_url: address,
      passwordless_url: address,
      application_pre: undefined,
    });
    await house.sql("update flow set designation = 'enrollment' where slug = 'who'");
    expect((await house.browser().get('who')).challenge).toMatchObject({
      primary_action: 'Continue',
      enroll_url: '/if/flow/join/',
    });
  });

  it('finds nobody by fields that it does not ask for, and minds the case where it shall', async () => {
    const strict = { user_fields: ['username'], case_insensitive_matching: false, pretend_user_exists: false };
    await house.flow('strict', [{ kind: 'identification', settings: strict }]);
    const browser = house.browser();
    await browser.get('strict');
    const failed = { non_field_errors: { items: [{ string: 'Failed to authenticate.', code: 'invalid' }] } };
    for (const uid_field of ['alice@example.com', 'Alice', 'nobody']) {
      const { challenge } = await browser.post('strict', { uid_field });
      expect(challenge.response_errors, uid_field).toEqual(failed);
    }
    const told = await house.sql<{ envelope: Buffer }>(
      "select envelope from outbox where subject = 'auth.v1.session.login_failed' order by seq desc limit 3",
    );
    expect(told.map(({ envelope }) => envelope.toString('latin1')).join()).toMatch(/nobody.*Alice.*alice@example/s);
    expect((await browser.post('strict', { uid_field: ' alice ' })).challenge).toMatchObject(done);
  });
});
