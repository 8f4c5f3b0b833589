import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Administration, administer, controlsOf, crowd, textIn } from './administration.driver.ts';
import { picture } from './browser.ts';
import { ADMIN_TOKEN } from './platforms.ts';

const CHOIR = `version: 1
metadata:
  name: choirs
entries:
  - model: authentik_core.group
    identifiers:
      name: choir
`;
/** As many as no page of a list brings at once. */
const CROWD = 5000;
const OPERATORS_KEY = 'a key for those who run it all';

let admin: Administration;
const { button, dialog, row, tab } = controlsOf(() => admin.page);

beforeAll(async () => {
  admin = await administer(
    async (api, { databaseUrl }) => {
      await api.post('/core/users/', { username: 'person-200', name: 'Person 200' });
      await crowd(databaseUrl, { name: 'crowd', first: 1, count: CROWD, path: 'users' });
    },
    { POSTERN_TENANTS__API_KEY: OPERATORS_KEY },
  );
});

afterAll(() => admin?.leave());

it('reaches the last of thousands, and shows whoever is at the place that it is dragged to', async () => {
  const { page } = admin;
  await admin.open('identity/users?search=crowd-', 'Users');
  await row('crowd-0001').waitFor();
  await button('Last rows').click();
  await row(`crowd-${CROWD}`).waitFor();
  await page.getByText(`to ${CROWD.toLocaleString('en')} of ${CROWD.toLocaleString('en')}`).waitFor();
  // One row after the other: what is at row 3,001 is the 3,001st user.
  await page.locator('.po-table-scroll').evaluate((scroller) => scroller.scrollTo(0, 54 * 3000));
  await row('crowd-3001').waitFor();
  expect(await row('crowd-3001').getAttribute('aria-rowindex')).toBe('3002');
  await page.locator('.po-table-scroll').press('Home');
  await row('crowd-0001').waitFor();
  expect(await page.locator('[role=alert]').count()).toBe(0);
  expect(await page.locator('.po-table-waiting').count()).toBe(0);
});

describe('other objects', () => {
  it('are of the kind that is chosen, with a form of what that kind takes', async () => {
    await admin.open('flow/stages', 'Stages');
    await button('Create').click();
    await picture(admin.page, 'administration kinds');
    await dialog()
      .getByRole('button', { name: /Deny Stage/ })
      .click();
    await dialog().getByLabel('Name', { exact: true }).fill('no-entry');
    await dialog().getByRole('button', { name: 'Save' }).click();
    await admin.said('no-entry is created.');
    const [stage] = await admin.api.list('/stages/deny/?name=no-entry');
    await admin.open(`flow/stages/${stage?.pk}`, 'no-entry');
    await button('Actions: no-entry').click();
    await admin.page.locator('.po-action-menu').getByRole('button', { name: 'Delete' }).click();
    await dialog().getByRole('button', { name: 'Delete' }).click();
    await admin.heading('Stages');
    expect(await admin.api.list('/stages/deny/?name=no-entry')).toEqual([]);
  });

  it('refer to others that are picked by name', async () => {
    const [admins] = await admin.api.list('/core/groups/?ordering=name');
    await admin.open('identity/groups', 'Groups');
    await button('Create').click();
    await dialog().getByLabel('Name', { exact: true }).fill('night shift');
    await dialog()
      .getByLabel('Above it (optional)')
      .selectOption({ label: String(admins?.name) });
    await dialog().getByRole('button', { name: 'Save' }).click();
    await admin.said('night shift is created.');
    expect(await admin.api.list('/core/groups/?name=night%20shift')).toMatchObject([{ parent: admins?.pk }]);
  });

  it('are put into each other where they belong: a member into a group, a step and a rule into a flow', async () => {
    const [group] = await admin.api.list('/core/groups/?name=night%20shift');
    await admin.open(`identity/groups/${group?.pk}`, 'night shift');
    await button('Actions: night shift').click();
    await button('Add a user').click();
    await dialog().getByLabel('Find: User').fill('person-200');
    await dialog().getByLabel('User', { exact: true }).selectOption({ label: 'person-200' });
    await dialog().getByRole('button', { name: 'Save' }).click();
    await admin.said('Add a user: done.');
    await admin.page.getByRole('tab', { name: 'Users' }).click();
    await row('person-200').waitFor();

    await admin.open('flow/flows/default-invalidation-flow', 'Logout');
    await admin.page.getByRole('tab', { name: 'Policy bindings' }).click();
    await button('Create').click();
    await dialog().getByLabel('Group (optional)').selectOption({ label: 'night shift' });
    await dialog().getByLabel('Order').fill('7');
    await picture(admin.page, 'administration binding');
    await dialog().getByRole('button', { name: 'Save' }).click();
    await row('night shift').waitFor();
    await admin.page.getByRole('tab', { name: 'Stages of the flow' }).click();
    await row('default-invalidation-logout').waitFor();
  });

  it('are made for somebody, and shown once where they are secret', async () => {
    await admin.open('core/tokens', 'Tokens');
    await button('Create').click();
    await dialog().getByLabel('Identifier').fill('night-key');
    await dialog().getByLabel('Find: User').fill('person-200');
    await dialog().getByLabel('User (optional)', { exact: true }).selectOption({ label: 'person-200' });
    await dialog().getByRole('button', { name: 'Save' }).click();
    await admin.said('night-key is created.');
    const [token] = await admin.api.list('/core/tokens/?identifier=night-key');
    expect(token).toMatchObject({ intent: 'api', user_obj: { username: 'person-200' } });
    await button('Actions: authentik-bootstrap-token').click();
    await button('Show key').click();
    await dialog().getByRole('button', { name: 'Show key' }).click();
    await dialog().getByText(ADMIN_TOKEN).waitFor();
    await dialog().getByRole('button', { name: 'Close' }).click();
  });

  it('hold for all where they are settings', async () => {
    await admin.open('admin/settings', 'Settings');
    await admin.page.getByLabel('People may change their email').check();
    await button('Save').click();
    await admin.said('The settings are saved.');
    expect(await admin.api.get('/admin/settings/')).toMatchObject({
      default_user_change_email: true,
      impersonation: true,
    });
  });
});

