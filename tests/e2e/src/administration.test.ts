import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Browser, Download, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Api, apiOf } from './api.client.ts';
import { aPerson, launchBrowser, type Person, picture, signInByKeyboard } from './browser.ts';
import { ADMIN_PASSWORD, ADMIN_TOKEN, BOOTSTRAP, oneProcess, type Platform } from './platforms.ts';
import { createPerson } from './scenery.ts';

const PASSWORD = 'a long walk in the hills';
const OPERATORS_KEY = 'a key for those who run it all';
/** What an administrator with a full house sees: more than one fetch brings. */
const PEOPLE = 120;

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

let browser: Browser;
let platform: Platform;
let api: Api;
let person: Person;
let page: Page;

beforeAll(async () => {
  [browser, platform] = await Promise.all([
    launchBrowser(),
    oneProcess.start({ ...BOOTSTRAP, POSTERN_TENANTS__API_KEY: OPERATORS_KEY }),
  ]);
  api = apiOf({ url: platform.url, token: ADMIN_TOKEN });
  for (let number = 100; number < 100 + PEOPLE; number += 1)
    await api.post('/core/users/', { username: `person-${number}`, name: `Person ${number}`, path: 'users/guests' });
  person = await aPerson(browser);
  ({ page } = person);
  page.setDefaultTimeout(15_000);
  await page.goto(`${platform.url}/if/admin/`);
  await signInByKeyboard(page, 'akadmin', ADMIN_PASSWORD);
  await heading('Overview');
});

afterAll(async () => {
  await person?.leave();
  await browser?.close();
  await platform?.stop();
});

const heading = (name: string) => page.getByRole('heading', { name, level: 1, exact: true }).waitFor();
const button = (name: string) => page.getByRole('button', { name, exact: true });
const dialog = () => page.getByRole('dialog');
const said = (text: string) => page.locator('[role=status]', { hasText: text }).waitFor();
const tab = (name: string) => page.getByRole('tab', { name, exact: true }).first();
const row = (name: string) => page.locator('tbody tr', { hasText: name });

async function open(place: string, title: string): Promise<void> {
  await page.goto(`${platform.url}/if/admin/#/${place}`);
  await heading(title);
}

async function textIn(download: Download): Promise<string> {
  return readFileSync(await download.path(), 'utf8');
}

async function violations(): Promise<string[]> {
  const source = (await page.evaluate('typeof axe')) === 'undefined' ? axe : '';
  const found = (await page.evaluate(`${source}; axe.run({ resultTypes: ['violations'], preload: false })`)) as {
    violations: { id: string; nodes: { html: string }[] }[];
  };
  return found.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
}

it('has a page for everything that it lists, and each can be used by everybody', async () => {
  const links = await page.locator('.po-nav a').all();
  const places = await Promise.all(
    links.map(async (link) => [await link.getAttribute('href'), await link.textContent()]),
  );
  expect(places.length).toBeGreaterThan(20);
  for (const [href, title] of places) {
    await page.click(`.po-nav a[href="${href}"]`);
    await heading(String(title));
    await page.locator('.po-table, .po-empty, .po-counts, form').first().waitFor();
    expect(await page.locator('[role=alert]').allTextContents(), String(title)).toEqual([]);
    expect(await violations(), String(title)).toEqual([]);
    await picture(page, `administration ${title}`);
  }
  // The first page asks who is there, before anybody has signed in.
  expect(person.complaints.filter((text) => !text.includes('status of 403'))).toEqual([]);
});

