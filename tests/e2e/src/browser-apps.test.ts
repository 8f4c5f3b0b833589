import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { apiOf } from './api.client.ts';
import { aPerson, launchBrowser, type Person, signInByKeyboard } from './browser.ts';
import { type BrowserApp, startBrowserApp } from './browser-app.ts';
import { ADMIN_TOKEN, oneProcess, type Platform } from './platforms.ts';
import { createPerson, type Registered, register } from './scenery.ts';

const PASSWORD = 'a long walk in the hills';

let browser: Browser;
let platform: Platform;
let mine: BrowserApp;
let other: BrowserApp;
let registered: Registered;
let person: Person;

beforeAll(async () => {
  browser = await launchBrowser();
  platform = await oneProcess.start();
  [mine, other] = await Promise.all([startBrowserApp(), startBrowserApp()]);
  const api = apiOf({ url: platform.url, token: ADMIN_TOKEN });
  const { redirectUri } = mine;
  registered = await register(api, { slug: 'page', name: 'Page', redirectUri, consent: 'implicit' });
  await api.patch(`/providers/oauth2/${registered.provider}/`, { client_type: 'public' });
  await createPerson(api, 'ada', PASSWORD);
  person = await aPerson(browser);
});

afterAll(async () => {
  await person?.leave();
  await Promise.all([mine?.stop(), other?.stop()]);
  await platform?.stop();
  await browser?.close();
});

const issuer = () => `${platform.url}/application/o/page/`;
const ready = (page: Page) => page.waitForFunction('window.app !== undefined');
const run = (page: Page, call: string) => page.evaluate(`window.app.${call}`);
const quoted = (...given: unknown[]) => given.map((each) => JSON.stringify(each)).join(', ');
/** A request for tokens that no server grants. */
const form = (headers: Record<string, string> = {}) => ({
  method: 'POST',
  headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
  body: `grant_type=authorization_code&client_id=${registered.client.id}&code=made`,
});

/** What a page learns of each endpoint. */
async function peeks(page: Page) {
  const base = `${platform.url}/application/o`;
  const peek = (path: string, init: object = {}) => run(page, `peek(${quoted(`${base}/${path}`, init)})`);
  const bearer = { headers: { authorization: 'Bearer made' } };
  return {
    discovery: await peek('page/.well-known/openid-configuration'),
    token: await peek('token/', form()),
    bound: await peek('token/', form({ dpop: 'made' })),
    userInfo: await peek('userinfo/', bearer),
    introspection: await peek('introspect/', form()),
    device: await peek('device/', form()),
    keys: await peek('page/jwks/'),
  };
}

const KEPT = 'TypeError';

it('keeps what an app is answered from pages of other origins, but for the public keys', async () => {
  const { page } = person;
  await page.goto(other.origin);
  await ready(page);
  const nothing = { discovery: KEPT, token: KEPT, bound: KEPT, userInfo: KEPT, introspection: KEPT, device: KEPT };
  expect(await peeks(page)).toEqual({ ...nothing, keys: 200 });
});

it('lets pages of the app read what it is answered, refusals included', async () => {
  const { page } = person;
  await page.goto(mine.origin);
  await ready(page);
  const kept = { userInfo: KEPT, introspection: KEPT, device: KEPT };
  expect(await peeks(page)).toEqual({ discovery: 200, token: 400, bound: 400, keys: 200, ...kept });
});

it('signs people in to an app that has no server, with tokens that are bound to a key of the page', async () => {
  const { page } = person;
  await page.goto(mine.origin);
  await ready(page);
  await run(page, `begin(${quoted(issuer(), registered.client.id)})`);
  await signInByKeyboard(page, 'ada', PASSWORD);
  await page.waitForURL(`${mine.redirectUri}?**`);
  await ready(page);
  const { type, email, over, again } = Object(await run(page, 'finish()'));
  expect([type, email, over]).toEqual(['dpop', 'ada@example.com', 'invalid_token']);
  expect(again).toMatchObject({ error: 'invalid_grant' });
});
