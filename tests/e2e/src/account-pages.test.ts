import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { type ReceivedMail, startSmtpSink } from '@postern/testkit';
import { generate } from 'otplib';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { type Api, apiOf, until } from './api.client.ts';
import { aPerson, launchBrowser, type Person, picture } from './browser.ts';
import { ADMIN_TOKEN, BOOTSTRAP, oneProcess, type Platform } from './platforms.ts';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const EMAIL = 'grace@example.com';
const OTHER_EMAIL = 'hopper@example.com';
const PASSWORD = 'a long walk in the hills';
const OTHER_PASSWORD = 'an even longer walk by the sea';

const sink = await startSmtpSink();
let browser: Browser;
let platform: Platform;
let api: Api;
let person: Person;
let page: Page;
/** Keys belong to names, not to numbers: the pages are opened as `localhost`. */
let origin: string;
let secret = '';
let recoveryCodes: string[] = [];

beforeAll(async () => {
  const mail = { POSTERN_EMAIL__HOST: '127.0.0.1', POSTERN_EMAIL__PORT: String(sink.port) };
  [browser, platform] = await Promise.all([launchBrowser(), oneProcess.start({ ...BOOTSTRAP, ...mail })]);
  api = apiOf({ url: platform.url, token: ADMIN_TOKEN });
  origin = platform.url.replace('127.0.0.1', 'localhost');
  await set({
    login_methods: ['email'],
    signup_fields: ['email*', 'password1*'],
    signup_open: true,
    email_verification: 'mandatory',
    mfa_passkey_login_enabled: true,
    mfa_trust_enabled: true,
    login_by_code_enabled: true,
  });
  person = await aPerson(browser);
  ({ page } = person);
  page.setDefaultTimeout(10_000);
  await aKey(page);
});

afterAll(async () => {
  await person?.leave();
  await browser?.close();
  await platform?.stop();
  await sink.stop();
});

afterEach(({ task }) => (task.result?.state === 'fail' ? picture(page, 'account failure') : undefined));

const set = (settings: object) => api.patch('/api/postern/v1/headless/settings/', settings);
const open = (path: string) => page.goto(`${origin}/account/${path}`);
const heading = (name: string, on = page) => on.getByRole('heading', { name, level: 1, exact: true }).waitFor();
const button = (name: string) => page.getByRole('button', { name, exact: true });
const field = (name: string, value: string) => page.fill(`[name=${name}]`, value);
const dialog = () => page.getByRole('dialog').last();
const said = (text: string) => page.locator('[role=status]', { hasText: text }).waitFor();
const codeNow = (steps = 0) => generate({ secret, epoch: Math.floor(Date.now() / 1000) + 30 * steps });

/** Whatever is on display can be used by everybody. */
async function look(name: string): Promise<void> {
  const source = (await page.evaluate('typeof axe')) === 'undefined' ? axe : '';
  const found = (await page.evaluate(`${source}; axe.run({ resultTypes: ['violations'], preload: false })`)) as {
    violations: { id: string; nodes: { html: string }[] }[];
  };
  const violations = found.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
  expect(violations, name).toEqual([]);
  await picture(page, `account ${name}`);
}

/** A key in the browser, which confirms whatever is asked of it. */
async function aKey(at: Page): Promise<void> {
  const chromium = await at.context().newCDPSession(at);
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

const read = new Set<ReceivedMail>();

/** The text of the next mail to an address. */
async function mailTo(address: string): Promise<string> {
  const found = await until(
    async () => sink.mails.find((mail) => mail.to.includes(address) && !read.has(mail)),
    (mail) => mail !== undefined,
  );
  if (found) read.add(found);
  return String(found?.body)
    .replaceAll(/=\r?\n/g, '')
    .replaceAll(/=([0-9A-F]{2})/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)));
}

/** Opens the page that a mail leads to, by the name that these pages are opened by. */
async function followMail(address: string): Promise<void> {
  const [link = ''] = /https?:\/\/\S+\/account\/\S+/.exec(await mailTo(address)) ?? [];
  const { pathname } = new URL(link);
  await page.goto(`${origin}${pathname}`);
}