describe('a list', () => {
  it('fetches the rows that come into sight, and says which those are', async () => {
    await open('identity/users', 'Users');
    await row('person-100').waitFor();
    await page.getByText(`of ${PEOPLE + 1}`).waitFor();
    expect(await page.locator('tbody tr').count()).toBeLessThan(40);
    await button('Last rows').click();
    await row('person-219').waitFor();
    await page.getByText(`to ${PEOPLE + 1} of ${PEOPLE + 1}`).waitFor();
  });

  it('is searched, ordered and filtered by its address, which can be sent to others', async () => {
    await open('identity/users?search=person-11&ordering=-username', 'Users');
    await row('person-119').waitFor();
    expect(await page.locator('tbody tr').count()).toBe(10);
    expect(await page.locator('tbody tr').first().textContent()).toContain('person-119');
    await button('Username').click();
    await expect.poll(() => page.locator('tbody tr').first().textContent()).not.toContain('person-119');
    await page.getByLabel('Search', { exact: true }).fill('akadmin');
    await row('akadmin').waitFor();
    await expect.poll(() => page.url()).toContain('search=akadmin');
    await button('guests').click();
    await page.getByRole('heading', { name: 'Nothing matches' }).waitFor();
  });

  it('opens a page of the find box by a few letters, and a user by their name', async () => {
    await page.getByRole('combobox').fill('blue');
    await page.keyboard.press('Enter');
    await heading('Blueprints');
    await page.getByRole('combobox').fill('person-155');
    await page.getByRole('option', { name: /person-155/ }).click();
    await heading('person-155');
  });
});

describe('a user', () => {
  it('is made by a form that says at the field what the server refuses', async () => {
    await open('identity/users', 'Users');
    await button('Create').click();
    await dialog().getByLabel('Username').fill('akadmin');
    await dialog().getByLabel('Name', { exact: true }).fill('Grace Hopper');
    await dialog().getByLabel('Attributes (optional)').fill('{"rank":');
    await dialog().getByRole('button', { name: 'Save' }).click();
    await dialog().getByText('This is not valid JSON.').waitFor();
    await dialog().getByLabel('Attributes (optional)').fill('{"rank": "admiral"}');
    await dialog().getByRole('button', { name: 'Save' }).click();
    await expect.poll(() => page.evaluate("document.activeElement?.getAttribute('name')")).toBe('username');
    expect(await violations()).toEqual([]);
    await picture(page, 'administration form');
    await dialog().getByLabel('Username').fill('grace');
    await dialog().getByRole('button', { name: 'Save' }).click();
    await said('grace is created.');
    const [made] = await api.list('/core/users/?username=grace');
    expect(made).toMatchObject({ name: 'Grace Hopper', is_active: true, attributes: { rank: 'admiral' } });
  });

  it('is changed, and keeps what was not touched', async () => {
    const [before] = await api.list('/core/users/?username=grace');
    await open(`identity/users/${before?.pk}`, 'grace');
    await button('Edit').click();
    await dialog().getByLabel('Email (optional)').fill('grace@example.com');
    await dialog().getByRole('button', { name: 'Save' }).click();
    await said('grace is saved.');
    const [after] = await api.list('/core/users/?username=grace');
    expect(after).toMatchObject({ email: 'grace@example.com', attributes: { rank: 'admiral' }, path: before?.path });
    await page.getByRole('tab', { name: 'Events' }).click();
    await page.getByRole('heading', { name: 'Nothing here yet' }).waitFor();
  });

  it('gets a password, and may then sign in', async () => {
    await button('Actions: grace').click();
    await button('Set password').click();
    await dialog().getByLabel('Password').fill(PASSWORD);
    await dialog().getByRole('button', { name: 'Save' }).click();
    await said('Set password: done.');
    const elsewhere = await aPerson(browser);
    await elsewhere.page.goto(`${platform.url}/if/user/`);
    await signInByKeyboard(elsewhere.page, 'grace', PASSWORD);
    await elsewhere.page.waitForSelector('h1:has-text("My applications")');
    await elsewhere.leave();
  });

  it('is deactivated and deleted with others at once, after a question', async () => {
    await open('identity/users?search=person-10', 'Users');
    await row('person-109').waitFor();
    await page.getByLabel('Select the rows that are shown').check();
    await said('10 selected');
    await button('Deactivate').click();
    await dialog().getByRole('button', { name: 'Deactivate' }).click();
    await said('Deactivate: done.');
    expect(await api.list('/core/users/?is_active=false')).toHaveLength(10);
    await page.locator('.po-selection').getByRole('button', { name: 'Delete' }).click();
    await dialog().getByRole('button', { name: 'Cancel' }).click();
    expect(await api.list('/core/users/?is_active=false')).toHaveLength(10);
    await page.locator('.po-selection').getByRole('button', { name: 'Delete' }).click();
    await dialog().getByRole('button', { name: 'Delete' }).click();
    await said('10 objects are deleted.');
    expect(await api.list('/core/users/?is_active=false')).toHaveLength(0);
  });
});

