import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Apache, anApacheAddress, hasApache, startApache } from './apache.ts';
import { type Api, apiOf, until } from './api.client.ts';
import { aPerson, launchBrowser, type Person, signInByKeyboard } from './browser.ts';
import { ADMIN_TOKEN, BOOTSTRAP, oneProcess, type Platform } from './platforms.ts';
import { createPerson, register } from './scenery.ts';

const PASSWORD = 'a long walk in the hills';

let browser: Browser;
let platform: Platform;
let api: Api;
let apache: Apache;
let person: Person;

beforeAll(async () => {
  if (!hasApache()) throw new Error('Apache is not here: apt-get install apache2-bin libapache2-mod-auth-openidc');
  browser = await launchBrowser();
  platform = await oneProcess.start({ ...BOOTSTRAP, POSTERN_EGRESS__ALLOW: '127.0.0.0/8' });
  api = apiOf({ url: platform.url, token: ADMIN_TOKEN });
  const { port, url, redirectUri } = await anApacheAddress();
  const { client, provider } = await register(api, {
    slug: 'apache',
    name: 'Apache',
    redirectUri,
    consent: 'implicit',
  });
  await api.patch(`/api/postern/v1/oauth2/clients/${provider}/settings/`, {
    post_logout_redirect_uris: [`${url}/goodbye.html`],
    backchannel_logout_uri: `${redirectUri}?logout=backchannel`,
    backchannel_logout_session_required: true,
  });
  apache = await startApache(port, { issuer: `${platform.url}/application/o/apache/`, ...client });
  await createPerson(api, 'ada', PASSWORD);
  person = await aPerson(browser);
});

afterAll(async () => {
  await person?.leave();
  await apache?.stop();
  await platform?.stop();
  await browser?.close();
});

const shown = (page: Page, name: string) => page.textContent(`#${name}`);
/** Where the module sends the browser when it is asked for the page; undefined when it shows it. */
const sentTo = async ({ page }: Person) =>
  (await page.request.get(apache.page, { maxRedirects: 0 })).headers().location;

it('shows the page to nobody who is not signed in, and takes no answer that was not asked for', async () => {
  expect(await sentTo(person)).toMatch(`${platform.url}/application/o/authorize/?response_type=code`);
  const made = `${apache.redirectUri}?code=made&state=up`;
  expect((await person.page.request.get(made, { maxRedirects: 0 })).status()).toBeGreaterThanOrEqual(400);
});

it('lets a person in whom the platform signs in, and tells the page who it is', async () => {
  const { page } = person;
  await page.goto(apache.page);
  await signInByKeyboard(page, 'ada', PASSWORD);
  await page.waitForURL(apache.page);
  expect(await shown(page, 'REMOTE_USER')).toBe('ada');
  expect(await shown(page, 'OIDC_CLAIM_email')).toBe('ada@example.com');
  expect(await shown(page, 'OIDC_CLAIM_sub')).toMatch(/^[0-9a-f]{64}$/);
});

it('gets further access tokens without asking the person', async () => {
  const { page } = person;
  const token = await shown(page, 'OIDC_access_token');
  const query = new URLSearchParams({ refresh: apache.page, access_token: String(token) });
  await page.goto(`${apache.redirectUri}?${query}`);
  expect(page.url()).toBe(apache.page);
  const fresh = await shown(page, 'OIDC_access_token');
  expect(fresh).toMatch(/^ey/);
  expect(fresh).not.toBe(token);
  expect(await shown(page, 'REMOTE_USER')).toBe('ada');
});

it('ends its session when the person signs out elsewhere: the platform tells it', async () => {
  const elsewhere = await person.page.context().newPage();
  await elsewhere.goto(`${platform.url}/if/user/`);
  await elsewhere.getByRole('button', { name: 'ada' }).click();
  await elsewhere.getByRole('link', { name: 'Sign out' }).click();
  await elsewhere.waitForSelector('input[name=uid_field]');
  await until(
    () => sentTo(person),
    (location) => location !== undefined,
  );
  await elsewhere.close();
});

it('signs the person out here and there, and leads back to a page that the client named', async () => {
  const { page } = person;
  await page.goto(apache.page);
  await signInByKeyboard(page, 'ada', PASSWORD);
  await page.waitForURL(apache.page);
  await page.goto(`${apache.redirectUri}?logout=${encodeURIComponent(apache.goodbye)}`);
  await page.waitForURL(apache.goodbye);
  expect(await sentTo(person)).toMatch(platform.url);
  await page.goto(apache.page);
  await page.waitForSelector('input[name=uid_field]');
});
