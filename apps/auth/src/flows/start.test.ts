import { common } from '@postern/errors';
import type { ReceivedHead } from '@postern/rpc';
import { expect, it } from 'vitest';
import { aHouse, aPerson, asProviders, asUser } from './flows.fixture.ts';

const alice = aPerson('alice', { password: 'correct horse' });
const house = await aHouse([alice, aPerson('akadmin')]);
const EXPLICIT = 'default-provider-authorization-explicit-consent';
const IMPLICIT = 'default-provider-authorization-implicit-consent';
const LOGIN = 'default-authentication-flow';
const application = { pk: '00000000-0000-4000-8000-00000000000a', name: 'Wiki', slug: 'wiki' };

async function signedIn() {
  const browser = house.browser();
  await browser.get(LOGIN);
  await browser.post(LOGIN, { uid_field: 'alice' });
  await browser.post(LOGIN, { password: 'correct horse' });
  return browser;
}

async function start(session: string | undefined, slug: string, reference: string, scopes = ['openid', 'email']) {
  const consent_permissions = scopes.map((id) => ({ id, name: `See your ${id}` }));
  const context = { application, consent_header: "You're about to sign into Wiki.", consent_permissions, is_sso: true };
  const completion = { service: 'providers', reference };
  const request = { slug, session: session ?? '', context, completion };
  return house.current().starter.startFlow(request, asProviders(house.tenant));
}

it('starts no flow for anybody but a service', async () => {
  const starting = house.current().starter.startFlow({ slug: IMPLICIT }, asUser(house.tenant, false));
  await expect(starting).rejects.toMatchObject({ code: 'PERMISSION_DENIED' });
});

it('begins a session for a browser that has none', async () => {
  const heads: ReceivedHead[] = [];
  const options = { onHead: (head: ReceivedHead) => void heads.push(head) };
  const request = { slug: EXPLICIT, session: '' };
  const { redirect } = await house.current().starter.startFlow(request, asProviders(house.tenant), options);
  expect(redirect).toBe(`/if/flow/${LOGIN}/`);
  const browser = house.browser(heads[0]?.cookies[0]?.value);
  expect((await browser.get(LOGIN)).challenge.component).toBe('ak-stage-identification');
});

it('completes an implicit authorization once, with who is signed in', async () => {
  const browser = await signedIn();
  const { redirect } = await start(browser.session, IMPLICIT, 'r1');
  expect(redirect).toBe(`/if/flow/${IMPLICIT}/`);
  const { challenge } = await browser.get(IMPLICIT);
  expect(challenge).toMatchObject({ component: 'xak-flow-redirect', to: 'https://app.example/cb' });
  expect(house.seen.completed.at(-1)).toMatchObject({
    reference: 'r1',
    session: { session: browser.session, user: { username: 'alice' }, methods: ['password'] },
  });
  const before = house.seen.completed.length;
  await browser.get(IMPLICIT);
  expect(house.seen.completed).toHaveLength(before);
});

it('tries a completion again when the service that waits was away', async () => {
  const browser = await signedIn();
  await start(browser.session, IMPLICIT, 'r2');
  const { answer } = house.completion;
  house.completion.answer = async () => Promise.reject(common.UNAVAILABLE());
  await expect(browser.get(IMPLICIT)).rejects.toMatchObject({ reason: 'UNAVAILABLE' });
  house.completion.answer = async () => ({
    form_post: { url: 'https://sp.example/acs', attrs: { a: 'b' }, title: 'x' },
  });
  expect((await browser.get(IMPLICIT)).challenge).toMatchObject({
    component: 'ak-stage-autosubmit',
    url: 'https://sp.example/acs',
    attrs: { a: 'b' },
  });
  house.completion.answer = answer;
});

it('asks for consent until exactly these permissions were granted, under the token of the last page', async () => {
  const browser = await signedIn();
  await start(browser.session, EXPLICIT, 'r3');
  const first = (await browser.get(EXPLICIT)).challenge;
  expect(first).toMatchObject({
    component: 'ak-stage-consent',
    header_text: "You're about to sign into Wiki.",
    permissions: [{ id: 'openid', name: 'See your openid' }, { id: 'email' }],
    additional_permissions: [],
    flow_info: { title: 'Continue to Wiki' },
  });
  const second = (await browser.get(EXPLICIT)).challenge;
  expect(second.token).not.toBe(first.token);
  expect((await browser.post(EXPLICIT, { token: String(first.token) })).challenge.component).toBe('ak-stage-consent');
  const last = (await browser.get(EXPLICIT)).challenge;
  const { challenge } = await browser.post(EXPLICIT, { token: String(last.token) });
  expect(challenge).toMatchObject({ to: 'https://app.example/cb' });
  expect(house.seen.completed.at(-1)).toMatchObject({ reference: 'r3', consented: ['openid', 'email'] });

  await start(browser.session, EXPLICIT, 'r4');
  expect((await browser.get(EXPLICIT)).challenge.component).toBe('xak-flow-redirect');
  await start(browser.session, EXPLICIT, 'r5', ['openid', 'groups']);
  expect((await browser.get(EXPLICIT)).challenge).toMatchObject({
    component: 'ak-stage-consent',
    permissions: [{ id: 'openid' }],
    additional_permissions: [{ id: 'groups' }],
  });
});

it('keeps the languages that were asked for from the sign-in to the page after it, and nothing else', async () => {
  const browser = house.browser();
  const query = 'ui_locales=de+en&next=%2Fx&flow_token=y';
  await browser.get(LOGIN);
  await start(browser.session, EXPLICIT, 'de');
  await browser.get(LOGIN, query);
  await browser.post(LOGIN, { uid_field: 'alice' }, query);
  const { challenge } = await browser.post(LOGIN, { password: 'correct horse' }, query);
  expect(challenge).toMatchObject({ component: 'xak-flow-redirect', to: `/if/flow/${EXPLICIT}/?ui_locales=de+en` });
});