describe('the system', () => {
  it('keeps a look for a host, with flows that are picked by name', async () => {
    await admin.open('core/brands', 'Brands');
    await button('Create').click();
    await dialog().getByLabel('Host').fill('second.example');
    await dialog().getByLabel('Flow to sign in (optional)').selectOption({ label: 'Welcome to Postern' });
    await dialog().getByRole('button', { name: 'Save' }).click();
    await admin.said('second.example is created.');
    const [flow] = await admin.api.list('/flows/instances/?slug=default-authentication-flow');
    const [brand] = await admin.api.list('/core/brands/?domain=second.example');
    expect(brand).toMatchObject({ flow_authentication: flow?.pk, default: false });
    await row('second.example').getByRole('link').click();
    await admin.heading('second.example');
    await admin.page.getByRole('link', { name: 'Welcome to Postern' }).click();
    await admin.heading('Welcome to Postern');
  });

  it('runs a task again when it is told to, and says how that went', async () => {
    await admin.open('administration/system-tasks', 'Tasks');
    await button('Actions: clean_expired_models').click();
    await row('clean_expired_models').getByRole('button', { name: 'Run again' }).click();
    await dialog().getByRole('button', { name: 'Run again' }).click();
    await admin.said('Run again: done.');
    await expect
      .poll(async () => {
        await button('Refresh').click();
        return row('clean_expired_models').textContent();
      })
      .toContain('Successful');
  });

  it('applies a blueprint that is written here', async () => {
    await admin.open('blueprints/instances?search=choir', 'Blueprints');
    await button('Create').click();
    await dialog().getByLabel('Name', { exact: true }).fill('choirs');
    await dialog().getByLabel('Content (optional)').fill(CHOIR);
    await dialog().getByRole('button', { name: 'Save' }).click();
    await admin.said('choirs is created.');
    await button('Actions: choirs').click();
    await row('choirs').getByRole('button', { name: 'Apply' }).click();
    await dialog().getByRole('button', { name: 'Apply' }).click();
    await admin.said('Apply: done.');
    await expect
      .poll(async () => {
        await button('Refresh').click();
        return row('choirs').textContent();
      })
      .toContain('Successful');
    expect(await admin.api.list('/core/groups/?name=choir')).toHaveLength(1);
  });
});

