import { expect, it } from 'vitest';
import { aHouse, aPerson } from './flows.fixture.ts';

const house = await aHouse([
  aPerson('alice', { password: 'correct horse' }),
  aPerson('bob', { password: 'staple', isActive: false }),
]);
const LOGIN = 'default-authentication-flow';
const WRONG = { password: [{ string: 'Invalid password', code: 'invalid' }] };

function errorsOf(challenge: Readonly<Record<string, unknown>>) {
  const errors = Object.entries(challenge.response_errors ?? {});
  return Object.fromEntries(errors.map(([field, { items }]) => [field, items]));
}

it('answers 404 for a flow that does not exist', async () => {
  await expect(house.browser().get('no-such-flow')).rejects.toMatchObject({ reason: 'FLOW_NOT_FOUND' });
});

it('answers a wrong password, an unknown name and an inactive account alike', async () => {
  const seen = [];
  for (const name of ['alice', 'nobody', 'bob']) {
    const browser = house.browser();
    await browser.get(LOGIN);
    const asked = await browser.post(LOGIN, { uid_field: name });
    const before = house.seen.verified;
    const refused = await browser.post(LOGIN, { password: 'guess' });
    expect(house.seen.verified - before).toBe(1);
    expect(errorsOf(refused.challenge)).toEqual(WRONG);
    seen.push(JSON.stringify([asked, refused]).replaceAll(name, 'NAME'));
  }
  expect(new Set(seen).size).toBe(1);
});

it('shows what was typed, not who was found, until the password is proved', async () => {
  const browser = house.browser();
  await browser.get(LOGIN);
  const { challenge } = await browser.post(LOGIN, { uid_field: 'ALICE@example.com' });
  expect(challenge).toMatchObject({ component: 'ak-stage-password', pending_user: 'ALICE@example.com' });
});

it('never signs in somebody unknown, whatever they answer', async () => {
  const browser = house.browser();
  await browser.get(LOGIN);
  await browser.post(LOGIN, { uid_field: 'nobody' });
  const { challenge } = await browser.post(LOGIN, { password: 'correct horse' });
  expect(errorsOf(challenge)).toEqual(WRONG);
});

it('ends the plan after five refused answers, empty ones included', async () => {
  const browser = house.browser();
  await browser.get(LOGIN);
  await browser.post(LOGIN, { uid_field: 'alice' });
  for (const password of ['a', '', 'b', '']) await browser.post(LOGIN, { password });
  const { challenge } = await browser.post(LOGIN, { password: 'c' });
  expect(challenge).toMatchObject({ component: 'ak-stage-access-denied', error_message: 'Unknown error' });
  expect((await browser.get(LOGIN)).challenge.component).toBe('ak-stage-identification');
});

it('refuses a next address that leads off this server', async () => {
  for (const next of ['https://evil.example/', '//evil.example', '/\\evil.example', '/%09/evil.example', 'evil']) {
    const { challenge } = await house.browser().get(LOGIN, `next=${next}`);
    expect(challenge).toMatchObject({ component: 'ak-stage-access-denied', error_message: 'Invalid next URL' });
  }
});

it('signs in, under a new session key, and goes where the page was asked to', async () => {
  const browser = house.browser();
  const first = await browser.get(LOGIN, 'next=/if/admin/%23/x');
  expect(first.challenge).toMatchObject({
    type: 'native',
    component: 'ak-stage-identification',
    user_fields: ['email', 'username'],
    password_fields: false,
    primary_action: 'Log in',
    flow_info: { title: 'Welcome to Postern', cancel_url: '/flows/-/cancel/', layout: 'stacked' },
  });
  const before = browser.session;
  const asked = await browser.call('POST', LOGIN, 'next=/if/admin/%23/x', { uid_field: ' alice ' });
  expect(asked).toMatchObject({
    status: 302,
    location: '/api/v3/flows/executor/default-authentication-flow/?query=next%3D%2Fif%2Fadmin%2F%2523%2Fx',
  });
  await browser.get(LOGIN, 'next=/if/admin/%23/x');
  const { challenge } = await browser.post(LOGIN, { password: 'correct horse' }, 'next=/if/admin/%23/x');
  expect(challenge).toMatchObject({ type: 'redirect', component: 'xak-flow-redirect', to: '/if/admin/#/x' });
  expect(browser.session).not.toBe(before);
  expect(house.sessions.get(browser.session ?? '')?.user?.username).toBe('alice');
  expect(house.sessions.has(before ?? '')).toBe(false);
});

it('issues one session to two correct answers that arrive at once', async () => {
  const browser = house.browser();
  await browser.get(LOGIN);
  await browser.post(LOGIN, { uid_field: 'alice' });
  const twins = [house.browser(browser.session), house.browser(browser.session)];
  const before = house.seen.issued;
  await Promise.all(twins.map((twin) => twin.post(LOGIN, { password: 'correct horse' })));
  expect(house.seen.issued - before).toBe(1);
  expect(twins.filter((twin) => house.sessions.get(twin.session ?? '')?.user !== undefined)).toHaveLength(1);
});

it('goes on with the plan after a restart', async () => {
  const browser = house.browser();
  await browser.get(LOGIN);
  await browser.post(LOGIN, { uid_field: 'alice' });
  house.restart();
  expect((await browser.get(LOGIN)).challenge.component).toBe('ak-stage-password');
  const { challenge } = await browser.post(LOGIN, { password: 'correct horse' });
  expect(challenge).toMatchObject({ component: 'xak-flow-redirect', to: '/' });
});

it('keeps no password in the plan', async () => {
  const browser = house.browser();
  await browser.get(LOGIN);
  await browser.post(LOGIN, { uid_field: 'alice', password: 'correct horse' });
  await browser.post(LOGIN, { password: 'a secret guess' });
  const plans = JSON.stringify(await house.sql('select plan from flow_plan'));
  expect(plans).toContain('alice');
  expect(plans).not.toMatch(/correct horse|a secret guess/);
});

it('records who failed to sign in, without the password', async () => {
  const rows = await house.sql<{ envelope: Buffer }>(
    "select envelope from outbox where subject = 'auth.v1.session.login_failed' order by seq desc limit 1",
  );
  const text = rows[0]?.envelope.toString() ?? '';
  expect(text).toContain('default-authentication-password');
  expect(text).not.toContain('guess');
});

it('signs out and forgets where the page wanted to go', async () => {
  const browser = house.browser();
  await browser.get(LOGIN);
  await browser.post(LOGIN, { uid_field: 'alice' });
  await browser.post(LOGIN, { password: 'correct horse' });
  const signedIn = browser.session;
  const { challenge } = await browser.get('default-invalidation-flow', 'next=/if/user/');
  expect(challenge).toMatchObject({ component: 'xak-flow-redirect', to: '/' });
  expect(house.sessions.has(signedIn ?? '')).toBe(false);
});
