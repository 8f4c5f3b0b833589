import { expect, it } from 'vitest';
import { servedDirectory } from '../testing/served-directory.fixture.ts';

const served = await servedDirectory();
const { users, groups, roles, permissions, brands, as, tenant: aTenant } = served;

const DENIED = { code: 'PERMISSION_DENIED' };
const NOT_FOUND = { code: 'NOT_FOUND' };

/** Ada, who holds nothing on everything, and three groups. */
async function aDelegate() {
  const tenant = aTenant();
  const user = { username: 'ada', name: '', is_active: true, path: 'users', type: 'internal' };
  const ada = await users.createUser({ user }, as(tenant));
  const made = ['one', 'two', 'three'].map((name) => groups.createGroup({ group: { name } }, as(tenant)));
  const [one, two, three] = await Promise.all(made);
  const give = async (key: string, ...names: string[]) => {
    const assignment = { permissions: names, model: 'authentik_core.group', object_pk: key };
    await permissions.assignUserPermissions({ id: ada.pk, assignment }, as(tenant));
    await served.settle(tenant);
  };
  const keys = [one, two, three].map((group) => group?.pk ?? '');
  return { tenant, ada, keys, give, caller: as(tenant, { permissions: [], pk: ada.pk }) };
}

it('lists what somebody may see, and only that', async () => {
  const { keys, give, caller, tenant } = await aDelegate();
  await expect(groups.listGroups({}, caller)).rejects.toMatchObject(DENIED);
  await give(keys[0] ?? '', 'view_group');
  await give(keys[2] ?? '', 'view_group', 'change_group');
  const { pagination, results } = await groups.listGroups({ ordering: 'name' }, caller);
  expect(results.map(({ name }) => name)).toEqual(['one', 'three']);
  expect(pagination).toMatchObject({ count: 2 });
  expect((await groups.listGroups({ search: 'thr' }, caller)).results.map(({ name }) => name)).toEqual(['three']);
  await expect(groups.listGroups({}, as(tenant, { permissions: [], pk: 4711 }))).rejects.toMatchObject(DENIED);
});

it('opens the one object, says of the others that they are not there, and refuses who may see none', async () => {
  const { keys, give, caller, tenant } = await aDelegate();
  const [one = '', two = ''] = keys;
  await expect(groups.getGroup({ group_uuid: one }, caller)).rejects.toMatchObject(DENIED);
  await give(one, 'view_group');
  expect((await groups.getGroup({ group_uuid: one }, caller)).name).toBe('one');
  await expect(groups.getGroup({ group_uuid: two }, caller)).rejects.toMatchObject(NOT_FOUND);
  const elsewhere = as(aTenant(), { permissions: [], pk: 1 });
  await expect(groups.getGroup({ group_uuid: one }, elsewhere)).rejects.toMatchObject(DENIED);
  await expect(groups.getGroup({ group_uuid: one }, served.anonymous(tenant))).rejects.toMatchObject({
    code: 'UNAUTHENTICATED',
  });
});

it('changes with the permission to change that object, and with no other', async () => {
  const { keys, give, caller } = await aDelegate();
  const [one = '', two = ''] = keys;
  await give(one, 'change_group');
  const rename = (group_uuid: string) =>
    groups.updateGroup({ group_uuid, group: { name: 'renamed' }, update_mask: ['name'] }, caller);
  expect((await rename(one)).name).toBe('renamed');
  await expect(rename(two)).rejects.toMatchObject(DENIED);
  await expect(groups.deleteGroup({ group_uuid: one }, caller)).rejects.toMatchObject(DENIED);
  await expect(groups.createGroup({ group: { name: 'new' } }, caller)).rejects.toMatchObject(DENIED);
  // Changing a group is no way to more rights.
  const group = { name: 'one', is_superuser: true };
  await expect(
    groups.updateGroup({ group_uuid: one, group, update_mask: ['is_superuser'] }, caller),
  ).rejects.toMatchObject({ reason: 'SUPERUSER_REQUIRED' });
});

it('counts what a role of a group holds, for as long as they have the role', async () => {
  const { tenant, ada, keys, caller } = await aDelegate();
  const role = await roles.createRole({ role: { name: 'lookers' } }, as(tenant));
  const assignment = { permissions: ['view_group'], model: 'authentik_core.group', object_pk: keys[1] ?? '' };
  await permissions.assignRolePermissions({ uuid: role.pk, assignment }, as(tenant));
  await served.settle(tenant);
  const withRole = as(tenant, { permissions: [], pk: ada.pk, roles: [role.pk] });
  expect((await groups.listGroups({}, withRole)).results.map(({ name }) => name)).toEqual(['two']);
  await expect(groups.listGroups({}, caller)).rejects.toMatchObject(DENIED);
  await roles.deleteRole({ uuid: role.pk }, as(tenant));
  await served.settle(tenant);
  await expect(groups.listGroups({}, withRole)).rejects.toMatchObject(DENIED);
});

it('tells the login service which roles somebody has, by ancestors, too', async () => {
  const { tenant, ada } = await aDelegate();
  const role = await roles.createRole({ role: { name: 'lookers' } }, as(tenant));
  const top = await groups.createGroup({ group: { name: 'top', roles: [role.pk] } }, as(tenant));
  await groups.createGroup({ group: { name: 'below', parent: top.pk, users: [ada.pk] } }, as(tenant));
  expect((await served.people.getPrincipal({ pk: ada.pk }, served.service(tenant))).roles).toEqual([role.pk]);
});

it('ends when it is taken, whichever fact arrives last', async () => {
  const { tenant, ada, keys, give, caller } = await aDelegate();
  const [one = ''] = keys;
  await give(one, 'view_group');
  const assignment = { permissions: ['view_group'], model: 'authentik_core.group', object_pk: one };
  await permissions.unassignUserPermissions({ id: ada.pk, assignment }, as(tenant));
  for (const fact of (await served.facts(tenant)).toReversed()) await served.hear(fact, tenant);
  await expect(groups.listGroups({}, caller)).rejects.toMatchObject(DENIED);
});

it('tells of users who may be seen alone: their folders, what they hold, and nothing of others', async () => {
  const { tenant, ada } = await aDelegate();
  const boss = { username: 'boss', name: '', is_active: true, path: 'staff/boss', type: 'internal' };
  const other = await users.createUser({ user: boss }, as(tenant));
  const assignment = { permissions: ['view_user'], model: 'authentik_core.user', object_pk: String(ada.pk) };
  await permissions.assignUserPermissions({ id: ada.pk, assignment }, as(tenant));
  await permissions.assignUserPermissions(
    { id: other.pk, assignment: { permissions: ['authentik_core.view_user'], model: '', object_pk: '' } },
    as(tenant),
  );
  await served.settle(tenant);
  const caller = as(tenant, { permissions: [], pk: ada.pk });
  expect((await users.listUsers({}, caller)).results.map(({ username }) => username)).toEqual(['ada']);
  expect((await users.listUserPaths({}, caller)).paths).toEqual(['users']);
  const holders = await permissions.listUsersWithPermissions({ model: 'authentik_core.user' }, caller);
  expect(holders.results.map(({ username }) => username)).toEqual(['ada']);
  expect((await permissions.listUserObjectPermissions({ user_id: ada.pk }, caller)).results).toHaveLength(1);
  await expect(permissions.listUserObjectPermissions({ user_id: other.pk }, caller)).rejects.toMatchObject(NOT_FOUND);
  await expect(brands.listBrands({}, caller)).rejects.toMatchObject(DENIED);
});
