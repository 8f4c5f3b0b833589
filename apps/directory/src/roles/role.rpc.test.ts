import { describe, expect, it } from 'vitest';
import { servedDirectory } from '../testing/served-directory.fixture.ts';

const served = await servedDirectory();
const { roles, groups, users, as, tenant: aTenant } = served;

describe('a role', () => {
  it('lives its standard life', async () => {
    const tenant = aTenant();
    const role = await roles.createRole({ role: { name: 'reader' } }, as(tenant));
    await roles.createRole({ role: { name: 'writer' } }, as(tenant));
    const renamed = { pk: role.pk, name: 'looker' };
    expect(
      await roles.updateRole({ uuid: role.pk, role: { name: 'looker' }, update_mask: ['name'] }, as(tenant)),
    ).toEqual(renamed);
    expect((await roles.listRoles({ ordering: '-name' }, as(tenant))).results.map(({ name }) => name)).toEqual([
      'writer',
      'looker',
    ]);
    expect((await roles.listRoles({ group_name: 'looker' }, as(tenant))).results).toEqual([renamed]);
    expect((await roles.listRoles({ search: 'rite' }, as(tenant))).results).toMatchObject([{ name: 'writer' }]);
    await roles.deleteRole({ uuid: role.pk }, as(tenant));
    await expect(roles.getRole({ uuid: role.pk }, as(tenant))).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect((await served.subjects(tenant)).slice(-2)).toEqual([
      'directory.v1.role.updated',
      'directory.v1.role.deleted',
    ]);
  });

  it('is refused with a taken name, without permission, and from another tenant', async () => {
    const tenant = aTenant();
    const { pk: uuid } = await roles.createRole({ role: { name: 'reader' } }, as(tenant));
    await expect(roles.createRole({ role: { name: 'reader' } }, as(tenant))).rejects.toMatchObject({
      violations: [{ field: 'name', description: 'Role with this name already exists.' }],
    });
    await expect(roles.createRole({ role: { name: 'x' } }, as(tenant, { permissions: [] }))).rejects.toMatchObject({
      code: 'PERMISSION_DENIED',
    });
    await expect(roles.deleteRole({ uuid }, as(aTenant()))).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});

it('names who refers to users, groups and roles, as far as the caller may see them', async () => {
  const tenant = aTenant();
  const role = await roles.createRole({ role: { name: 'reader' } }, as(tenant));
  const user = await users.createUser(
    { user: { username: 'ada', name: '', is_active: true, path: 'users', type: 'internal' } },
    as(tenant),
  );
  const top = await groups.createGroup({ group: { name: 'top', users: [user.pk], roles: [role.pk] } }, as(tenant));
  const below = await groups.createGroup({ group: { name: 'below', parent: top.pk } }, as(tenant));
  const group = { app: 'authentik_core', model_name: 'group', pk: top.pk, name: 'top', action: 'CASCADE_MANY' };
  expect((await users.listUserUsedBy({ id: user.pk }, as(tenant))).items).toEqual([group]);
  expect((await roles.listRoleUsedBy({ uuid: role.pk }, as(tenant))).items).toEqual([group]);
  const { items } = await groups.listGroupUsedBy({ group_uuid: top.pk }, as(tenant));
  expect(items).toEqual([
    { app: 'authentik_core', model_name: 'user', pk: String(user.pk), name: 'ada', action: 'CASCADE_MANY' },
    { app: 'authentik_core', model_name: 'group', pk: below.pk, name: 'below', action: 'SET_NULL' },
    { app: 'authentik_rbac', model_name: 'role', pk: role.pk, name: 'reader', action: 'CASCADE_MANY' },
  ]);
  expect((await groups.listGroupUsedBy({ group_uuid: top.pk }, as(tenant, { permissions: [] }))).items).toEqual([]);
});