describe('permissions', () => {
  it('are given on everything, from a catalogue that is searched, and taken away again', async () => {
    await admin.open('identity/roles', 'Roles');
    await button('Create').click();
    await dialog().getByLabel('Name', { exact: true }).fill('night desk');
    await dialog().getByRole('button', { name: 'Save' }).click();
    await row('night desk').getByRole('link').click();
    await admin.heading('night desk');
    const [role] = await admin.api.list('/rbac/roles/?name=night%20desk');
    await tab('Permissions held').click();
    await button('Give permissions').click();
    await dialog().getByRole('button', { name: 'Give permissions' }).click();
    await dialog().getByText('Choose at least one.').waitFor();
    await dialog().getByLabel('Can view Group').check();
    await dialog().getByLabel('Find a permission').fill('reset');
    await dialog().getByLabel('Reset Password').check();
    expect(await admin.violations()).toEqual([]);
    await picture(admin.page, 'administration catalogue');
    await dialog().getByRole('button', { name: 'Give permissions' }).click();
    await admin.said('The permissions are changed.');
    const held = async () =>
      (await admin.api.list(`/rbac/permissions/?role=${role?.pk}`)).map(({ codename }) => codename).toSorted();
    expect(await held()).toEqual(['reset_user_password', 'view_group']);
    await button('Actions: Reset Password').click();
    await button('Take away').click();
    await dialog().getByRole('button', { name: 'Take away' }).click();
    await admin.said('Take away: done.');
    expect(await held()).toEqual(['view_group']);
  });

  it('are given on one object, from whoever holds them and from the object, where they are changed', async () => {
    const [role] = await admin.api.list('/rbac/roles/?name=night%20desk');
    const [group] = await admin.api.list('/core/groups/?name=night%20shift');
    await tab('On single objects').click();
    await button('Give permissions').click();
    await dialog().getByLabel('Kind of object').selectOption({ label: 'Groups' });
    await dialog().getByLabel('Object', { exact: true }).selectOption({ label: 'night shift' });
    await dialog().getByLabel('Can view Group').check();
    await dialog().getByRole('button', { name: 'Give permissions' }).click();
    await row('night shift').waitFor();

    await admin.open(`identity/groups/${group?.pk}`, 'night shift');
    await tab('Permissions').click();
    await button('Give permissions').click();
    await dialog().getByLabel('Find: User').fill('person-200');
    await dialog().getByLabel('User', { exact: true }).selectOption({ label: 'person-200' });
    await dialog().getByLabel('Can change Group').check();
    await dialog().getByRole('button', { name: 'Save' }).click();
    await row('person-200').getByRole('cell', { name: 'Change', exact: true }).waitFor();
    await admin.page.getByRole('tab', { name: 'Roles' }).click();
    await button('Actions: night desk').click();
    await button('Change permissions').click();
    await dialog().getByLabel('Can delete Group').check();
    await dialog().getByLabel('Can view Group').uncheck();
    expect(await admin.violations()).toEqual([]);
    await dialog().getByRole('button', { name: 'Save' }).click();
    await row('night desk').getByRole('cell', { name: 'Delete', exact: true }).waitFor();
    await picture(admin.page, 'administration access');
    const held = await admin.api.list(`/rbac/permissions/roles/?uuid=${role?.pk}`);
    expect(held.map(({ codename }) => codename)).toEqual(['delete_group']);
  });
});

it('opens tenants and domains to the operators key alone, which no reload survives', async () => {
  await admin.open('tenants/tenants', 'Tenants');
  await admin.page.getByLabel("Operators' key").fill('not this one');
  await button('Continue').click();
  await admin.page.getByText('The server does not take this key.').waitFor();
  await admin.page.getByLabel("Operators' key").fill(OPERATORS_KEY);
  await button('Continue').click();
  await row('Default').waitFor();
  await button('Create').click();
  await dialog().getByLabel('Name', { exact: true }).fill('Second house');
  await dialog().getByLabel('Schema').fill('t_second');
  await dialog().getByRole('button', { name: 'Save' }).click();
  await admin.said('Second house is created.');
  await admin.page.getByRole('link', { name: 'Domains', exact: true }).click();
  await button('Create').click();
  await dialog().getByLabel('Host').fill('second.example');
  await dialog().getByLabel('Tenant', { exact: true }).selectOption({ label: 'Second house' });
  await dialog().getByRole('button', { name: 'Save' }).click();
  await row('second.example').getByText('Second house').waitFor();
  expect(await admin.violations()).toEqual([]);
  await picture(admin.page, 'administration domains');
  const kept = await admin.page.evaluate(
    'JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie])',
  );
  expect(kept).not.toContain(OPERATORS_KEY);
  await admin.page.reload();
  await admin.page.getByLabel("Operators' key").waitFor();
});

