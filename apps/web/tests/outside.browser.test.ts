import { describe, expect, it } from 'vitest';
import { givenPages } from './browser.harness.ts';

const pages = givenPages();
const { show, press, violations } = pages;

const answers = () => pages.double.posted.map(({ body }) => body);
const arrived = () => pages.page.waitForURL('**/done');
const said = (text: string) => pages.page.locator('[role=alert]', { hasText: text }).waitFor();

/** What the captcha finds. Before the page runs, so that even a hidden one has it in time. */
const captchaFinds = (token: string) =>
  pages.page.addInitScript((found) => Reflect.set(window, 'captchaToken', found), token);

describe('a captcha of another host, under the policy of the page', () => {
  it.each(['captcha', 'captcha-recaptcha', 'captcha-turnstile'])('answers with its token: %s', async (name) => {
    await captchaFinds('human');
    await show(`show-${name}`);
    await arrived();
    expect(answers()).toEqual([{ component: 'ak-stage-captcha', token: 'human' }]);
    expect(pages.complaints).toEqual([]);
  });

  it('does not go on with a token that the server refuses, and is drawn for the next try', async () => {
    await captchaFinds('robot');
    await show('show-captcha');
    await said('The check was not passed');
    await press('Try again');
    await pages.page.frameLocator('iframe').getByText('I am human').waitFor();
    expect(answers()).toHaveLength(1);
  });

  it('says so when it does not load', async () => {
    await show('show-captcha-broken');
    await said('The check did not load');
    expect(answers()).toEqual([]);
  });
});

it('takes the answer that a mail was sent for what it is, and can have it sent again', async () => {
  await show('show-email');
  expect(pages.double.memory.mails).toBe(0);
  await press('Send it again');
  await pages.page.locator('[role=status]', { hasText: 'Another email is on its way.' }).waitFor();
  expect(await pages.page.locator('[role=alert]').count()).toBe(0);
  expect(pages.double.memory.mails).toBe(1);
});

it('asks for the code of a device, brings that of a link along, and sends neither by itself', async () => {
  await show('show-device-code', 'code=123456789');
  expect(answers()).toEqual([]);
  await pages.page.fill('input[name=code]', '1');
  await press('Continue');
  await said('There is no device with this code.');
  await show('show-device-code', 'code=123456789');
  await press('Continue');
  await arrived();
  expect(answers().at(-1)).toEqual({ component: 'ak-provider-oauth2-device-code', code: 123456789 });
});

describe('Plex', () => {
  it('is signed in to in a window of its own, from the list of sources', async () => {
    await show('show-identification-sources');
    await press('Continue with Plex');
    const [popup] = await Promise.all([pages.page.waitForEvent('popup'), press('Continue with Plex')]);
    await popup.waitForURL('https://app.plex.tv/**');
    expect(popup.url()).toBe('https://app.plex.tv/auth#!?clientID=plex-client&code=plex-code');
    pages.outside.token = 'plex-token';
    await arrived();
    expect(popup.isClosed()).toBe(true);
  });

  it('tells that an account may not sign in here, and that a closed window is no answer', async () => {
    await show('show-plex');
    const [popup] = await Promise.all([pages.page.waitForEvent('popup'), press('Continue with Plex')]);
    await popup.close();
    await pages.page.locator('button[aria-disabled=true]').waitFor({ state: 'detached' });
    pages.outside.token = 'a token of a stranger';
    await press('Continue with Plex');
    await said('This Plex account may not sign in here.');
  });
});

it('sends people to Apple by a link, without loading anything of theirs', async () => {
  const foreign: string[] = [];
  pages.page.on('request', (request) => request.url().includes('apple') && foreign.push(request.url()));
  await show('show-identification-sources');
  const href = await pages.page.getByRole('link', { name: 'Continue with Apple' }).getAttribute('href');
  expect(new URL(href ?? '').searchParams.get('state')).toBe('a state & more');
  expect(foreign.filter((url) => url.includes('apple.com'))).toEqual([]);
});

describe('what an administrator puts below the pages', () => {
  it('stands there as links, with no address that runs script', async () => {
    pages.double.state.footerLinks = [
      { name: 'Imprint', href: '/imprint' },
      { name: 'Trap', href: 'javascript:document.title="escaped"' },
    ];
    await show('show-password');
    await pages.page.getByRole('contentinfo').waitFor();
    expect(await pages.page.getByRole('contentinfo').getByRole('link').allTextContents()).toEqual(['Imprint']);
    expect(await violations()).toEqual([]);
  });
});

describe('the language', () => {
  it('is that of the brand, and else that of the browser', async () => {
    pages.double.settings.locale = 'de';
    await show('show-password');
    expect(await pages.page.getAttribute('html', 'lang')).toBe('de');
    await pages.page.getByLabel('Passwort', { exact: true }).waitFor();

    pages.double.settings.locale = '';
    await show('show-password');
    await pages.page.getByLabel('Password', { exact: true }).waitFor();
    await pages.open({ locale: 'de-AT' });
    await show('sign-in');
    await pages.page.getByRole('button', { name: 'Anmelden' }).waitFor();
    expect(pages.complaints).toEqual([]);
  });
});

it('says so when a part of the page does not load', async () => {
  await pages.page.route(/totp\.stage/, (route) => route.abort());
  await show('show-totp');
  await pages.page.getByRole('heading', { name: 'This page could not be shown' }).waitFor();
});
