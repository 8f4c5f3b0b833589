/** One engine, two views: what is set up in one of them is asked for in the other. */

import { fileURLToPath } from 'node:url';
import { generateSync } from 'otplib';
import { expect, it, vi } from 'vitest';
import { type HeadlessClient, headlessHouse, type Json } from './headless-house.fixture.ts';

const house = await headlessHouse({
  POSTERN_BLUEPRINTS__DIR: fileURLToPath(new URL('../../../../blueprints', import.meta.url)),
});
await house.set({ mfa_allow_unverified_email: true });

const flow = (slug: string) => `/api/v3/flows/executor/${slug}/?query=`;
const AUTHENTICATION = flow('default-authentication-flow');
const SETUP = flow('default-authenticator-totp-setup');

/** What the pages of flows send with each answer, as their cookie holds it. */
const CSRF = 'a'.repeat(64);

/** Follows a flow: what it answers is fetched again where it says so. */
async function followed(browser: HeadlessClient, path: string, answer?: Json) {
  const headers = { 'x-authentik-csrf': CSRF };
  const first = answer === undefined ? await browser.get(path) : await browser.post(path, answer, { headers });
  return first.status === 302 ? browser.get(path) : first;
}

// The blueprints of a tenant are applied after its start.
await vi.waitFor(
  async () => expect((await house.browser(house.url).get(AUTHENTICATION)).body).toHaveProperty('component'),
  { timeout: 10_000, interval: 100 },
);

const letTimePass = () => house.sql('update auth.device set last_step = null, locked_until = null, failures = 0');

/** Signs in by the flow as far as its second factor. */
async function identified(somebody: Awaited<ReturnType<typeof house.person>>) {
  const browser = house.browser(house.url);
  browser.cookies.set('authentik_csrf', CSRF);
  await followed(browser, AUTHENTICATION);
  const named = await followed(browser, AUTHENTICATION, {
    component: 'ak-stage-identification',
    uid_field: somebody.username,
    password: somebody.password,
  });
  const reply =
    named.body.component === 'ak-stage-password'
      ? await followed(browser, AUTHENTICATION, { component: 'ak-stage-password', password: somebody.password })
      : named;
  return { browser, reply };
}

it('asks in a flow for the authenticator app that the headless API set up', async () => {
  const somebody = await house.person();
  const app = house.app();
  await app.post('/auth/login', somebody);
  const { secret } = Object((await app.get('/account/authenticators/totp')).body.meta);
  await app.post('/account/authenticators/totp', { code: generateSync({ secret }) });
  await letTimePass();

  const { browser, reply } = await identified(somebody);
  expect(reply.body).toMatchObject({ component: 'ak-stage-authenticator-validate' });
  const { device_challenges } = Object(reply.body);
  expect(device_challenges).toMatchObject([{ device_class: 'static' }, { device_class: 'totp' }]);
  const wrong = await followed(browser, AUTHENTICATION, {
    component: 'ak-stage-authenticator-validate',
    code: '000000',
  });
  expect(wrong.body).toHaveProperty('response_errors');
  await letTimePass();
  const done = await followed(browser, AUTHENTICATION, {
    component: 'ak-stage-authenticator-validate',
    code: generateSync({ secret }),
  });
  expect(done.body).toMatchObject({ component: 'xak-flow-redirect' });
});

it('asks by the headless API for the authenticator app that a flow set up', async () => {
  const somebody = await house.person();
  const { browser } = await identified(somebody);
  const shown = await followed(browser, SETUP);
  const { config_url } = Object(shown.body);
  const secret = new URL(String(config_url)).searchParams.get('secret') ?? '';
  const done = await followed(browser, SETUP, {
    component: 'ak-stage-authenticator-totp',
    code: generateSync({ secret }),
  });
  expect(done.body).toMatchObject({ component: 'xak-flow-redirect' });
  await letTimePass();

  const app = house.app();
  const waiting = await app.post('/auth/login', somebody);
  expect(Object(waiting.body.data).flows.at(-1)).toMatchObject({ id: 'mfa_authenticate', types: ['totp'] });
  const answer = await app.post('/auth/2fa/authenticate', { code: generateSync({ secret }) });
  expect(answer.status).toBe(200);
  expect((await app.get('/account/authenticators')).body.data).toMatchObject([{ type: 'totp' }]);
});