it('tells the service that waits that somebody declined, once, and only under the token of the page', async () => {
  const browser = await signedIn();
  await start(browser.session, EXPLICIT, 'no', ['openid', 'phone']);
  await browser.get(EXPLICIT);
  const again = await browser.post(EXPLICIT, { token: 'made', declined: true });
  expect(again.challenge.component).toBe('ak-stage-consent');
  const before = house.seen.completed.length;
  const { challenge } = await browser.post(EXPLICIT, { token: String(again.challenge.token), declined: true });
  expect(challenge).toMatchObject({ component: 'xak-flow-redirect', to: 'https://app.example/cb' });
  expect(house.seen.completed.slice(before)).toMatchObject([{ reference: 'no', consented: [], declined: true }]);
  await start(browser.session, EXPLICIT, 'later', ['openid', 'phone']);
  expect((await browser.get(EXPLICIT)).challenge.component).toBe('ak-stage-consent');
});

it('lets somebody sign in first, and then goes on with what the service asked for', async () => {
  const browser = house.browser();
  await browser.get(LOGIN);
  const { redirect } = await start(browser.session, IMPLICIT, 'r6');
  expect(redirect).toBe(`/if/flow/${LOGIN}/`);
  expect((await browser.get(LOGIN)).challenge).toMatchObject({ application_pre: 'Wiki' });
  await browser.post(LOGIN, { uid_field: 'alice' });
  const { challenge } = await browser.post(LOGIN, { password: 'correct horse' });
  expect(challenge).toMatchObject({ component: 'xak-flow-redirect', to: `/if/flow/${IMPLICIT}/` });
  expect((await browser.get(IMPLICIT)).challenge).toMatchObject({ to: 'https://app.example/cb' });
  expect(house.seen.completed.at(-1)).toMatchObject({ reference: 'r6', session: { user: { username: 'alice' } } });
});

it('passes in silence only what has nothing to ask, and leaves no trace', async () => {
  const pass = (session: string, slug: string, context: object = {}) =>
    house
      .current()
      .starter.passSilently(
        { slug, session, context: { application, consent_permissions: [{ id: 'silent', name: '' }], ...context } },
        asProviders(house.tenant),
      );
  const browser = await signedIn();
  const session = browser.session ?? '';
  expect(await pass('', IMPLICIT)).toEqual({ passed: false, asks: '' });
  expect(await pass(session, EXPLICIT)).toEqual({ passed: false, asks: 'consent' });
  expect(await pass(session, IMPLICIT, { prompts: ['consent'] })).toEqual({ passed: false, asks: 'consent' });
  expect(await pass(session, IMPLICIT, { prompts: ['login'] })).toEqual({ passed: false, asks: '' });
  expect(await pass(session, IMPLICIT)).toEqual({ passed: true, asks: '' });
  await start(session, EXPLICIT, 'r9', ['silent']);
  const { challenge } = await browser.get(EXPLICIT);
  expect(await pass(session, IMPLICIT)).toMatchObject({ passed: true });
  await browser.post(EXPLICIT, { token: String(challenge.token) });
  expect(await pass(session, EXPLICIT)).toEqual({ passed: true, asks: '' });
});

it('asks for consent in a flow that has no stage for it, when that was demanded', async () => {
  const browser = await signedIn();
  const context = { application, consent_permissions: [{ id: 'openid', name: '' }], prompts: ['consent'] };
  const completion = { service: 'providers', reference: 'r10' };
  const request = { slug: IMPLICIT, session: browser.session ?? '', context, completion };
  await house.current().starter.startFlow(request, asProviders(house.tenant));
  const { challenge } = await browser.get(IMPLICIT);
  expect(challenge).toMatchObject({ component: 'ak-stage-consent' });
  const { challenge: last } = await browser.post(IMPLICIT, { token: String(challenge.token) });
  expect(last).toMatchObject({ to: 'https://app.example/cb' });
});

it('opens the set-up to nobody without the token of the log', async () => {
  for (const query of ['', 'token=wrong']) {
    expect((await house.browser().get('initial-setup', query)).challenge).toMatchObject({
      component: 'ak-stage-access-denied',
      error_message: 'Flow does not apply to current user.',
    });
  }
});

it('sets the first password once, signs the administrator in, and is closed from then on', async () => {
  const query = 'token=the-set-up-token';
  const [browser, late] = [house.browser(), house.browser()];
  const { challenge } = await browser.get('initial-setup', query);
  expect(challenge).toMatchObject({ component: 'ak-stage-prompt' });
  await late.get('initial-setup', query);
  const answer = { email: 'root@example.com', password: 'first', password_repeat: 'first' };
  expect((await browser.post('initial-setup', answer, query)).challenge).toMatchObject({ to: '/' });
  const admin = house.people.find(({ username }) => username === 'akadmin');
  expect(admin).toMatchObject({ password: 'first', email: 'root@example.com' });
  expect(house.sessions.get(browser.session ?? '')?.user?.username).toBe('akadmin');

  const refused = await late.post('initial-setup', { ...answer, password: 'mine', password_repeat: 'mine' }, query);
  expect(refused.challenge).toMatchObject({ component: 'ak-stage-access-denied' });
  expect(admin?.password).toBe('first');
  expect((await house.browser().get('initial-setup', query)).challenge.component).toBe('ak-stage-access-denied');
});
