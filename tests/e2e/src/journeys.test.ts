import { startSmtpSink } from '@postern/testkit';
import { generate } from 'otplib';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Api, apiOf, until } from './api.client.ts';
import { aPerson, launchBrowser, type Person, picture, signInByKeyboard } from './browser.ts';
import { applyExample } from './examples.ts';
import { ADMIN_TOKEN, BOOTSTRAP, oneProcess, type Platform } from './platforms.ts';
import { createPerson } from './scenery.ts';

const PASSWORD = 'a long walk in the hills';
const OTHER_PASSWORD = 'an even longer walk by the sea';

const sink = await startSmtpSink();
let browser: Browser;
let platform: Platform;
let api: Api;
let person: Person | undefined;
let page: Page;
/** Keys belong to names, not to numbers: the pages are opened as `localhost`. */
let origin: string;

beforeAll(async () => {
  const mail = { POSTERN_EMAIL__HOST: '127.0.0.1', POSTERN_EMAIL__PORT: String(sink.port) };
  [browser, platform] = await Promise.all([launchBrowser(), oneProcess.start({ ...BOOTSTRAP, ...mail })]);
  api = apiOf({ url: platform.url, token: ADMIN_TOKEN });
  origin = platform.url.replace('127.0.0.1', 'localhost');
});

afterAll(async () => {
  await leave();
  await browser?.close();
  await platform?.stop();
  await sink.stop();
});

/** The next steps are those of somebody at a browser of their own. */
async function comeAnew(): Promise<void> {
  await leave();
  person = await aPerson(browser);
  ({ page } = person);
  page.setDefaultTimeout(15_000);
}

async function leave(): Promise<void> {
  // The landing page asks who is there: whoever is nobody gets a 403.
  expect(person?.complaints.filter((text) => !text.includes('status of 403')) ?? []).toEqual([]);
  await person?.leave();
}

beforeEach(comeAnew);

const flow = (slug: string) => page.goto(`${origin}/if/flow/${slug}/`);
const fill = (name: string, value: string) => page.fill(`[name=${name}]`, value);
const submit = () => page.click('button[type=submit]');
const atPortal = () => page.waitForSelector('h1:has-text("My applications")');

async function signIn(username: string, password = PASSWORD): Promise<void> {
  await page.goto(`${origin}/if/user/`);
  await signInByKeyboard(page, username, password);
}

async function signOut(): Promise<void> {
  await flow('default-invalidation-flow');
  await page.waitForSelector('input[name=uid_field]');
}

/** Someone new, signed in. */
async function somebody(username: string): Promise<number> {
  const pk = await createPerson(api, username, PASSWORD);
  await signIn(username);
  await atPortal();
  return pk;
}

/** The link of the newest mail to an address. */
async function linkTo(address: string): Promise<string> {
  const mail = await until(
    async () => sink.mails.findLast(({ to }) => to.includes(address)),
    (found) => found !== undefined,
  );
  // Quoted-printable: lines are broken with a `=`, and a `=` is written as `=3D`.
  const text = mail?.body.replaceAll(/=\r?\n/g, '').replaceAll('=3D', '=') ?? '';
  const link = /https?:\/\/[^\s"<>]*flow_token=[^\s"<>&]+/.exec(text)?.[0];
  if (link === undefined) throw new Error(`no link in the mail to ${address}: ${text}`);
  return link.replace('127.0.0.1', 'localhost');
}