describe('other objects', () => {
  it('are of the kind that is chosen, with a form of what that kind takes', async () => {
    await open('flow/stages', 'Stages');
    await button('Create').click();
    await picture(page, 'administration kinds');
    await dialog()
      .getByRole('button', { name: /Deny Stage/ })
      .click();
    await dialog().getByLabel('Name', { exact: true }).fill('no-entry');
    await dialog().getByRole('button', { name: 'Save' }).click();
    await said('no-entry is created.');
    const [stage] = await api.list('/stages/deny/?name=no-entry');
    await open(`flow/stages/${stage?.pk}`, 'no-entry');
    await button('Actions: no-entry').click();
    await page.locator('.po-action-menu').getByRole('button', { name: 'Delete' }).click();
    await dialog().getByRole('button', { name: 'Delete' }).click();
    await heading('Stages');
    expect(await api.list('/stages/deny/?name=no-entry')).toEqual([]);
  });

  it('refer to others that are picked by name', async () => {
    const [admins] = await api.list('/core/groups/?ordering=name');
    await open('identity/groups', 'Groups');
    await button('Create').click();
    await dialog().getByLabel('Name', { exact: true }).fill('night shift');
    await dialog()
      .getByLabel('Above it (optional)')
      .selectOption({ label: String(admins?.name) });
    await dialog().getByRole('button', { name: 'Save' }).click();
    await said('night shift is created.');
    expect(await api.list('/core/groups/?name=night%20shift')).toMatchObject([{ parent: admins?.pk }]);
  });

  it('are put into each other where they belong: a member into a group, a step and a rule into a flow', async () => {
    const [group] = await api.list('/core/groups/?name=night%20shift');
    await open(`identity/groups/${group?.pk}`, 'night shift');
    await button('Actions: night shift').click();
    await button('Add a user').click();
    await dialog().getByLabel('Find: User').fill('person-200');
    await dialog().getByLabel('User', { exact: true }).selectOption({ label: 'person-200' });
    await dialog().getByRole('button', { name: 'Save' }).click();
    await said('Add a user: done.');
    await page.getByRole('tab', { name: 'Users' }).click();
    await row('person-200').waitFor();

    await open('flow/flows/default-invalidation-flow', 'Logout');
    await page.getByRole('tab', { name: 'Policy bindings' }).click();
    await button('Create').click();
    await dialog().getByLabel('Group (optional)').selectOption({ label: 'night shift' });
    await dialog().getByLabel('Order').fill('7');
    await picture(page, 'administration binding');
    await dialog().getByRole('button', { name: 'Save' }).click();
    await row('night shift').waitFor();
    await page.getByRole('tab', { name: 'Stages of the flow' }).click();
    await row('default-invalidation-logout').waitFor();
  });

  it('are shown once where they are secret', async () => {
    await open('core/tokens', 'Tokens');
    await button('Actions: authentik-bootstrap-token').click();
    await button('Show key').click();
    await dialog().getByRole('button', { name: 'Show key' }).click();
    await dialog().getByText(ADMIN_TOKEN).waitFor();
    await dialog().getByRole('button', { name: 'Close' }).click();
  });

  it('hold for all where they are settings', async () => {
    await open('admin/settings', 'Settings');
    await page.getByLabel('People may change their email').check();
    await button('Save').click();
    await said('The settings are saved.');
    expect(await api.get('/admin/settings/')).toMatchObject({ default_user_change_email: true, impersonation: true });
  });
});

