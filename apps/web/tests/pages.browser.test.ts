import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { examples } from './challenges.ts';
import { startExecutorDouble } from './executor-double.ts';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

let browser: Browser;
let double: Awaited<ReturnType<typeof startExecutorDouble>>;
let page: Page;
let complaints: string[];

beforeAll(async () => {
  browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
});

afterAll(() => browser.close());

beforeEach(async () => {
  double = await startExecutorDouble();
  await open();
});

afterEach(async () => {
  await page.context().close();
  await double.stop();
});

/** A fresh browser profile; whatever the console complains about (the content security policy too) is kept. */
async function open(colorScheme: 'light' | 'dark' = 'light'): Promise<void> {
  const context = await browser.newContext({ colorScheme, reducedMotion: 'reduce' });
  page = await context.newPage();
  complaints = [];
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(error.message));
}

async function show(flow: string): Promise<void> {
  await page.goto(`${double.origin}/if/flow/${flow}/?next=%2Fdone`);
  await page.waitForSelector('h1');
}

const focused = () => page.evaluate(() => document.activeElement?.getAttribute('name') ?? document.activeElement?.id);

async function violations(): Promise<string[]> {
  // Through the debugger, so that the page's policy stays what it is.
  const results = (await page.evaluate(`${axe}; axe.run()`)) as AxeResults;
  return results.violations.map((found) => `${found.id}: ${found.nodes.map((node) => node.html).join(' ')}`);
}

describe('a sign-in by keyboard alone', () => {
  it('moves focus to each new step, and sends what the executor expects', async () => {
    await show('sign-in');
    expect(await focused()).toBe('uid_field');
    await page.keyboard.type(' ada ');
    await page.keyboard.press('Enter');

    await page.waitForSelector('input[name=password]');
    expect(await focused()).toBe('password');
    await page.keyboard.type('correct horse');
    await page.keyboard.press('Enter');

    await page.waitForSelector('text=See your email address');
    expect(await focused()).toBe('po-heading');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.waitForURL(`${double.origin}/done`);

    expect(double.posted.map(({ body }) => body)).toEqual([
      { component: 'ak-stage-identification', uid_field: 'ada' },
      { component: 'ak-stage-password', password: 'correct horse' },
      { component: 'ak-stage-consent', token: 'f4b0c1f6-6f0e-4a3b-9d8a-3a4f5c9a6a10' },
    ]);
    for (const { csrf } of double.posted) expect(csrf).toMatch(/^[0-9a-f]{16}$/);
    expect(complaints).toEqual([]);
  });

  it('announces a refused password, clears it and goes back to it', async () => {
    double.state.step = 1;
    await show('sign-in');
    await page.keyboard.type('wrong');
    await page.keyboard.press('Enter');

    const alert = page.locator('[role=alert]');
    await alert.waitFor();
    expect(await alert.textContent()).toContain('Invalid password');
    const field = page.locator('input[name=password]');
    expect(await focused()).toBe('password');
    expect(await field.inputValue()).toBe('');
    expect(await field.getAttribute('aria-invalid')).toBe('true');
    expect(await field.getAttribute('aria-describedby')).toBe(await alert.getAttribute('id'));
  });

  it('does not send a blank password, which would count as a failed attempt', async () => {
    double.state.step = 1;
    await show('sign-in');
    await page.keyboard.press('Enter');
    await page.waitForSelector('text=Please fill in this field.');
    expect(double.posted).toEqual([]);
    expect(await focused()).toBe('password');
  });
});

describe('when the server cannot be reached', () => {
  it('keeps what was typed, says so, and does not answer a later stage with an earlier answer', async () => {
    await show('sign-in');
    double.state.down = true;
    await page.keyboard.type('ada');
    await page.keyboard.press('Enter');
    await page.waitForSelector('[role=alert] >> text=No connection');
    expect(await page.inputValue('input[name=uid_field]')).toBe('ada');

    double.state.down = false;
    double.state.step = 1;
    await page.keyboard.press('Enter');
    await page.waitForSelector('input[name=password]');
    expect(double.posted).toEqual([]);
  });

  it('offers to try again when not even the first step came', async () => {
    double.state.down = true;
    await show('sign-in');
    expect(await page.textContent('h1')).toBe('No connection');
    double.state.down = false;
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.waitForSelector('input[name=uid_field]');
  });
});

it('neither shows nor follows what the address of a left application says', async () => {
  await page.goto(`${double.origin}/if/session-end/your-bank/?post_logout_redirect_uri=https%3A%2F%2Fexample.org`);
  await page.waitForSelector('h1 >> text=You have left the application');
  expect(await page.content()).not.toMatch(/your-bank|example\.org/);
});

