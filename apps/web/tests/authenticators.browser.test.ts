import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { CODES, duoDevice, SECRET, SMS_CODE, STATIC_STAGE, smsDevice } from './authenticator-challenges.ts';
import { givenPages } from './browser.harness.ts';
import { totpAt } from './totp-double.ts';

const pages = givenPages();
const { show, focused, press } = pages;

const answers = () => pages.double.posted.map(({ body }) => body);
const arrived = () => pages.page.waitForURL('**/done');
const said = (text: string) => pages.page.locator('[role=alert]', { hasText: text }).waitFor();

async function enter(code: string): Promise<void> {
  await pages.page.fill('input[name=code]', code);
  await pages.page.keyboard.press('Enter');
}

/** A key in this browser that confirms by itself. Keys take names only, so the pages are at `localhost` from now on. */
async function aKey(): Promise<void> {
  pages.origin = pages.origin.replace('127.0.0.1', 'localhost');
  const debug = await pages.page.context().newCDPSession(pages.page);
  await debug.send('WebAuthn.enable');
  const traits = { hasResidentKey: true, hasUserVerification: true, isUserVerified: true };
  const options = { protocol: 'ctap2', transport: 'internal', automaticPresenceSimulation: true, ...traits } as const;
  await debug.send('WebAuthn.addVirtualAuthenticator', { options });
}

describe('an authenticator app', () => {
  it('is refused with a wrong code, and set up with the right one', async () => {
    await show('show-totp');
    expect(await pages.page.getByRole('img', { name: /QR code/ }).count()).toBe(1);
    expect(await pages.page.textContent('.po-secret')).toBe('JBSW Y3DP EHPK 3PXP JBSW Y3DP EHPK 3PXP');
    await press('Copy key');
    await pages.page.getByText('Copied').waitFor();
    expect(await pages.page.evaluate(() => navigator.clipboard.readText())).toBe(SECRET);

    await enter('12345');
    await said('digits only');
    expect(answers()).toEqual([]);
    await enter('000000');
    await said('This code does not fit');
    expect(await focused()).toBe('code');
    const code = totpAt(SECRET, Date.now());
    await enter(`${code.slice(0, 3)} ${code.slice(3)}`);
    await arrived();
    expect(answers().at(-1)).toEqual({ component: 'ak-stage-authenticator-totp', code: Number(code) });
  });

  it('is asked for a code with all of its zeros', async () => {
    await show('show-validate-totp');
    await enter('000 000');
    await said('This code does not fit');
    expect(answers()).toEqual([{ component: 'ak-stage-authenticator-validate', code: '000000' }]);
    await enter(totpAt(SECRET, Date.now()));
    await arrived();
  });
});

it('keeps recovery codes on the clipboard or in a file', async () => {
  await show('show-static');
  const [download] = await Promise.all([pages.page.waitForEvent('download'), press('Download')]);
  expect(download.suggestedFilename()).toBe('recovery-codes.txt');
  expect(await readFile(await download.path(), 'utf8')).toBe(
    `Recovery codes of ada.lovelace for Postern\n\n${CODES.join('\n')}\n`,
  );
  await press('Copy');
  await pages.page.getByText('Copied').waitFor();
  expect(await pages.page.evaluate(() => navigator.clipboard.readText())).toBe(CODES.join('\n'));
  await press('I have saved my codes');
  await arrived();
});

describe('text messages', () => {
  it('are set up by a number and then the code, sent again or elsewhere on demand', async () => {
    await show('show-sms');
    await pages.page.fill('input[name=phone_number]', '12');
    await pages.page.keyboard.press('Enter');
    await said('This phone number cannot be used');
    await pages.page.fill('input[name=phone_number]', ' +4915112345678 ');
    await pages.page.keyboard.press('Enter');
    await pages.page.getByText('We have sent a code to +4915112345678.').waitFor();
    expect(await focused()).toBe('code');
    expect(await pages.page.locator('[role=alert]').count()).toBe(0);

    await press('Send the code again');
    await expect.poll(() => pages.double.memory.texts).toEqual(['+4915112345678', '+4915112345678']);
    await press('Use another number');
    await pages.page.fill('input[name=phone_number]', '+4915187654321');
    await press('Send code');
    await enter('111111');
    await said('This code does not fit');
    await enter(SMS_CODE);
    await arrived();
    expect(answers().at(-1)).toEqual({ component: 'ak-stage-authenticator-sms', code: Number(SMS_CODE) });
  });

  it('are sent once the phone is chosen, and that is no failure', async () => {
    await show('show-validate-all');
    await pages.page.getByRole('button', { name: 'Text message' }).click();
    await pages.page.waitForSelector('input[name=code]');
    await expect.poll(() => pages.double.memory.texts.length).toBe(1);
    expect(answers()).toEqual([{ component: 'ak-stage-authenticator-validate', selected_challenge: smsDevice }]);
    await pages.page.locator('[aria-busy=false]').waitFor();
    expect(await pages.page.locator('[role=alert]').count()).toBe(0);
    await enter(SMS_CODE);
    await arrived();
    expect(pages.double.memory.texts).toHaveLength(1);
  });
});

