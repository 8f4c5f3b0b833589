import { describe, expect, it } from 'vitest';
import { givenPages } from './browser.harness.ts';

const pages = givenPages();
const { show, focused, violations } = pages;

describe('a sign-in by keyboard alone', () => {
  it('moves focus to each new step, and sends what the executor expects', async () => {
    await show('sign-in');
    expect(await focused()).toBe('uid_field');
    await pages.page.keyboard.type(' ada ');
    await pages.page.keyboard.press('Enter');

    await pages.page.waitForSelector('input[name=password]');
    expect(await focused()).toBe('password');
    await pages.page.keyboard.type('correct horse');
    await pages.page.keyboard.press('Enter');

    await pages.page.waitForSelector('text=See your email address');
    expect(await focused()).toBe('po-heading');
    await pages.page.keyboard.press('Tab');
    await pages.page.keyboard.press('Tab');
    await pages.page.keyboard.press('Enter');
    await pages.page.waitForURL(`${pages.origin}/done`);

    expect(pages.double.posted.map(({ body }) => body)).toEqual([
      { component: 'ak-stage-identification', uid_field: 'ada' },
      { component: 'ak-stage-password', password: 'correct horse' },
      { component: 'ak-stage-consent', token: 'f4b0c1f6-6f0e-4a3b-9d8a-3a4f5c9a6a10' },
    ]);
    for (const { csrf } of pages.double.posted) expect(csrf).toMatch(/^[0-9a-f]{16}$/);
    expect(pages.complaints).toEqual([]);
  });

  it('announces a refused password, clears it and goes back to it', async () => {
    pages.double.state.step = 1;
    await show('sign-in');
    await pages.page.keyboard.type('wrong');
    await pages.page.keyboard.press('Enter');

    const alert = pages.page.locator('[role=alert]');
    await alert.waitFor();
    expect(await alert.textContent()).toContain('Invalid password');
    const field = pages.page.locator('input[name=password]');
    expect(await focused()).toBe('password');
    expect(await field.inputValue()).toBe('');
    expect(await field.getAttribute('aria-invalid')).toBe('true');
    expect(await field.getAttribute('aria-describedby')).toBe(await alert.getAttribute('id'));
  });

  it('does not send a blank password, which would count as a failed attempt', async () => {
    pages.double.state.step = 1;
    await show('sign-in');
    await pages.page.keyboard.press('Enter');
    await pages.page.waitForSelector('text=Please fill in this field.');
    expect(pages.double.posted).toEqual([]);
    expect(await focused()).toBe('password');
  });
});

describe('when the server cannot be reached', () => {
  it('keeps what was typed, says so, and does not answer a later stage with an earlier answer', async () => {
    await show('sign-in');
    pages.double.state.down = true;
    await pages.page.keyboard.type('ada');
    await pages.page.keyboard.press('Enter');
    await pages.page.waitForSelector('[role=alert] >> text=No connection');
    expect(await pages.page.inputValue('input[name=uid_field]')).toBe('ada');

    pages.double.state.down = false;
    pages.double.state.step = 1;
    await pages.page.keyboard.press('Enter');
    await pages.page.waitForSelector('input[name=password]');
    expect(pages.double.posted).toEqual([]);
  });

  it('offers to try again when not even the first step came', async () => {
    pages.double.state.down = true;
    await show('sign-in');
    expect(await pages.page.textContent('h1')).toBe('No connection');
    pages.double.state.down = false;
    await pages.page.getByRole('button', { name: 'Try again' }).click();
    await pages.page.waitForSelector('input[name=uid_field]');
  });
});

it('neither shows nor follows what the address of a left application says', async () => {
  await pages.page.goto(`${pages.origin}/if/session-end/your-bank/?post_logout_redirect_uri=https%3A%2F%2Fexample.org`);
  await pages.page.waitForSelector('h1 >> text=You have left the application');
  expect(await pages.page.content()).not.toMatch(/your-bank|example\.org/);
});

describe('what a challenge must not do to the page', () => {
  it('shows the markup of a shell without running it', async () => {
    await show('show-shell');
    await pages.page.frameLocator('iframe').locator('h1 >> text=Not allowed').waitFor();
    expect(await pages.page.title()).not.toBe('escaped');
  });

  it('does not follow a redirect that would run script', async () => {
    await show('show-script-redirect');
    expect(await pages.page.textContent('h1')).toContain('not safe');
    expect(await pages.page.title()).not.toBe('escaped');
  });
});

it('hands a form over by itself, whatever its fields are called', async () => {
  await pages.page.goto(`${pages.origin}/if/flow/show-autosubmit/`);
  const posted = new URLSearchParams((await pages.page.textContent('#posted')) ?? '');
  expect(posted.get('SAMLResponse')).toBe('PHNhbWw+');
  expect(posted.get('submit')).toBe('a name that hides the method');
});