describe('files', () => {
  it('are tried, then imported, with a report of every row', async () => {
    const content = 'username,name,email\r\nada,Ada,ada@example.com\r\nbad,Bad,no address\r\n';
    for (const isTrial of [true, false]) {
      await admin.open('identity/imports', 'Import and export');
      await button('Import').click();
      await dialog()
        .getByLabel('File', { exact: true })
        .setInputFiles({ name: 'people.csv', mimeType: 'text/csv', buffer: Buffer.from(content) });
      await dialog().getByLabel('Only try').setChecked(isTrial);
      await dialog().getByRole('button', { name: 'Import' }).click();
      await admin.page.getByText('2 rows are done.').waitFor();
      await row('bad').getByText('email: ').waitFor();
      expect(await admin.api.list('/core/users/?username=ada')).toHaveLength(isTrial ? 0 : 1);
    }
    expect(await admin.violations()).toEqual([]);
    await picture(admin.page, 'administration import');
    const [download] = await Promise.all([admin.page.waitForEvent('download'), button('Download the report').click()]);
    expect(await textIn(download)).toMatch(
      /^number,line,key,outcome,field,message\r\n1,2,ada,created,,\r\n2,3,bad,failed,email,/,
    );
  });

  it('are written of all that there is', async () => {
    await admin.open('identity/imports', 'Import and export');
    await button('Export').click();
    await dialog().getByLabel('What the rows are').selectOption({ label: 'Groups' });
    const [download] = await Promise.all([
      admin.page.waitForEvent('download'),
      dialog().getByRole('button', { name: 'Export' }).click(),
    ]);
    expect(download.suggestedFilename()).toBe('groups.csv');
    expect(await textIn(download)).toContain('night shift');
    await admin.page.locator('[role=status]', { hasText: 'rows are exported.' }).waitFor();
  });
});

it('draws the way through a flow, for whoever listens to it too', async () => {
  await admin.open('flow/flows/default-authentication-flow', 'Welcome to Postern');
  await tab('Diagram').click();
  await admin.page.locator('.po-diagram svg').waitFor();
  expect(await admin.page.locator('.po-diagram ol li').first().textContent()).toContain(
    'Then: default-authentication-identification',
  );
  expect(await admin.page.locator('.po-diagram [data-kind=step]').count()).toBe(4);
  expect(await admin.violations()).toEqual([]);
  await picture(admin.page, 'administration diagram');
});

it('makes an application and its OAuth client in one step, and shows the secret once', async () => {
  await admin.open('core/applications', 'Applications');
  await button('Create OAuth client').click();
  await dialog().getByLabel('Name', { exact: true }).fill('Wiki');
  await dialog().getByLabel('Slug').fill('no slug');
  await dialog().getByRole('button', { name: 'Save' }).click();
  await dialog().getByText('Enter a valid').waitFor();
  await dialog().getByLabel('Slug').fill('wiki');
  await dialog().getByLabel('Redirect addresses (optional)').fill('https://wiki.example/callback');
  await dialog().getByRole('button', { name: 'Save' }).click();
  await dialog().getByText('Wiki is created').waitFor();
  const [client] = await admin.api.list('/providers/oauth2/?name=Wiki');
  await dialog().getByText(String(client?.client_id)).waitFor();
  await dialog().getByText(String(client?.client_secret)).waitFor();
  expect(client).toMatchObject({ client_type: 'confidential', redirect_uris: 'https://wiki.example/callback' });
  expect(client?.property_mappings).toHaveLength(3);
  expect(await admin.violations()).toEqual([]);
  await dialog().getByRole('button', { name: 'Close' }).click();
  await row('Wiki').waitFor();
});
