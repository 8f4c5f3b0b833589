import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Administration, administer, controlsOf, crowd } from './administration.driver.ts';
import { picture } from './browser.ts';
import { createPerson } from './scenery.ts';

const PASSWORD = 'a long walk in the hills';
const SCREEN = { width: 1280, height: 720 };
const PHONE = { width: 390, height: 780 };
/** What of the page is wider than the screen, and would have to be scrolled sideways. */
const WIDER = `['html', 'main', 'main h1', '.po-toolbar'].filter((name) => {
  const element = document.querySelector(name);
  return element !== null && element.scrollWidth > element.clientWidth + 1;
})`;
/** More than one fetch brings. */
const PEOPLE = 120;

let admin: Administration;
const { button, dialog, row, tab } = controlsOf(() => admin.page);

beforeAll(async () => {
  admin = await administer((_api, { databaseUrl }) =>
    crowd(databaseUrl, { name: 'person', first: 100, count: PEOPLE, path: 'users/guests' }),
  );
});

afterAll(() => admin?.leave());

it('has a page for everything that it lists, and each can be used by everybody', async () => {
  const links = await admin.page.locator('.po-nav a').all();
  const places = await Promise.all(
    links.map(async (link) => [await link.getAttribute('href'), await link.textContent()]),
  );
  expect(places.length).toBeGreaterThan(20);
  for (const [href, title] of places) {
    await admin.page.click(`.po-nav a[href="${href}"]`);
    await admin.heading(String(title));
    await admin.page.locator('.po-table, .po-empty, .po-counts, form').first().waitFor();
    expect(await admin.page.locator('[role=alert]').allTextContents(), String(title)).toEqual([]);
    expect(await admin.violations(), String(title)).toEqual([]);
    await picture(admin.page, `administration ${title}`);
    await admin.page.emulateMedia({ colorScheme: 'dark' });
    expect(await admin.violations('color-contrast'), `${title}, dark`).toEqual([]);
    await picture(admin.page, `administration ${title} dark`);
    await admin.page.emulateMedia({ colorScheme: 'light' });
    await admin.page.setViewportSize(PHONE);
    expect(await admin.page.evaluate(WIDER), `${title}, on a phone`).toEqual([]);
    await picture(admin.page, `administration ${title} narrow`);
    await admin.page.setViewportSize(SCREEN);
  }
  // The first page asks who is there, before anybody has signed in.
  expect(admin.person.complaints.filter((text) => !text.includes('status of 403'))).toEqual([]);
}, 240_000);

it('begins with who signed in, how many there are of what, and how the system is', async () => {
  await admin.open('administration/overview', 'Overview');
  const count = (label: string) => admin.page.locator('.po-tile', { hasText: label }).locator('.po-count');
  await expect.poll(() => count('Users').textContent()).toBe(String(PEOPLE + 1));
  await expect.poll(() => count('Sessions').textContent()).toBe('1');
  await admin.page.getByRole('img', { name: 'Sign-ins: 1 in seven days' }).waitFor();
  await admin.page.getByRole('img', { name: 'Failed sign-ins: 0 in seven days' }).waitFor();
  await admin.page.locator('.po-latest').getByRole('link', { name: 'Sign-in' }).waitFor();
  const { version_current: version } = await admin.api.get('/admin/version/');
  await admin.page.locator('.po-panel', { hasText: 'System' }).getByText(String(version)).waitFor();
  await admin.page.locator('.po-tile').getByRole('link', { name: 'Sessions' }).click();
  await admin.heading('Sessions');
});