async function codeInMail(address: string): Promise<string> {
  return /^\s*([A-Z]{4}-[A-Z]{4})\s*$/m.exec(await mailTo(address))?.[1] ?? '';
}

async function signOut(): Promise<void> {
  await button('Sign out').click();
  await heading('Sign in');
}

async function signIn(password = PASSWORD): Promise<void> {
  await field('name', EMAIL);
  await field('password', password);
  await button('Sign in').click();
}

it('signs somebody up, who confirms their address by the link of a mail, and signs in', async () => {
  await open('email');
  await heading('Sign in');
  await look('login');
  await page.getByRole('link', { name: 'Create an account' }).click();
  await heading('Create an account');
  await field('email', EMAIL);
  await field('password', '12345678');
  await button('Create account').click();
  await page.locator('[name=password][aria-invalid=true]').waitFor();
  await look('signup');
  await field('password', PASSWORD);
  await button('Create account').click();
  await heading('Check your inbox');
  await look('verify-email');
  await followMail(EMAIL);
  await page.getByText(EMAIL).waitFor();
  await look('verify-email-key');
  await button('Confirm').click();
  await heading('Your address is confirmed');
  await button('Go to sign-in').click();
  await signIn('not the password');
  await page.getByText('Name and password do not belong together.').waitFor();
  await signIn();
  await heading('Email addresses');
  await look('email');
});

it('has an authenticator app set up, whose codes are asked for from then on', async () => {
  await page.getByRole('link', { name: 'Two-step sign-in' }).click();
  await heading('Two-step sign-in');
  await button('Set up an app').click();
  await dialog().locator('.po-qr').waitFor();
  secret = String(await dialog().locator('.po-secret').textContent()).replaceAll(/\s/g, '');
  await look('app');
  await field('code', await codeNow());
  await button('Activate').click();
  await dialog().locator('.po-codes li').first().waitFor();
  recoveryCodes = await dialog().locator('.po-codes li').allTextContents();
  expect(recoveryCodes).toHaveLength(10);
  await look('recovery-codes');
  const [download] = await Promise.all([page.waitForEvent('download'), button('Download').click()]);
  expect(readFileSync(await download.path(), 'utf8')).toContain(recoveryCodes[9]);
  await button('I have saved my codes').click();
  await signOut();
  await signIn();
  await heading('Confirm that it is you');
  await look('second-factor');
  // The code of the app is used up, and another one half a minute away.
  await page.getByRole('button', { name: /Recovery code/ }).click();
  await field('code', recoveryCodes[0] ?? '');
  await button('Continue').click();
  await heading('Trust this browser?');
  await look('trust');
  await button('No').click();
  await heading('Email addresses');
});

it('adds a passkey, which signs in by itself, and gets another name', async () => {
  await open('2fa');
  await button('Add a key').click();
  await field('name', 'Blue key');
  await look('new-key');
  await dialog().getByRole('button', { name: 'Create', exact: true }).click();
  await page.getByText('Blue key').waitFor();
  await button('Rename Blue key').click();
  await field('name', 'Green key');
  await button('Save').click();
  await said('It has its new name.');
  await look('authenticators');
  await signOut();
  await button('Sign in with a passkey').click();
  await heading('Email addresses');
});

it('resets a forgotten password by the link of a mail', async () => {
  await signOut();
  await page.getByRole('link', { name: 'Forgot password?' }).click();
  await heading('Forgot your password?');
  await field('email', EMAIL);
  await look('reset');
  await button('Send me a mail').click();
  await heading('Check your inbox');
  await followMail(EMAIL);
  await heading('Choose a new password');
  await look('reset-key');
  await field('password', OTHER_PASSWORD);
  await button('Set password').click();
  await heading('Your password is changed');
  await button('Go to sign-in').click();
  await signIn(OTHER_PASSWORD);
  await heading('Confirm that it is you');
  await button('Use the key').click();
  await heading('Trust this browser?');
  await button('Yes, trust it').click();
  await heading('Email addresses');
});