it('answers a prompt with values of the right types', async () => {
  await show('show-prompt');
  await pages.page.getByLabel('Full name').fill('Ada');
  await pages.page.getByLabel('Email').fill('ada@example.com');
  await pages.page.getByLabel('Password', { exact: true }).fill('correct horse');
  await pages.page.getByLabel('Password (repeat)').fill('correct horse');
  await pages.page.getByLabel('Age (optional)', { exact: true }).fill('36');
  await pages.page.getByLabel('Office').check();
  await pages.page.getByRole('button', { name: 'Continue' }).click();
  await pages.page.waitForURL(`${pages.origin}/done`);
  expect(pages.double.posted[0]?.body).toEqual({
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
  await pages.page.getByRole('button', { name: 'No', exact: true }).click();
  await pages.page.waitForURL(`${pages.origin}/done`);
  expect(pages.double.posted[0]?.body).toEqual({ component: 'ak-stage-user-login', remember_me: false });
});

it('wears the theme of the brand, whatever the system prefers', async () => {
  pages.double.settings.theme = 'dark';
  await show('show-password');
  expect(await pages.page.evaluate(() => document.documentElement.classList.contains('pf-v6-theme-dark'))).toBe(true);
});

it('finds an application by a few letters, opens the only one by Enter, and says when there is none', async () => {
  await pages.page.goto(`${pages.origin}/if/user/`);
  const search = pages.page.getByLabel('Search applications');
  await search.fill('nothing of the kind');
  await pages.page.getByRole('heading', { name: 'Nothing found' }).waitFor();
  await search.fill('PAYSLIPS');
  await pages.page.getByText('1 application', { exact: true }).waitFor();
  expect(await pages.page.locator('.po-tile').count()).toBe(1);
  await pages.page.route('https://payroll.example.com/', (route) => route.fulfill({ body: 'payroll' }));
  await search.press('Enter');
  await pages.page.waitForURL('https://payroll.example.com/');
});

it('takes the code of a device with its hyphens', async () => {
  await pages.show('show-device-code', 'code=123-456-789');
  await pages.press('Continue');
  await expect.poll(() => pages.double.posted.at(-1)?.body).toMatchObject({ code: 123_456_789 });
});

it('lets people decline what an application asks for', async () => {
  await pages.show('show-consent');
  await pages.press('Decline');
  await expect
    .poll(() => pages.double.posted.at(-1)?.body)
    .toMatchObject({ declined: true, token: expect.any(String) });
});

describe.each(['light', 'dark'] as const)('in %s', (scheme) => {
  it('lets people who left an application sign out, and tells them when they are', async () => {
    await pages.open({ colorScheme: scheme });
    await pages.page.goto(
      `${pages.origin}/if/session-end/dashboards/?post_logout_redirect_uri=https%3A%2F%2Fexample.org`,
    );
    await pages.page.waitForSelector('h1 >> text=You have left Dashboards');
    expect(
      await pages.page.getByRole('link').evaluateAll((links) => links.map((link) => link.getAttribute('href'))),
    ).toEqual(['/flows/-/default/invalidation/', 'https://dashboards.example.com/', '/if/user/']);
    expect(await focused()).toBe('po-heading');
    expect(await violations()).toEqual([]);
    expect(pages.complaints).toEqual([]);

    pages.double.state.signedIn = false;
    await pages.page.reload();
    await pages.page.waitForSelector('h1 >> text=You are signed out');
    expect(await pages.page.getByRole('link').count()).toBe(1);
    expect(await violations()).toEqual([]);
  });

  it('shows who is signed in and their applications', async () => {
    await pages.open({ colorScheme: scheme });
    await pages.page.goto(`${pages.origin}/if/user/`);
    await pages.page.waitForSelector('text=You are signed in as Ada Lovelace');
    expect(await pages.page.getByRole('link', { name: 'Dashboards' }).getAttribute('href')).toBe(
      'https://dashboards.example.com/',
    );
    expect(await pages.page.getByRole('link', { name: 'Backup' }).count()).toBe(0);
    expect(await pages.page.getByRole('heading', { level: 2 }).allTextContents()).toEqual([
      'Everyday',
      'More applications',
    ]);
    await pages.page.getByRole('button', { name: 'ada.lovelace' }).click();
    expect(await pages.page.getByRole('link', { name: 'Sign out' }).getAttribute('href')).toBe(
      '/flows/-/default/invalidation/',
    );
    expect(await violations()).toEqual([]);
  });
});
