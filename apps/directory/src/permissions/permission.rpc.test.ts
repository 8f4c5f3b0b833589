import { findPermission } from '@postern/models';
import { directory as api, operations } from '@postern/proto';
import { loadContract } from '@postern/rpc';
import { describe, expect, it } from 'vitest';
import { servedDirectory } from '../testing/served-directory.fixture.ts';

const served = await servedDirectory();
const { users, groups, roles, permissions, as, tenant: aTenant } = served;

const aUser = (tenant: string, username: string, type = 'internal') =>
  users.createUser({ user: { username, name: '', is_active: true, path: 'users', type } }, as(tenant));
const VIEW = 'authentik_core.view_group';
const GIVE = ['authentik_core.assign_user_permissions', 'authentik_core.unassign_user_permissions'];

it('knows every permission that an operation asks for', () => {
  const asked = operations(loadContract().registry).flatMap(({ access }) =>
    access?.kind === 'permission' && !access.permission.startsWith('postern_conformance.') ? access.permission : [],
  );
  expect(asked.filter((permission) => !findPermission(permission))).toEqual([]);
});

describe('the list of permissions', () => {
  it('comes in pages, filtered, searched and ordered', async () => {
    const tenant = aTenant();
    const list = (request: object) => permissions.listPermissions(request, as(tenant));
    const whole = await list({ page_size: 3 });
    expect(whole.results).toHaveLength(3);
    expect(whole.pagination?.count).toBeGreaterThan(300);
    const user = await list({ app_label: 'authentik_core', model: 'user', ordering: '-codename' });
    expect(user.results.map(({ codename }) => codename)).toEqual([
      'view_user',
      'unassign_user_permissions',
      'reset_user_password',
      'impersonate',
      'delete_user',
      'change_user',
      'assign_user_permissions',
      'add_user',
    ]);
    expect((await list({ codename: 'add_application' })).results).toEqual([
      expect.objectContaining({
        name: 'Can add Application',
        model: 'application',
        app_label_verbose: 'authentik Core',
        model_verbose: 'Application',
      }),
    ]);
    expect((await list({ search: 'token key' })).results.map(({ codename }) => codename)).toEqual([
      'set_token_key',
      'view_token_key',
    ]);
    expect((await list({ search: 'token,key' })).pagination?.count).toBe(2);
    const [first] = whole.results;
    expect(first?.name).toBe('Can access admin interface');
    expect(await permissions.getPermission({ id: first?.id ?? 0 }, as(tenant))).toEqual(first);
    await expect(permissions.getPermission({ id: 1 }, as(tenant))).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(list({ role: 'nobody' })).rejects.toMatchObject({
      violations: [{ field: 'role', description: 'Enter a valid UUID.' }],
    });
    await expect(list({ page: '99999' })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('is kept from who may not look at roles', async () => {
    const caller = as(aTenant(), { permissions: [] });
    await expect(permissions.listPermissions({}, caller)).rejects.toMatchObject({ code: 'PERMISSION_DENIED' });
  });
});

describe('a permission on everything', () => {
  it('is given to users and roles, told, listed, and taken again', async () => {
    const tenant = aTenant();
    const ada = await aUser(tenant, 'ada');
    const role = await roles.createRole({ role: { name: 'lookers' } }, as(tenant));
    const assignment = { permissions: [VIEW] };
    await permissions.assignUserPermissions({ id: ada.pk, assignment }, as(tenant));
    await permissions.assignRolePermissions({ uuid: role.pk, assignment }, as(tenant));
    await permissions.assignRolePermissions({ uuid: role.pk, assignment }, as(tenant));
    expect((await served.subjects(tenant)).slice(-2)).toEqual([
      'directory.v1.user.permissions_changed',
      'directory.v1.role.permissions_changed',
    ]);
    const held = async (request: object) =>
      (await permissions.listPermissions(request, as(tenant))).results.map(({ codename }) => codename);
    expect(await held({ user: ada.pk })).toEqual(['view_group']);
    expect(await held({ role: role.pk })).toEqual(['view_group']);
    const on = { model: 'authentik_core.group' };
    const { results } = await permissions.listUsersWithPermissions(on, as(tenant));
    expect(results.filter(({ is_superuser }) => !is_superuser).map(({ username }) => username)).toEqual(['ada']);
    expect((await permissions.listRolesWithPermissions(on, as(tenant))).results).toEqual([
      { role_pk: role.pk, name: 'lookers', permissions: [] },
    ]);
    await permissions.unassignUserPermissions({ id: ada.pk, assignment }, as(tenant));
    await permissions.unassignRolePermissions({ uuid: role.pk, assignment }, as(tenant));
    expect(await held({ user: ada.pk })).toEqual([]);
    expect(await held({ role: role.pk })).toEqual([]);
  });

  it('counts as soon as it is given', async () => {
    const tenant = aTenant();
    const ada = await aUser(tenant, 'ada');
    await permissions.assignUserPermissions({ id: ada.pk, assignment: { permissions: [VIEW] } }, as(tenant));
    const { permissions: held } = await served.people.getPrincipal({ pk: ada.pk }, served.service(tenant));
    expect(held).toEqual([VIEW]);
  });

  it.each([
    [
      { permissions: ['view_group'] },
      'When assigning global permissions, codename must be given as app_label.codename',
    ],
    [{ permissions: ['authentik_core.fly'] }, 'Permission "authentik_core.fly" does not exist.'],
    [{ permissions: [VIEW], model: 'authentik_core.group' }, 'The fields model, object_pk must be used together.'],
    [
      { permissions: ['view_user'], model: 'authentik_core.group', object_pk: 'x' },
      'Permission "view_user" does not exist.',
    ],
    [
      { permissions: ['view_group'], model: 'authentik_core.group', object_pk: '0197c0de-0000-7000-8000-00000000ffff' },
      'Invalid pk "0197c0de-0000-7000-8000-00000000ffff" - object does not exist.',
    ],
  ])('is not given by %j', async (assignment, description) => {
    const tenant = aTenant();
    const { pk: id } = await aUser(tenant, 'ada');
    await expect(permissions.assignUserPermissions({ id, assignment }, as(tenant))).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
      violations: [{ description }],
    });
  });

  it('is not given to accounts of the platform, to nobody, or to those of another tenant', async () => {
    const [tenant, other] = [aTenant(), aTenant()];
    const ada = await aUser(tenant, 'ada');
    const assignment = { permissions: [VIEW] };
    const give = (id: number, where = tenant) => permissions.assignUserPermissions({ id, assignment }, as(where));
    await expect(give(987_654)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(give(ada.pk, other)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    const role = await roles.createRole({ role: { name: 'r' } }, as(tenant));
    const elsewhere = permissions.assignRolePermissions({ uuid: role.pk, assignment }, as(other));
    await expect(elsewhere).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});

describe('a permission on one object', () => {
  it('is given by the short name, listed with the name of the object, and gone with the object', async () => {
    const tenant = aTenant();
    const ada = await aUser(tenant, 'ada');
    const role = await roles.createRole({ role: { name: 'lookers' } }, as(tenant));
    const [mine, other] = [
      await groups.createGroup({ group: { name: 'mine' } }, as(tenant)),
      await groups.createGroup({ group: { name: 'other' } }, as(tenant)),
    ];
    const assignment = { permissions: ['view_group', 'authentik_core.change_group'], ...on(mine.pk) };
    await permissions.assignUserPermissions({ id: ada.pk, assignment }, as(tenant));
    await permissions.assignRolePermissions({ uuid: role.pk, assignment }, as(tenant));
    const of = { user_id: ada.pk };
    const { results } = await permissions.listUserObjectPermissions(of, as(tenant));
    expect(results).toEqual([
      expect.objectContaining({ codename: 'change_group', object_pk: mine.pk, object_description: 'mine' }),
      expect.objectContaining({ codename: 'view_group', model: 'group', app_label: 'authentik_core' }),
    ]);
    const looking = as(tenant, { permissions: ['authentik_core.view_user'] });
    const [seen] = (await permissions.listUserObjectPermissions(of, looking)).results;
    expect(seen?.object_description).toBeUndefined();
    expect((await permissions.listRoleObjectPermissions({ uuid: role.pk }, as(tenant))).results).toHaveLength(2);
    const names = async (key: string) => {
      const request = { model: 'authentik_core.group', object_pk: key };
      const found = await permissions.listUsersWithPermissions(request, as(tenant));
      return found.results.filter(({ is_superuser }) => !is_superuser).map(({ username }) => username);
    };
    expect(await names(mine.pk)).toEqual(['ada']);
    expect(await names(other.pk)).toEqual([]);
    await permissions.unassignUserPermissions(
      { id: ada.pk, assignment: { permissions: ['view_group'], ...on(mine.pk) } },
      as(tenant),
    );
    expect((await permissions.listUserObjectPermissions(of, as(tenant))).results).toHaveLength(1);
    const payload = api.GroupDeleted.encode(
      api.GroupDeleted.fromPartial({ group: { pk: mine.pk, name: 'mine' } }),
    ).finish();
    const subject = 'directory.v1.group.deleted';
    await served.hear({ subject, type: 'postern.directory.v1.GroupDeleted', payload }, tenant);
    expect((await permissions.listUserObjectPermissions(of, as(tenant))).results).toEqual([]);
    expect((await permissions.listRoleObjectPermissions({ uuid: role.pk }, as(tenant))).results).toEqual([]);
  });
});

describe('a delegate', () => {
  it('gives what they hold, and nothing else', async () => {
    const tenant = aTenant();
    const ada = await aUser(tenant, 'ada');
    const delegate = as(tenant, { permissions: [...GIVE, VIEW] });
    const give = (assignment: object) =>
      permissions.assignUserPermissions({ id: ada.pk, assignment: { permissions: [], ...assignment } }, delegate);
    await give({ permissions: [VIEW] });
    await expect(give({ permissions: [VIEW, 'authentik_core.change_group'] })).rejects.toMatchObject({
      reason: 'RIGHTS_EXCEEDED',
    });
    const group = await groups.createGroup({ group: { name: 'g' } }, as(tenant));
    await expect(give({ permissions: ['delete_group'], ...on(group.pk) })).rejects.toMatchObject({
      reason: 'RIGHTS_EXCEEDED',
    });
    const { results } = await permissions.listPermissions({ user: ada.pk }, as(tenant));
    expect(results.map(({ codename }) => codename)).toEqual(['view_group']);
  });

  it('hands on what they hold on one object alone, for that object', async () => {
    const tenant = aTenant();
    const [ada, bob] = [await aUser(tenant, 'ada'), await aUser(tenant, 'bob')];
    const [mine, other] = [
      await groups.createGroup({ group: { name: 'mine' } }, as(tenant)),
      await groups.createGroup({ group: { name: 'other' } }, as(tenant)),
    ];
    const assignment = { permissions: ['view_group'], ...on(mine.pk) };
    await permissions.assignUserPermissions({ id: ada.pk, assignment }, as(tenant));
    const delegate = as(tenant, { permissions: GIVE, pk: ada.pk });
    await permissions.assignUserPermissions({ id: bob.pk, assignment }, delegate);
    const elsewhere = { permissions: ['view_group'], ...on(other.pk) };
    const carol = await aUser(tenant, 'carol');
    await expect(
      permissions.assignUserPermissions({ id: carol.pk, assignment: elsewhere }, delegate),
    ).rejects.toMatchObject({ reason: 'RIGHTS_EXCEEDED' });
  });

  it('changes nothing about who can do more than they can, however that came to be', async () => {
    const tenant = aTenant();
    const delegate = as(tenant, { permissions: [...GIVE, VIEW, 'authentik_rbac.unassign_role_permissions'] });
    const boss = await aUser(tenant, 'boss');
    await groups.createGroup({ group: { name: 'bosses', is_superuser: true, users: [boss.pk] } }, as(tenant));
    const strong = await aUser(tenant, 'strong');
    const role = await roles.createRole({ role: { name: 'strong' } }, as(tenant));
    const group = await groups.createGroup({ group: { name: 'g', roles: [role.pk], users: [strong.pk] } }, as(tenant));
    const assignment = { permissions: ['delete_group'], ...on(group.pk) };
    await permissions.assignRolePermissions({ uuid: role.pk, assignment }, as(tenant));
    const taking = { permissions: [VIEW] };
    await expect(
      permissions.assignUserPermissions({ id: boss.pk, assignment: taking }, delegate),
    ).rejects.toMatchObject({
      reason: 'SUPERUSER_REQUIRED',
    });
    for (const refused of [
      () => permissions.assignUserPermissions({ id: strong.pk, assignment: taking }, delegate),
      () => permissions.unassignUserPermissions({ id: strong.pk, assignment: taking }, delegate),
      () => permissions.unassignRolePermissions({ uuid: role.pk, assignment: taking }, delegate),
    ])
      await expect(refused()).rejects.toMatchObject({ reason: 'RIGHTS_EXCEEDED' });
  });
});

function on(object_pk: string) {
  return { model: 'authentik_core.group', object_pk };
}
