import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { type Api, apiOf } from './api.client.ts';
import { aPerson, launchBrowser, type Person, picture, signInByKeyboard } from './browser.ts';
import { ADMIN_TOKEN, BOOTSTRAP, oneProcess, type Platform } from './platforms.ts';
import { createPerson, register } from './scenery.ts';

const PASSWORD = 'a long walk in the hills';
const SLUG = 'next-door';

let browser: Browser;
let platform: Platform;
let api: Api;
let person: Person;
let page: Page;
/** The house under its other name: it is its own identity provider, where nobody is signed in by the cookies of this one. */
let origin: string;

beforeAll(async () => {
  const env = { ...BOOTSTRAP, POSTERN_EGRESS__ALLOW: '127.0.0.0/8' };
  [browser, platform] = await Promise.all([launchBrowser(), oneProcess.start(env)]);
  api = apiOf({ url: platform.url, token: ADMIN_TOKEN });
  origin = platform.url.replace('127.0.0.1', 'localhost');
  const redirectUri = `${origin}/accounts/oidc/${SLUG}/login/callback/`;
  const { client, slug } = await register(api, {
    slug: 'upstream',
    name: 'Upstream',
    redirectUri,
    consent: 'implicit',
  });
  await api.post('/sources/oauth/', {
    name: 'Next Door',
    slug: SLUG,
    provider_type: 'openidconnect',
    consumer_key: client.id,
    consumer_secret: client.secret,
    oidc_well_known_url: new URL(`/application/o/${slug}/.well-known/openid-configuration`, platform.url).href,
  });
  await createPerson(api, 'edith', PASSWORD);
  person = await aPerson(browser);
  ({ page } = person);
  page.setDefaultTimeout(15_000);
});

afterAll(async () => {
  await person?.leave();
  await browser?.close();
  await platform?.stop();
});

afterEach(({ task }) => (task.result?.state === 'fail' ? picture(page, 'account providers failure') : undefined));

const heading = (name: string) => page.getByRole('heading', { name, level: 1, exact: true }).waitFor();

it('connects the account that somebody has at an identity provider', async () => {
  await page.goto(`${origin}/account/providers`);
  await heading('Sign in');
  await page.fill('[name=name]', 'edith');
  await page.fill('[name=password]', PASSWORD);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await heading('Connected accounts');
  await page.getByRole('button', { name: 'Connect Next Door', exact: true }).click();
  await signInByKeyboard(page, 'edith', PASSWORD);
  await page.getByRole('button', { name: 'Disconnect Next Door' }).waitFor();
  await picture(page, 'account providers');
});

it('signs in by it from then on, with the button of the sign-in page', async () => {
  await page.getByRole('button', { name: 'Sign out' }).click();
  await heading('Sign in');
  await picture(page, 'account provider buttons');
  await page.getByRole('button', { name: 'Continue with Next Door' }).click();
  await heading('Email addresses');
  await page.getByText('edith@example.com').first().waitFor();
  expect(new URL(page.url()).origin).toBe(origin);
});
