import { expect, it } from 'vitest';
import { aHouse, aPerson, asProviders } from './flows.fixture.ts';

const alice = aPerson('alice', { password: 'correct horse' });
const house = await aHouse([alice]);
const IMPLICIT = 'default-provider-authorization-implicit-consent';
const LOGIN = 'default-authentication-flow';
const application = { pk: '00000000-0000-4000-8000-00000000000a', name: 'Wiki', slug: 'wiki' };

async function signedIn(where = house) {
  const browser = where.browser();
  await browser.get(LOGIN);
  await browser.post(LOGIN, { uid_field: 'alice' });
  await browser.post(LOGIN, { password: 'correct horse' });
  return browser;
}

const ASKED = { slug: IMPLICIT, last_stage: 'device_code' };

it('asks for the code of a device behind the flow of the brand, and leads to it by its link', async () => {
  const browser = await signedIn();
  const { redirect } = await house
    .current()
    .starter.startFlow({ ...ASKED, session: browser.session ?? '' }, asProviders(house.tenant));
  expect(redirect).toBe(`/if/flow/${IMPLICIT}/`);
  const component = 'ak-provider-oauth2-device-code';
  expect((await browser.get(IMPLICIT)).challenge.component).toBe(component);
  for (const code of [87_654_321, '012 345 679', -1, 1e15])
    expect((await browser.post(IMPLICIT, { code })).challenge).toMatchObject({
      component,
      response_errors: {
        code: { items: [{ string: expect.stringMatching(/^Invalid code$|^A valid integer/), code: 'invalid' }] },
      },
    });
  expect((await browser.post(IMPLICIT, { code: 12_345_678 })).challenge).toMatchObject({
    to: '/device?code=012345678',
  });
});

it('takes the place of a code that was tried too often for a wrong one', async () => {
  const strict = await aHouse([alice], {
    attempts: { reserve: async () => 'refused', succeeded: async () => undefined },
  });
  const browser = await signedIn(strict);
  const session = browser.session ?? '';
  await strict.current().starter.startFlow({ ...ASKED, session }, asProviders(strict.tenant));
  await browser.get(IMPLICIT);
  expect((await browser.post(IMPLICIT, { code: 12_345_678 })).challenge).toMatchObject({
    response_errors: { code: { items: [{ string: 'Invalid code' }] } },
  });
});

it('asks for the code after the sign-in, where the flow needs one', async () => {
  await house.flow('for-devices', []);
  await house.sql("update flow set authentication = 'require_authenticated' where slug = 'for-devices'");
  const browser = house.browser();
  await browser.get(LOGIN);
  await house
    .current()
    .starter.startFlow({ ...ASKED, slug: 'for-devices', session: browser.session ?? '' }, asProviders(house.tenant));
  await browser.get(LOGIN);
  await browser.post(LOGIN, { uid_field: 'alice' });
  await browser.post(LOGIN, { password: 'correct horse' });
  expect((await browser.get('for-devices')).challenge.component).toBe('ak-provider-oauth2-device-code');
});

it('asks for consent that must be given now in a flow that has no stage for it, and stays where the device goes on', async () => {
  const browser = await signedIn();
  const permissions = { consent_permissions: [{ id: 'openid', name: 'See you' }], prompts: ['consent'] };
  await house.current().starter.startFlow(
    {
      slug: IMPLICIT,
      session: browser.session ?? '',
      context: { application, ...permissions },
      completion: { service: 'providers', reference: 'device.1' },
    },
    asProviders(house.tenant),
  );
  const { answer } = house.completion;
  house.completion.answer = async () => ({ device_finished: {} });
  const { challenge } = await browser.get(IMPLICIT);
  expect(challenge).toMatchObject({ component: 'ak-stage-consent', permissions: [{ id: 'openid' }] });
  const finish = 'ak-provider-oauth2-device-code-finish';
  const done = (await browser.post(IMPLICIT, { token: String(challenge.token) })).challenge;
  expect(done).toMatchObject({ component: finish, flow_info: expect.anything() });
  const completed = house.seen.completed.length;
  expect(house.seen.completed.at(-1)).toMatchObject({ reference: 'device.1', consented: ['openid'] });
  expect((await browser.get(IMPLICIT)).challenge.component).toBe(finish);
  expect((await browser.post(IMPLICIT, { component: finish })).challenge).toMatchObject({ to: '/' });
  expect(house.seen.completed).toHaveLength(completed);
  house.completion.answer = answer;
});
