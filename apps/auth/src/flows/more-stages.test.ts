import { describe, expect, it } from 'vitest';
import { aCaptchaService } from '../testing/siteverify.fixture.ts';
import { aHouse, aPerson } from './flows.fixture.ts';

const house = await aHouse([
  aPerson('alice', { password: 'correct horse' }),
  aPerson('leaver', { password: 'correct horse' }),
  aPerson('guest', { password: 'correct horse', attributes: { 'goauthentik.io/user/delete-on-logout': true } }),
]);
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