describe('what a challenge must not do to the page', () => {
  it('shows the markup of a shell without running it', async () => {
    await show('show-shell');
    await page.frameLocator('iframe').locator('h1 >> text=Not allowed').waitFor();
    expect(await page.title()).not.toBe('escaped');
  });

  it('does not follow a redirect that would run script', async () => {
    await show('show-script-redirect');
    expect(await page.textContent('h1')).toContain('not safe');
    expect(await page.title()).not.toBe('escaped');
  });
});

it('hands a form over by itself, whatever its fields are called', async () => {
  await page.goto(`${double.origin}/if/flow/show-autosubmit/`);
  const posted = new URLSearchParams((await page.textContent('#posted')) ?? '');
  expect(posted.get('SAMLResponse')).toBe('PHNhbWw+');
  expect(posted.get('submit')).toBe('a name that hides the method');
});

it('answers a prompt with values of the right types', async () => {
  await show('show-prompt');
  await page.getByLabel('Full name').fill('Ada');
  await page.getByLabel('Email').fill('ada@example.com');
  await page.getByLabel('Password', { exact: true }).fill('correct horse');
  await page.getByLabel('Password (repeat)').fill('correct horse');
  await page.getByLabel('Age (optional)', { exact: true }).fill('36');
  await page.getByLabel('Office').check();
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.waitForURL(`${double.origin}/done`);
  expect(double.posted[0]?.body).toEqual({
    component: 'ak-stage-prompt',
    text: 'Ada',
    username: 'ada',
    email: 'ada@example.com',
    password: 'correct horse',
    password_repeat: 'correct horse',
    number: 36,
    date_time: expect.stringMatching(/^2026-05-01T10:00:00/),
    dropdown: 'Design',
    radio_button_group: 'Office',
    ak_locale: '',
    text_area: '',
    checkbox: true,
  });
});

it('asks whether to stay signed in, and takes no for an answer', async () => {
  await show('show-user-login');
  await page.getByRole('button', { name: 'No', exact: true }).click();
  await page.waitForURL(`${double.origin}/done`);
  expect(double.posted[0]?.body).toEqual({ component: 'ak-stage-user-login', remember_me: false });
});

it('wears the theme of the brand, whatever the system prefers', async () => {
  double.settings.theme = 'dark';
  await show('show-password');
  expect(await page.evaluate(() => document.documentElement.classList.contains('pf-v6-theme-dark'))).toBe(true);
});

it('fits a narrow phone without scrolling sideways', async () => {
  await page.setViewportSize({ width: 320, height: 640 });
  for (const name of ['identification-full', 'prompt', 'flow-error', 'identification-sidebar']) {
    await show(`show-${name}`);
    expect(await page.evaluate(() => document.documentElement.scrollWidth), name).toBe(320);
  }
});

describe.each(['light', 'dark'] as const)('in %s', (scheme) => {
  it('has no accessibility violation and no complaint in any step', async () => {
    await page.context().close();
    await open(scheme);
    for (const name of Object.keys(examples).filter((candidate) => candidate !== 'autosubmit')) {
      await show(`show-${name}`);
      expect(await violations(), name).toEqual([]);
      expect(await page.locator('[tabindex]:not([tabindex="-1"],[tabindex="0"])').count(), name).toBe(0);
    }
    expect(complaints.filter((text) => !text.includes('sandboxed'))).toEqual([]);
  });

  it('lets people who left an application sign out, and tells them when they are', async () => {
    await page.context().close();
    await open(scheme);
    await page.goto(`${double.origin}/if/session-end/dashboards/?post_logout_redirect_uri=https%3A%2F%2Fexample.org`);
    await page.waitForSelector('h1 >> text=You have left Dashboards');
    expect(await page.getByRole('link').evaluateAll((links) => links.map((link) => link.getAttribute('href')))).toEqual(
      ['/flows/-/default/invalidation/', 'https://dashboards.example.com/', '/if/user/'],
    );
    expect(await focused()).toBe('po-heading');
    expect(await violations()).toEqual([]);
    expect(complaints).toEqual([]);

    double.state.signedIn = false;
    await page.reload();
    await page.waitForSelector('h1 >> text=You are signed out');
    expect(await page.getByRole('link').count()).toBe(1);
    expect(await violations()).toEqual([]);
  });

  it('shows who is signed in and their applications', async () => {
    await page.context().close();
    await open(scheme);
    await page.goto(`${double.origin}/if/user/`);
    await page.waitForSelector('text=You are signed in as Ada Lovelace');
    expect(await page.getByRole('link', { name: 'Dashboards' }).getAttribute('href')).toBe(
      'https://dashboards.example.com/',
    );
    expect(await page.getByRole('link', { name: 'Backup' }).count()).toBe(0);
    expect(await page.getByRole('heading', { level: 2 }).allTextContents()).toEqual(['Everyday', 'More applications']);
    expect(await page.getByRole('link', { name: 'Sign out' }).getAttribute('href')).toBe(
      '/flows/-/default/invalidation/',
    );
    expect(await violations()).toEqual([]);
  });
});