describe('a list', () => {
  it('fetches the rows that come into sight, and says which those are', async () => {
    await admin.open('identity/users', 'Users');
    await row('person-100').waitFor();
    await admin.page.getByText(`of ${PEOPLE + 1}`).waitFor();
    expect(await admin.page.locator('tbody tr').count()).toBeLessThan(40);
    await button('Last rows').click();
    await row('person-219').waitFor();
    await admin.page.getByText(`to ${PEOPLE + 1} of ${PEOPLE + 1}`).waitFor();
  });

  it('is searched, ordered and filtered by its address, which can be sent to others', async () => {
    await admin.open('identity/users?search=person-11&ordering=-username', 'Users');
    await row('person-119').waitFor();
    expect(await admin.page.locator('tbody tr').count()).toBe(10);
    expect(await admin.page.locator('tbody tr').first().textContent()).toContain('person-119');
    await button('Username').click();
    await expect.poll(() => admin.page.locator('tbody tr').first().textContent()).not.toContain('person-119');
    await admin.page.getByLabel('Search', { exact: true }).fill('akadmin');
    await row('akadmin').waitFor();
    await expect.poll(() => admin.page.url()).toContain('search=akadmin');
    await button('guests').click();
    await admin.page.getByRole('heading', { name: 'Nothing matches' }).waitFor();
  });

  it('is narrowed by the tree of folders, and by filters that can be taken away', async () => {
    await admin.open('identity/users', 'Users');
    await button('guests').click();
    await admin.page.getByText(`of ${PEOPLE}`).waitFor();
    expect(await row('akadmin').count()).toBe(0);
    await button('All folders').click();
    await button('Filters').click();
    await admin.page.locator('.po-filters').getByLabel('Administrators').selectOption({ label: 'Yes' });
    await admin.page.getByText('1 to 1 of 1').waitFor();
    await row('akadmin').waitFor();
    await button('Clear filters').click();
    await admin.page.getByText(`of ${PEOPLE + 1}`).waitFor();
  });

  it('opens a page of the find box by a few letters, and a user by their name', async () => {
    await admin.page.getByRole('combobox', { name: 'Go to a page' }).fill('blue');
    await admin.page.keyboard.press('Enter');
    await admin.heading('Blueprints');
    await admin.page.getByRole('combobox', { name: 'Go to a page' }).fill('person-155');
    await admin.page.getByRole('option', { name: /person-155/ }).click();
    await admin.heading('person-155');
  });
});

describe('a user', () => {
  it('is made by a form that says at the field what the server refuses', async () => {
    await admin.open('identity/users', 'Users');
    await button('Create').click();
    await dialog().getByLabel('Username').fill('akadmin');
    await dialog().getByLabel('Name', { exact: true }).fill('Grace Hopper');
    await dialog().getByLabel('Attributes (optional)').fill('{"rank":');
    await dialog().getByRole('button', { name: 'Save' }).click();
    await dialog().getByText('This is not valid JSON.').waitFor();
    await dialog().getByLabel('Attributes (optional)').fill('{"rank": "admiral"}');
    await dialog().getByRole('button', { name: 'Save' }).click();
    await expect.poll(() => admin.page.evaluate("document.activeElement?.getAttribute('name')")).toBe('username');
    expect(await admin.violations()).toEqual([]);
    await picture(admin.page, 'administration form');
    await dialog().getByLabel('Username').fill('grace');
    await dialog().getByRole('button', { name: 'Save' }).click();
    await admin.said('grace is created.');
    const [made] = await admin.api.list('/core/users/?username=grace');
    expect(made).toMatchObject({ name: 'Grace Hopper', is_active: true, attributes: { rank: 'admiral' } });
  });

  it('is changed, and keeps what was not touched', async () => {
    const [before] = await admin.api.list('/core/users/?username=grace');
    await admin.open(`identity/users/${before?.pk}`, 'grace');
    await button('Edit').click();
    await dialog().getByLabel('Email (optional)').fill('grace@example.com');
    await dialog().getByRole('button', { name: 'Save' }).click();
    await admin.said('grace is saved.');
    const [after] = await admin.api.list('/core/users/?username=grace');
    expect(after).toMatchObject({ email: 'grace@example.com', attributes: { rank: 'admiral' }, path: before?.path });
    await admin.page.getByRole('tab', { name: 'Events' }).click();
    await admin.page.getByRole('heading', { name: 'Nothing here yet' }).waitFor();
  });

  it('shows what belongs to it, and who may do what', async () => {
    const [{ pk } = {}] = await admin.api.list('/core/users/?username=akadmin');
    await admin.open(`identity/users/${pk}`, 'akadmin');
    for (const [part, content] of [
      ['Groups', 'authentik Admins'],
      ['Sessions', '127.0.0.1'],
      ['Tokens', 'authentik-bootstrap-token'],
      ['Events', 'Sign-in'],
      ['Permissions', 'akadmin'],
    ] as const) {
      await tab(part).click();
      await row(content).first().waitFor();
      expect(await admin.violations(), part).toEqual([]);
    }
    await tab('Permissions held').click();
    await button('Give permissions').waitFor();
    await tab('Consents').click();
    await admin.page.getByRole('heading', { name: 'Nothing here yet' }).waitFor();
  });

  it('gets a password, and may sign in until the session is ended', async () => {
    const [{ pk } = {}] = await admin.api.list('/core/users/?username=grace');
    await admin.open(`identity/users/${pk}`, 'grace');
    await button('Actions: grace').click();
    await button('Set password').click();
    await dialog().getByLabel('Password').fill(PASSWORD);
    await dialog().getByRole('button', { name: 'Save' }).click();
    await admin.said('Set password: done.');
    const elsewhere = await admin.elsewhere('grace', PASSWORD);
    await admin.open('core/sessions?user__username=grace', 'Sessions');
    await row('grace').getByRole('button').click();
    await admin.page.locator('.po-action-menu').getByRole('button', { name: 'Delete' }).last().click();
    await dialog().getByRole('button', { name: 'Delete' }).click();
    await admin.page.getByRole('heading', { name: 'Nothing matches' }).waitFor();
    await elsewhere.page.reload();
    await elsewhere.page.waitForSelector('input[name=uid_field]');
    await elsewhere.leave();
  });

  it('is deactivated and deleted with others at once, after a question', async () => {
    await admin.open('identity/users?search=person-10', 'Users');
    await row('person-109').waitFor();
    await admin.page.getByLabel('Select the rows that are shown').check();
    await admin.said('10 selected');
    await button('Deactivate').click();
    await dialog().getByRole('button', { name: 'Deactivate' }).click();
    await admin.said('Deactivate: done.');
    expect(await admin.api.list('/core/users/?is_active=false')).toHaveLength(10);
    await admin.page.locator('.po-selection').getByRole('button', { name: 'Delete' }).click();
    await dialog().getByRole('button', { name: 'Cancel' }).click();
    expect(await admin.api.list('/core/users/?is_active=false')).toHaveLength(10);
    await admin.page.locator('.po-selection').getByRole('button', { name: 'Delete' }).click();
    await dialog().getByRole('button', { name: 'Delete' }).click();
    await admin.said('10 objects are deleted.');
    expect(await admin.api.list('/core/users/?is_active=false')).toHaveLength(0);
  });
});