it('adds an address that a code confirms, and makes it the primary one', async () => {
  await set({ email_verification_by_code_enabled: true });
  await open('email');
  await button('Add an address').click();
  await field('email', OTHER_EMAIL);
  await dialog().getByRole('button', { name: 'Add an address' }).click();
  await dialog()
    .getByLabel('Code')
    .fill(await codeInMail(OTHER_EMAIL));
  await look('email-code');
  await button('Confirm').click();
  await said(`${OTHER_EMAIL} is confirmed.`);
  await button(`Make primary: ${OTHER_EMAIL}`).click();
  await dialog().getByRole('button', { name: 'Make primary' }).click();
  await said(`${OTHER_EMAIL} is your primary address.`);
});

it('signs in by a code elsewhere, and ends that session from here', async () => {
  const other = await aPerson(browser);
  await other.page.goto(`${origin}/account/login/code?next=/account/sessions`);
  await other.page.fill('[name=name]', EMAIL);
  await other.page.getByRole('button', { name: 'Send me a code' }).click();
  await heading('Enter your code', other.page);
  await other.page.fill('[name=code]', await codeInMail(EMAIL));
  await other.page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await heading('Confirm that it is you', other.page);
  await other.page.getByRole('button', { name: /Recovery code/ }).click();
  await other.page.fill('[name=code]', recoveryCodes[1] ?? '');
  await other.page.getByRole('button', { name: 'Continue', exact: true }).click();
  await heading('Trust this browser?', other.page);
  await other.page.getByRole('button', { name: 'No', exact: true }).click();
  await heading('Sessions', other.page);
  await open('sessions');
  await page.getByRole('button', { name: /^End the session/ }).waitFor();
  await look('sessions');
  await page.getByRole('button', { name: /^End the session/ }).click();
  await dialog().getByRole('button', { name: 'End', exact: true }).click();
  await said('The session is ended.');
  await other.page.getByRole('link', { name: 'Password' }).click();
  await other.page.getByRole('link', { name: 'Sessions' }).click();
  await heading('Sign in', other.page);
  await other.leave();
});

it('asks once more who it is before it shows what is secret, and then does what was asked for', async () => {
  await set({ reauthentication_timeout: 3 });
  await open('2fa');
  await expect
    .poll(
      async () => {
        await button('Show').click();
        const isAsked = await Promise.race([
          page
            .getByText('it has been a while')
            .waitFor()
            .then(() => true),
          dialog()
            .locator('.po-codes')
            .waitFor()
            .then(() => false),
        ]);
        if (!isAsked) await button('I have saved my codes').click();
        return isAsked;
      },
      { timeout: 15_000 },
    )
    .toBe(true);
  await look('reauthentication');
  await dialog()
    .getByRole('button', { name: /^Password/ })
    .click();
  await field('password', OTHER_PASSWORD);
  await dialog().getByRole('button', { name: 'Continue' }).click();
  await dialog().locator('.po-codes li').first().waitFor();
  expect(await dialog().locator('.po-codes li').count()).toBe(8);
});

it('changes the password, and says what the API refuses', async () => {
  await open('password/change');
  await field('current_password', 'not the password');
  await field('new_password', PASSWORD);
  await button('Change password').click();
  await page.getByText('This is not your current password.').waitFor();
  await look('password');
  await field('current_password', OTHER_PASSWORD);
  await field('new_password', PASSWORD);
  await button('Change password').click();
  await said('Your password is changed.');
});

it('says so on the page when something is not there, is over, or is too old', async () => {
  for (const [path, title] of [
    ['nothing', 'Page not found'],
    ['verify-email/old-key', 'This link does not work'],
    ['password/reset/key/old-key', 'This link does not work'],
    ['provider/callback?error=cancelled&error_process=login', 'That did not work'],
    ['2fa/trust', 'Email addresses'],
    ['provider/signup', 'This step is over'],
  ] as const) {
    await open(path);
    await heading(title);
    await look(path.replaceAll(/\W/g, '-'));
  }
  // What a browser says of answers that are refusals is no complaint.
  expect(person.complaints.filter((text) => !/status of 4\d\d/.test(text))).toEqual([]);
});