describe('permissions', () => {
  it('are given on everything, from a catalogue that is searched, and taken away again', async () => {
    const role = await api.post('/rbac/roles/', { name: 'night desk' });
    await open(`identity/roles/${role.pk}`, 'night desk');
    await tab('Permissions held').click();
    await button('Give permissions').click();
    await dialog().getByRole('button', { name: 'Give permissions' }).click();
    await dialog().getByText('Choose at least one.').waitFor();
    await dialog().getByLabel('Can view Group').check();
    await dialog().getByLabel('Find a permission').fill('reset');
    await dialog().getByLabel('Reset Password').check();
    expect(await violations()).toEqual([]);
    await picture(page, 'administration catalogue');
    await dialog().getByRole('button', { name: 'Give permissions' }).click();
    await said('The permissions are changed.');
    const held = async () =>
      (await api.list(`/rbac/permissions/?role=${role.pk}`)).map(({ codename }) => codename).toSorted();
    expect(await held()).toEqual(['reset_user_password', 'view_group']);
    await button('Actions: Reset Password').click();
    await button('Take away').click();
    await dialog().getByRole('button', { name: 'Take away' }).click();
    await said('Take away: done.');
    expect(await held()).toEqual(['view_group']);
  });

  it('are given on one object, from whoever holds them and from the object, where they are changed', async () => {
    const [role] = await api.list('/rbac/roles/?name=night%20desk');
    const [group] = await api.list('/core/groups/?name=night%20shift');
    await tab('On single objects').click();
    await button('Give permissions').click();
    await dialog().getByLabel('Kind of object').selectOption({ label: 'Groups' });
    await dialog().getByLabel('Object', { exact: true }).selectOption({ label: 'night shift' });
    await dialog().getByLabel('Can view Group').check();
    await dialog().getByRole('button', { name: 'Give permissions' }).click();
    await row('night shift').waitFor();

    await open(`identity/groups/${group?.pk}`, 'night shift');
    await tab('Permissions').click();
    await button('Give permissions').click();
    await dialog().getByLabel('Find: User').fill('person-200');
    await dialog().getByLabel('User', { exact: true }).selectOption({ label: 'person-200' });
    await dialog().getByLabel('Can change Group').check();
    await dialog().getByRole('button', { name: 'Save' }).click();
    await row('person-200').getByRole('cell', { name: 'Change', exact: true }).waitFor();
    await page.getByRole('tab', { name: 'Roles' }).click();
    await button('Actions: night desk').click();
    await button('Change permissions').click();
    await dialog().getByLabel('Can delete Group').check();
    await dialog().getByLabel('Can view Group').uncheck();
    expect(await violations()).toEqual([]);
    await dialog().getByRole('button', { name: 'Save' }).click();
    await row('night desk').getByRole('cell', { name: 'Delete', exact: true }).waitFor();
    await picture(page, 'administration access');
    const held = await api.list(`/rbac/permissions/roles/?uuid=${role?.pk}`);
    expect(held.map(({ codename }) => codename)).toEqual(['delete_group']);
  });
});

it('opens tenants and domains to the operators key alone, which no reload survives', async () => {
  await open('tenants/tenants', 'Tenants');
  await page.getByLabel("Operators' key").fill('not this one');
  await button('Continue').click();
  await page.getByText('The server does not take this key.').waitFor();
  await page.getByLabel("Operators' key").fill(OPERATORS_KEY);
  await button('Continue').click();
  await row('Default').waitFor();
  await button('Create').click();
  await dialog().getByLabel('Name', { exact: true }).fill('Second house');
  await dialog().getByLabel('Schema').fill('t_second');
  await dialog().getByRole('button', { name: 'Save' }).click();
  await said('Second house is created.');
  await page.getByRole('link', { name: 'Domains', exact: true }).click();
  await button('Create').click();
  await dialog().getByLabel('Host').fill('second.example');
  await dialog().getByLabel('Tenant', { exact: true }).selectOption({ label: 'Second house' });
  await dialog().getByRole('button', { name: 'Save' }).click();
  await row('second.example').getByText('Second house').waitFor();
  expect(await violations()).toEqual([]);
  await picture(page, 'administration domains');
  const kept = await page.evaluate('JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie])');
  expect(kept).not.toContain(OPERATORS_KEY);
  await page.reload();
  await page.getByLabel("Operators' key").waitFor();
});