it('ends all that somebody can act by, and says what that was', async () => {
  const [grace] = await admin.api.list('/core/users/?username=grace');
  await admin.open(`identity/users/${grace?.pk}`, 'grace');
  await button('Actions: grace').click();
  await button('Off-board').click();
  await dialog().getByText('The account is closed at once.').waitFor();
  await dialog().getByRole('button', { name: 'Off-board' }).click();
  await dialog().getByText('Done').waitFor();
  await dialog().getByText('Passwords').waitFor();
  expect(await admin.violations()).toEqual([]);
  await picture(admin.page, 'administration off-boarding');
  await dialog().getByRole('button', { name: 'Close' }).click();
  await admin.said('grace is off-boarded.');
  expect(await admin.api.list('/core/users/?username=grace')).toMatchObject([{ is_active: false }]);
});

it('tells of an event what happened, to what, by whom and from where', async () => {
  await admin.open('events/log?action=model_created&username=akadmin&context_model_name=user', 'Events');
  await admin.page.getByText('Grace Hopper · user').waitFor();
  await row('Grace Hopper · user').getByRole('link').click();
  await admin.heading('Object created');
  await admin.page.getByText('127.0.0.1').waitFor();
  await admin.page.locator('.po-json', { hasText: '"username": "akadmin"' }).waitFor();
  expect(await admin.violations()).toEqual([]);
  await picture(admin.page, 'administration event');
});

it('is closed to whoever may not administer, and is not offered to them', async () => {
  await createPerson(admin.api, 'guest', PASSWORD);
  const elsewhere = await admin.elsewhere('guest', PASSWORD);
  await elsewhere.page.getByRole('button', { name: 'guest' }).click();
  expect(await elsewhere.page.getByText('Administration').count()).toBe(0);
  await elsewhere.page.goto(`${admin.platform.url}/if/admin/#/identity/users`);
  await elsewhere.page.waitForSelector('h1:has-text("not open to you")');
  await elsewhere.leave();
});