describe('a person', () => {
  it('signs in and out', async () => {
    await somebody('ada');
    await signOut();
    await page.goto(`${origin}/if/user/`);
    await page.waitForSelector('input[name=uid_field]');
  });

  it('is told that a password is wrong, and not whether the name exists', async () => {
    await createPerson(api, 'grace', PASSWORD);
    const seen: (string | null)[] = [];
    for (const name of ['grace', 'nobody-of-this-name']) {
      await comeAnew();
      await signIn(name, 'not the password');
      await page.waitForSelector('text=Invalid password');
      seen.push((await page.textContent('main'))?.replaceAll(name, 'NAME') ?? null);
    }
    expect(seen[0]).toBe(seen[1]);
  });

  it('changes their password, and signs in with the new one', async () => {
    await somebody('edsger');
    await flow('default-password-change');
    await fill('password', OTHER_PASSWORD);
    await fill('password_repeat', 'something else');
    await submit();
    await page.waitForSelector("text=Passwords don't match.");
    await fill('password', OTHER_PASSWORD);
    await fill('password_repeat', OTHER_PASSWORD);
    await submit();
    await atPortal();
    await signOut();
    await signIn('edsger', OTHER_PASSWORD);
    await atPortal();
  });

  it('changes their name, and not what they may not change', async () => {
    const pk = await somebody('barbara');
    await flow('default-user-settings-flow');
    await fill('name', 'Barbara L.');
    await fill('username', 'someone-else');
    await submit();
    await page.waitForSelector('text=You may not change your username.');
    await fill('username', 'barbara');
    await fill('name', 'Barbara L.');
    await submit();
    await atPortal();
    expect(await api.get(`/core/users/${pk}/`)).toMatchObject({ name: 'Barbara L.', username: 'barbara' });
  });
});

describe('whoever has no way in', () => {
  it('makes an account and opens it by the link of a mail, in another browser', async () => {
    await applyExample(api, 'flow-enrollment-email-verification.yaml');
    await flow('default-enrollment-flow');
    await fill('username', 'newcomer');
    await fill('password', PASSWORD);
    await fill('password_repeat', PASSWORD);
    await submit();
    await page.waitForSelector('[name=email]');
    await fill('name', 'New Comer');
    await fill('email', 'newcomer@example.com');
    await submit();
    const link = await linkTo('newcomer@example.com');
    await picture(page, 'enrolment mail sent');
    const [account] = await api.list('/core/users/?username=newcomer');
    expect(account).toMatchObject({ is_active: false });
    const elsewhere = await aPerson(browser);
    await elsewhere.page.goto(link);
    await elsewhere.page.waitForSelector('h1:has-text("My applications")');
    expect(elsewhere.complaints).toEqual([]);
    await elsewhere.leave();
    expect((await api.list('/core/users/?username=newcomer'))[0]).toMatchObject({ is_active: true });
  });

  it('gets a new password by a link that works once', async () => {
    await applyExample(api, 'flow-recovery-email-verification.yaml');
    await createPerson(api, 'alan', PASSWORD);
    await flow('default-recovery-flow');
    await fill('uid_field', 'alan');
    await submit();
    const link = await linkTo('alan@example.com');
    await page.goto(link);
    await fill('password', OTHER_PASSWORD);
    await fill('password_repeat', OTHER_PASSWORD);
    await submit();
    await atPortal();
    const elsewhere = await aPerson(browser);
    await elsewhere.page.goto(link);
    await elsewhere.page.waitForSelector('input[name=uid_field]');
    await elsewhere.leave();
    await signOut();
    await signIn('alan', OTHER_PASSWORD);
    await atPortal();
  });

  it('is not told whether a name is known when they ask for a link', async () => {
    const seen: (string | null)[] = [];
    await createPerson(api, 'known', PASSWORD);
    for (const name of ['known', 'unknown-to-all']) {
      await comeAnew();
      await flow('default-recovery-flow');
      await fill('uid_field', name);
      await submit();
      await page.waitForSelector('button:has-text("Send")');
      seen.push((await page.textContent('main'))?.replaceAll(name, 'NAME') ?? null);
    }
    expect(seen[0]).toBe(seen[1]);
  });
});