describe('files', () => {
  it('are tried, then imported, with a report of every row', async () => {
    const content = 'username,name,email\r\nada,Ada,ada@example.com\r\nbad,Bad,no address\r\n';
    for (const isTrial of [true, false]) {
      await open('identity/imports', 'Import and export');
      await button('Import').click();
      await dialog()
        .getByLabel('File', { exact: true })
        .setInputFiles({ name: 'people.csv', mimeType: 'text/csv', buffer: Buffer.from(content) });
      await dialog().getByLabel('Only try').setChecked(isTrial);
      await dialog().getByRole('button', { name: 'Import' }).click();
      await page.getByText('2 rows are done.').waitFor();
      await row('bad').getByText('email: ').waitFor();
      expect(await api.list('/core/users/?username=ada')).toHaveLength(isTrial ? 0 : 1);
    }
    expect(await violations()).toEqual([]);
    await picture(page, 'administration import');
    const [download] = await Promise.all([page.waitForEvent('download'), button('Download the report').click()]);
    expect(await textIn(download)).toMatch(
      /^number,line,key,outcome,field,message\r\n1,2,ada,created,,\r\n2,3,bad,failed,email,/,
    );
  });

  it('are written of all that there is', async () => {
    await open('identity/imports', 'Import and export');
    await button('Export').click();
    await dialog().getByLabel('What the rows are').selectOption({ label: 'Groups' });
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      dialog().getByRole('button', { name: 'Export' }).click(),
    ]);
    expect(download.suggestedFilename()).toBe('groups.csv');
    expect(await textIn(download)).toContain('night shift');
    await page.locator('[role=status]', { hasText: 'rows are exported.' }).waitFor();
  });
});

it('ends all that somebody can act by, and says what that was', async () => {
  const [grace] = await api.list('/core/users/?username=grace');
  await open(`identity/users/${grace?.pk}`, 'grace');
  await button('Actions: grace').click();
  await button('Off-board').click();
  await dialog().getByText('The account is closed at once.').waitFor();
  await dialog().getByRole('button', { name: 'Off-board' }).click();
  await dialog().getByText('Done').waitFor();
  await dialog().getByText('Passwords').waitFor();
  expect(await violations()).toEqual([]);
  await picture(page, 'administration off-boarding');
  await dialog().getByRole('button', { name: 'Close' }).click();
  await said('grace is off-boarded.');
  expect(await api.list('/core/users/?username=grace')).toMatchObject([{ is_active: false }]);
});

it('draws the way through a flow, for whoever listens to it too', async () => {
  await open('flow/flows/default-authentication-flow', 'Welcome to Postern');
  await tab('Diagram').click();
  await page.locator('.po-diagram svg').waitFor();
  expect(await page.locator('.po-diagram ol li').first().textContent()).toContain(
    'Then: default-authentication-identification',
  );
  expect(await page.locator('.po-diagram [data-kind=step]').count()).toBe(4);
  expect(await violations()).toEqual([]);
  await picture(page, 'administration diagram');
});

it('makes an application and its OAuth client in one step, and shows the secret once', async () => {
  await open('core/applications', 'Applications');
  await button('Create OAuth client').click();
  await dialog().getByLabel('Name', { exact: true }).fill('Wiki');
  await dialog().getByLabel('Slug').fill('no slug');
  await dialog().getByRole('button', { name: 'Save' }).click();
  await dialog().getByText('Enter a valid').waitFor();
  await dialog().getByLabel('Slug').fill('wiki');
  await dialog().getByLabel('Redirect addresses (optional)').fill('https://wiki.example/callback');
  await dialog().getByRole('button', { name: 'Save' }).click();
  await dialog().getByText('Wiki is created').waitFor();
  const [client] = await api.list('/providers/oauth2/?name=Wiki');
  await dialog().getByText(String(client?.client_id)).waitFor();
  await dialog().getByText(String(client?.client_secret)).waitFor();
  expect(client).toMatchObject({ client_type: 'confidential', redirect_uris: 'https://wiki.example/callback' });
  expect(client?.property_mappings).toHaveLength(3);
  expect(await violations()).toEqual([]);
  await dialog().getByRole('button', { name: 'Close' }).click();
  await row('Wiki').waitFor();
});

it('is closed to whoever may not administer, and is not offered to them', async () => {
  await createPerson(api, 'guest', PASSWORD);
  const elsewhere = await aPerson(browser);
  await elsewhere.page.goto(`${platform.url}/if/user/`);
  await signInByKeyboard(elsewhere.page, 'guest', PASSWORD);
  await elsewhere.page.waitForSelector('h1:has-text("My applications")');
  await elsewhere.page.getByRole('button', { name: 'guest' }).click();
  expect(await elsewhere.page.getByText('Administration').count()).toBe(0);
  await elsewhere.page.goto(`${platform.url}/if/admin/#/identity/users`);
  await elsewhere.page.waitForSelector('h1:has-text("not open to you")');
  await elsewhere.leave();
});