describe('Duo', () => {
  it('goes on by itself once its app has scanned the picture', async () => {
    await show('show-duo');
    expect(await pages.page.getByRole('link', { name: 'Activate it here' }).getAttribute('href')).toMatch(/^https:/);
    await pages.page.getByText('Waiting for the app').waitFor();
    expect(answers()).toEqual([]);
    pages.double.memory.duo = 'success';
    await arrived();
    expect(answers()).toEqual([{ component: 'ak-stage-authenticator-duo' }]);
  });

  it('says that a code is not valid any more, and asks no further', async () => {
    pages.double.memory.duo = 'invalid';
    await show('show-duo');
    await said('not valid any more');
    expect(answers()).toEqual([]);
  });

  it('is waited for as long as the person takes, without a second choice', async () => {
    await show('show-validate-all');
    await pages.page.getByRole('button', { name: 'Duo' }).click();
    await expect.poll(() => answers().length, { timeout: 5_000 }).toBeGreaterThan(1);
    expect(new Set(answers().map((body) => JSON.stringify(body))).size).toBe(1);
    await pages.page.getByText('We have sent a request to your phone').waitFor();
    pages.double.memory.duo = 'allow';
    await arrived();
  });

  it('tells when a request is declined, and sends another one on demand', async () => {
    pages.double.memory.duo = 'deny';
    await show('show-validate-duo');
    await said('The request was declined in Duo.');
    expect(answers()).toEqual([{ component: 'ak-stage-authenticator-validate', duo: 14 }]);
    await press('Send another request');
    await arrived();
    expect(answers().slice(1)).toEqual([
      { component: 'ak-stage-authenticator-validate', selected_challenge: duoDevice },
      { component: 'ak-stage-authenticator-validate', duo: 14 },
    ]);
  });
});

describe('a security key', () => {
  it('is registered, and then proves who is there', async () => {
    await aKey();
    await show('show-webauthn');
    expect(answers()).toEqual([]);
    await press('Register a key');
    await arrived();
    expect(pages.double.memory.webauthn.keys).toHaveLength(1);

    await show('show-validate-all');
    await pages.page.getByRole('button', { name: 'Security key or passkey' }).click();
    await arrived();
    expect(answers().at(-1)).toMatchObject({ webauthn: { type: 'public-key', response: { signature: /./ } } });
    // The browser remembers how: no choice the next time.
    await show('show-validate-all');
    await arrived();
    expect(pages.complaints).toEqual([]);
  });

  it('is not registered twice', async () => {
    await aKey();
    await show('show-webauthn');
    await press('Register a key');
    await arrived();
    await show('show-webauthn');
    await press('Register a key');
    await said('You have registered this key already');
    expect(pages.double.memory.webauthn.keys).toHaveLength(1);
  });

  it('does not work at an address that is no name, and the page says so', async () => {
    await show('show-webauthn');
    await press('Register a key');
    await said('The key does not fit this address');
    expect(answers()).toEqual([]);
  });

  it('is not offered by a browser that knows none', async () => {
    await pages.page.addInitScript(() => Reflect.deleteProperty(window, 'PublicKeyCredential'));
    await show('show-webauthn');
    await said('Keys cannot be used here');
    expect(await pages.page.getByRole('button', { name: 'Register a key' }).count()).toBe(0);
    await show('show-validate-all');
    await pages.page.getByRole('button', { name: 'Security key or passkey' }).click();
    await press('Use another method');
    await pages.page.getByRole('button', { name: 'Recovery code' }).click();
    await enter(CODES[0] ?? '');
    await arrived();
  });
});

it('offers what can be set up, and says which was chosen', async () => {
  await show('show-validate-set-up');
  await pages.page.getByRole('button', { name: 'Authenticator app' }).click();
  await said('This cannot be set up now');
  await pages.page.getByRole('button', { name: 'Recovery code' }).click();
  await arrived();
  expect(answers().at(-1)).toEqual({ component: 'ak-stage-authenticator-validate', selected_stage: STATIC_STAGE });
});