describe('a second factor', () => {
  beforeAll(() => applyExample(api, 'flow-login-passwordless.yaml'));

  it('is set up and asked for: codes of an app, each once', async () => {
    await somebody('margaret');
    await flow('default-authenticator-totp-setup');
    const secret = (await page.textContent('.po-secret'))?.replaceAll(/\s/g, '') ?? '';
    await picture(page, 'set up an authenticator app');
    await fill('code', '000000');
    await submit();
    await page.waitForSelector('[role=alert]');
    const first = await generate({ secret });
    await fill('code', first);
    await submit();
    await atPortal();
    await signOut();
    await signIn('margaret');
    await page.waitForSelector('[name=code]');
    await picture(page, 'asked for a code');
    await fill('code', first);
    await submit();
    await page.waitForSelector('[role=alert]');
    // The code of the next period is within the tolerance, and nobody has used it.
    await until(
      async () => {
        await fill('code', await generate({ secret, epoch: Math.floor(Date.now() / 1000) + 30 }));
        await submit();
        return page.waitForSelector('h1:has-text("My applications")', { timeout: 3_000 }).catch(() => null);
      },
      (portal) => portal !== null,
      60_000,
    );
  });

  it('may be a code that was written down, once', async () => {
    await somebody('katherine');
    await flow('default-authenticator-static-setup');
    await page.waitForSelector('.po-codes li');
    const [code = ''] = await page.locator('.po-codes li').allTextContents();
    await picture(page, 'recovery codes');
    await submit();
    await atPortal();
    for (const expected of ['h1:has-text("My applications")', '[role=alert]']) {
      await signOut();
      await signIn('katherine');
      await page.waitForSelector('[name=code]');
      await fill('code', code.trim());
      await submit();
      await page.waitForSelector(expected);
    }
  });

  it('may be a passkey, which is enough by itself where that is allowed', async () => {
    await aKey();
    await somebody('hedy');
    await flow('default-authenticator-webauthn-setup');
    await page.click('text=Register a key');
    await atPortal();
    await signOut();
    await signIn('hedy');
    await atPortalByKey();
    await signOut();
    await flow('default-authentication-flow-passwordless');
    await atPortalByKey();
    const me = await page.evaluate(() => fetch('/api/v3/core/users/me/').then((answer) => answer.json()));
    expect(me).toMatchObject({ user: { username: 'hedy' } });
  });

  it('may be a passkey that the browser fills in where the name is asked, and nothing is typed', async () => {
    await aKey();
    await somebody('annie');
    await flow('default-authenticator-webauthn-setup');
    await page.click('text=Register a key');
    await atPortal();
    await signOut();
    const [stage] = await api.list('/stages/identification/?name=default-authentication-identification');
    const { pk: passwordless_flow } = await api.get('/flows/instances/default-authentication-flow-passwordless/');
    const offer = (key: unknown) => api.patch(`/stages/identification/${stage?.pk}/`, { passwordless_flow: key });
    await offer(passwordless_flow);
    await page.goto(`${origin}/if/user/`);
    await atPortal();
    const me = await page.evaluate(() => fetch('/api/v3/core/users/me/').then((answer) => answer.json()));
    expect(me).toMatchObject({ user: { username: 'annie' } });
    await offer(null);
    const told = async () => (await api.list('/events/events/?action=login&username=annie'))[0];
    const how = { context: { auth_method: 'auth_webauthn_pwl' } };
    expect(await until(told, (event) => JSON.stringify(event).includes('auth_webauthn_pwl'))).toMatchObject(how);
  });
});

/** A key in the browser, which confirms whatever is asked of it. */
async function aKey(): Promise<void> {
  const chromium = await page.context().newCDPSession(page);
  await chromium.send('WebAuthn.enable');
  await chromium.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
}

/** Confirms with the key, unless the page has done so by itself. */
async function atPortalByKey(): Promise<void> {
  const use = page.locator('button:has-text("Use the key")');
  await Promise.race([use.waitFor(), atPortal()]).catch(() => undefined);
  if (await use.isVisible()) await use.click().catch(() => undefined);
  await atPortal();
}
