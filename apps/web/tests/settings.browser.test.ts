import { describe, expect, it } from 'vitest';
import { SECTIONS, settingsHref } from '../src/portal/user.route.ts';
import { givenPages } from './browser.harness.ts';
import { ada, grace } from './people-examples.ts';

const pages = givenPages();
const { focused, violations } = pages;

const button = (name: string) => pages.page.getByRole('button', { name, exact: true });
/** Its name goes on with a word about it. */
const choice = (name: string) => pages.page.getByRole('button', { name: new RegExp(`^${name} `) });
const heading = (name: string, level = 1) => pages.page.getByRole('heading', { name, level, exact: true });
const said = (text: string) => pages.page.locator('[role=status]', { hasText: text }).waitFor();
const alerted = (text: string) => pages.page.locator('[role=alert]', { hasText: text }).waitFor();
const changes = () => pages.double.people.changes.map((change) => change.replace(/ [0-9a-f-]+$/, ''));

async function open(section: (typeof SECTIONS)[number], title: string): Promise<void> {
  await pages.page.goto(`${pages.origin}/if/user/${settingsHref(section)}`);
  await heading(title).waitFor();
}

describe('the way there', () => {
  it('goes by the menu of the person, with the keyboard alone, and back', async () => {
    await pages.page.goto(`${pages.origin}/if/user/`);
    await button('ada.lovelace').focus();
    await pages.page.keyboard.press('Enter');
    await pages.page.keyboard.press('Escape');
    expect(await button('ada.lovelace').getAttribute('aria-expanded')).toBe('false');
    await pages.page.keyboard.press('Enter');
    for (const _ of ['applications', 'settings']) await pages.page.keyboard.press('Tab');
    await pages.page.keyboard.press('Enter');
    await heading('Profile').waitFor();
    expect(await pages.page.title()).toBe('Profile · Postern');
    expect(await pages.page.evaluate(() => document.activeElement?.tagName)).toBe('H1');
    await pages.page.goBack();
    await heading('My applications').waitFor();
  });

  it('opens the part that a link of another client names', async () => {
    await pages.page.goto(`${pages.origin}/if/user/#/settings;%7B%22page%22%3A%22page-tokens%22%7D`);
    await heading('Tokens').waitFor();
    expect(await pages.page.locator('nav [aria-current=page]').textContent()).toBe('Tokens');
  });

  it('asks whoever is not signed in to do so, and comes back to the same part', async () => {
    pages.double.state.signedIn = false;
    await pages.page.goto(`${pages.origin}/if/user/#/settings;page-mfa`);
    await pages.page.waitForURL(/\/flows\/-\/default\/authentication\//);
    expect(new URL(pages.page.url()).searchParams.get('next')).toBe('/if/user/#/settings;page-mfa');
  });
});

describe('the profile', () => {
  it('is changed by the flow of the brand within the page, and shows a refusal at its field', async () => {
    await open('page-details', 'Profile');
    await button('Edit profile').click();
    await heading('Update your info', 2).waitFor();
    expect(await focused()).toBe('username');
    await pages.page.getByLabel('Username').fill(grace.username);
    await button('Continue').click();
    await alerted('Username is already taken.');
    expect(await focused()).toBe('username');
    await pages.page.getByLabel('Username').fill('countess');
    await button('Continue').click();
    await said('Your profile is saved.');
    await button('countess').waitFor();
    expect(pages.page.url()).toContain(settingsHref('page-details'));
    expect(pages.complaints).toEqual([]);
  });

  it('is changed at the second try when the first finds no server', async () => {
    pages.double.people.broken.set('/flows/executor/user-settings/', 503);
    await open('page-details', 'Profile');
    await button('Edit profile').click();
    await alerted('The server has a problem');
    pages.double.people.broken.clear();
    await button('Try again').click();
    await pages.page.getByLabel('Username').waitFor();
  });

  it('is left for good by the flow of a brand that has one', async () => {
    pages.double.people.brand.flow_unenrollment = 'leave-us';
    await open('page-details', 'Profile');
    const link = pages.page.getByRole('link', { name: 'Delete account' });
    expect(await link.getAttribute('href')).toBe('/if/flow/leave-us/');
  });

  it('is only shown where the brand has no flow', async () => {
    pages.double.people.brand = {};
    await open('page-details', 'Profile');
    await pages.page.getByText('Your administrator keeps this up to date.').waitFor();
    expect(await button('Edit profile').count()).toBe(0);
  });
});

describe('the sign-in', () => {
  it('has its password changed within the page', async () => {
    await open('page-mfa', 'Sign-in');
    await button('Change password').click();
    await heading('Change password', 2).waitFor();
    await pages.page.getByLabel('Password', { exact: true }).fill('correct horse');
    await pages.page.getByLabel('Password (repeat)').fill('wrong horse');
    await button('Continue').click();
    await alerted("Passwords don't match.");
    await pages.page.getByLabel('Password', { exact: true }).fill('correct horse');
    await pages.page.getByLabel('Password (repeat)').fill('correct horse');
    await button('Continue').click();
    await said('Your password is changed.');
  });

  it('gets another second factor, and is left alone by whoever changes their mind', async () => {
    await open('page-mfa', 'Sign-in');
    await choice('Recovery code').click();
    await button('I have saved my codes').waitFor();
    expect(await violations()).toEqual([]);
    await button('Cancel').click();
    expect(await focused()).toBe('po-section');
    await choice('Recovery code').click();
    await button('I have saved my codes').click();
    await said('Your second factor is set up.');
  });

  it('hands a step over that needs the page of flows, and comes back from there', async () => {
    await open('page-mfa', 'Sign-in');
    await choice('Duo').click();
    await pages.page.waitForURL(/\/if\/flow\/set-up-duo\//);
    expect(new URL(pages.page.url()).searchParams.get('next')).toBe('/if/user/#/settings;page-mfa');
  });

  it('has its second factors renamed', async () => {
    await open('page-mfa', 'Sign-in');
    await button('Rename Phone').click();
    expect(await focused()).toBe('name');
    await pages.page.getByLabel('Name', { exact: true }).fill('');
    await button('Save').click();
    await alerted('Please fill in this field.');
    await pages.page.getByLabel('Name', { exact: true }).fill('forbidden');
    await button('Save').click();
    await alerted('Not this name.');
    await pages.page.getByLabel('Name', { exact: true }).fill('Old phone');
    await pages.page.keyboard.press('Enter');
    await said('It has its new name.');
    await pages.page.getByText('Old phone').waitFor();
    expect(pages.double.people.changes.every((change) => !change.endsWith(' -'))).toBe(true);
  });

  it('loses a second factor only after a question, and a warning before the last', async () => {
    await open('page-mfa', 'Sign-in');
    await button('Remove Phone').click();
    expect(await pages.page.getByRole('dialog', { name: 'Remove Phone?' }).textContent()).toContain(
      'Only recovery codes',
    );
    await pages.page.keyboard.press('Escape');
    expect(await pages.page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe('Remove Phone');
    expect(changes()).toEqual([]);

    await button('Remove Phone').click();
    await button('Remove').click();
    await said('The second factor is removed.');
    await button('Remove Recovery codes').click();
    await pages.page.getByText('This is your last second factor.').waitFor();
    expect(await violations()).toEqual([]);
    await button('Remove').click();
    await pages.page.getByText('No second factor yet').waitFor();
    expect(changes()).toEqual(['DELETE /api/v3/authenticators/totp/1/', 'DELETE /api/v3/authenticators/static/1/']);
  });
});

describe('sessions', () => {
  it('are told apart, this one first', async () => {
    await open('page-sessions', 'Sessions');
    const items = pages.page.locator('.po-item');
    await items.first().waitFor();
    expect(await items.locator('.po-item-title').allTextContents()).toEqual([
      'Chrome 151 on LinuxThis session',
      'Safari 18 on iOS',
      'curl/8.15.0',
    ]);
    expect(await items.nth(1).textContent()).toContain('Munich, Germany · 198.51.100.23Last used yesterday');
    expect(await pages.page.getByRole('link', { name: 'Sign out' }).getAttribute('href')).toBe(
      '/flows/-/default/invalidation/',
    );
  });

  it('are ended one by one, or all but this one', async () => {
    await open('page-sessions', 'Sessions');
    await button('End all other sessions').click();
    await pages.page.getByRole('dialog').getByRole('button', { name: 'End all other sessions' }).click();
    await said('All other sessions are ended.');
    await pages.page.getByText('You are signed in nowhere else.').waitFor();
    const { changes: sent, sessions } = pages.double.people;
    expect([sent.length, sessions.map(({ uuid }) => uuid)]).toEqual([2, ['this']]);
  });

  it('stay, and say why, when the server does not end them', async () => {
    pages.double.people.broken.set('/core/authenticated_sessions/old/', 403);
    await open('page-sessions', 'Sessions');
    await button('End the session of Safari 18 on iOS').click();
    await button('End').click();
    await alerted('broken');
    await button('Cancel').click();
    expect(await pages.page.locator('.po-item').count()).toBe(3);
  });
});

it('shows what applications may do until it is revoked', async () => {
  await open('page-consents', 'Permissions');
  const first = pages.page.locator('.po-item').first();
  expect(await first.textContent()).toContain('Who you are · Your email address · rolesUntil you revoke it');
  await button('Revoke what Dashboards may do').click();
  await button('Revoke').click();
  await said('The permission is revoked.');
  await expect.poll(() => pages.page.locator('.po-item').count()).toBe(1);
});

describe('tokens', () => {
  it('are made, shown once and copied', async () => {
    pages.double.people.tokens = [];
    await open('page-tokens', 'Tokens');
    await button('Create a token').click();
    expect(await focused()).toBe('identifier');
    await pages.page.getByLabel('Name', { exact: true }).fill('my token');
    await button('Create').click();
    await alerted('Please use letters');
    await pages.page.getByLabel('Name', { exact: true }).fill('my-token');
    await pages.page.getByLabel('API token').check();
    await pages.page.getByLabel('Valid for').selectOption('7');
    expect(await violations()).toEqual([]);
    await pages.page.emulateMedia({ colorScheme: 'dark' });
    expect(await violations({ runOnly: ['color-contrast'] })).toEqual([]);
    await button('Create').click();
    await pages.page.getByText('key-of-my-token').waitFor();
    await button('Copy key').click();
    await pages.page.getByText('Copied').waitFor();
    expect(await pages.page.evaluate(() => navigator.clipboard.readText())).toBe('key-of-my-token');
    await button('Done').click();
    await said('The token is created.');
    expect(await pages.page.content()).not.toContain('key-of-my-token');
    expect(pages.double.people.tokens).toMatchObject([{ identifier: 'my-token', intent: 'api', expiring: true }]);
  });

  it('keep their names apart, and go when they are deleted', async () => {
    await open('page-tokens', 'Tokens');
    await button('Create a token').click();
    expect(await pages.page.locator('.po-item').count()).toBe(2);
    await pages.page.getByLabel('Name', { exact: true }).fill('mail');
    await button('Create').click();
    await alerted('already exists');
    await button('Cancel').click();
    await button('Delete mail').click();
    await button('Delete').click();
    await said('The token is deleted.');
    expect(changes().at(-1)).toBe('DELETE /api/v3/core/tokens/mail/');
  });
});

it('has nothing to connect where the server knows no sources, and lists those that it does', async () => {
  await open('page-sources', 'Connected accounts');
  await pages.page.getByText('Nothing to connect yet').waitFor();
  const source = { object_uid: 'x', component: 'ak-user-settings-source-oauth', title: 'Forge' };
  pages.double.people.sources = [{ ...source, configure_url: '/source/oauth/login/forge/' }];
  await pages.page.reload();
  expect(await pages.page.getByRole('link', { name: 'Connect Forge' }).getAttribute('href')).toMatch(/forge\/$/);
});

it('says that a part did not come, and tries again', async () => {
  pages.double.people.broken.set('/authenticators/all/', 500);
  await open('page-mfa', 'Sign-in');
  await alerted('The server has a problem');
  pages.double.people.broken.clear();
  await button('Try again').click();
  await pages.page.getByText('Phone', { exact: true }).waitFor();
});

it('reminds somebody that they act as another person, until they stop', async () => {
  pages.double.people.me = { user: grace, original: ada };
  await open('page-sessions', 'Sessions');
  await pages.page.getByText('You act as Grace Hopper.').waitFor();
  expect(await violations()).toEqual([]);
  await button('Stop').click();
  await heading('My applications').waitFor();
  await button('ada.lovelace').waitFor();
  expect(await button('Stop').count()).toBe(0);
});

it('speaks German', async () => {
  pages.double.settings.locale = 'de';
  await pages.page.goto(`${pages.origin}/if/user/#/settings;page-sessions`);
  await heading('Sitzungen').waitFor();
  await pages.page.getByText('München').or(pages.page.getByText('Munich, Deutschland')).waitFor();
  await pages.page.getByText('Zuletzt benutzt: gestern').waitFor();
});

const TITLES = ['Profile', 'Sign-in', 'Sessions', 'Permissions', 'Tokens', 'Connected accounts'];

it('has no accessibility violation in any part, by day and by night, and fits a phone', async () => {
  await pages.page.setViewportSize({ width: 360, height: 740 });
  for (const [index, section] of SECTIONS.entries()) {
    await pages.page.emulateMedia({ colorScheme: 'light' });
    await open(section, TITLES[index] ?? '');
    await pages.page.locator('.po-panel, .po-empty').first().waitFor();
    await pages.page.locator('.po-waiting').waitFor({ state: 'detached' });
    expect(await pages.page.evaluate(() => document.documentElement.scrollWidth), section).toBe(360);
    expect(await violations(), section).toEqual([]);
    await pages.page.emulateMedia({ colorScheme: 'dark' });
    expect(await violations({ runOnly: ['color-contrast'] }), `${section} at night`).toEqual([]);
  }
  expect(pages.complaints.filter((text) => !text.includes('404'))).toEqual([]);
});
