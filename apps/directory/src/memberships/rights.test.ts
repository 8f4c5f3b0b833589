import type { directory } from '@postern/proto';
import { beforeAll, describe, expect, it } from 'vitest';
import { servedDirectory } from '../testing/served-directory.fixture.ts';

/** Permissions to manage users and groups must not become permissions to do everything. */

const served = await servedDirectory();
const { users, groups, roles, people, as } = served;
const tenant = served.tenant();
const boss = as(tenant);

const MANAGE = ['user', 'group'].flatMap((model) =>
  ['add', 'change', 'delete', 'view'].map((verb) => `authentik_core.${verb}_${model}`),
);
const manager = as(tenant, { permissions: [...MANAGE, 'authentik_core.reset_user_password'] });

const user = (username: string, inGroups: string[] = []) => ({
  username,
  name: '',
  is_active: true,
  path: 'users',
  type: 'internal',
  groups: inGroups,
});

const SUPERUSER = { code: 'PERMISSION_DENIED', reason: 'SUPERUSER_REQUIRED' };
const EXCEEDED = { code: 'PERMISSION_DENIED', reason: 'RIGHTS_EXCEEDED' };

let admins: directory.Group;
let keepers: directory.Group;
let plain: directory.Group;
let root: directory.User;
let keeper: directory.User;
let ada: directory.User;

beforeAll(async () => {
  admins = await groups.createGroup({ group: { name: 'admins', is_superuser: true } }, boss);
  const role = await roles.createRole({ role: { name: 'keeper' } }, boss);
  await served.db.write({ tenant }, (em) =>
    em.execute(
      "insert into role_permission (role_pk, permission) values (?, 'authentik_crypto.view_certificatekeypair')",
      [role.pk],
    ),
  );
  keepers = await groups.createGroup({ group: { name: 'keepers', roles: [role.pk] } }, boss);
  plain = await groups.createGroup({ group: { name: 'plain' } }, boss);
  root = await users.createUser({ user: user('root', [admins.pk]) }, boss);
  keeper = await users.createUser({ user: user('keeper', [keepers.pk]) }, boss);
  ada = await users.createUser({ user: user('ada', [plain.pk]) }, boss);
});

const patchUser = (pk: number, change: Partial<directory.User>) =>
  users.updateUser({ id: pk, user: change, update_mask: Object.keys(change) }, manager);
const patchGroup = (pk: string, change: Partial<directory.Group>) =>
  groups.updateGroup({ group_uuid: pk, group: change, update_mask: Object.keys(change) }, manager);

describe('someone who is no superuser', () => {
  it.each([
    ['creates a superuser group', () => groups.createGroup({ group: { name: 'x', is_superuser: true } }, manager)],
    ['creates a group below one', () => groups.createGroup({ group: { name: 'x', parent: admins.pk } }, manager)],
    ['makes a group a superuser group', () => patchGroup(plain.pk, { is_superuser: true })],
    ['moves a group below one', () => patchGroup(plain.pk, { parent: admins.pk })],
    ['changes one', () => patchGroup(admins.pk, { name: 'x' })],
    ['takes the flag away', () => patchGroup(admins.pk, { is_superuser: false })],
    ['deletes one', () => groups.deleteGroup({ group_uuid: admins.pk }, manager)],
    ['sets its members', () => patchGroup(admins.pk, { users: [ada.pk] })],
    ['adds a member', () => groups.addUser({ group_uuid: admins.pk, pk: ada.pk }, manager)],
    ['removes a member', () => groups.removeUser({ group_uuid: admins.pk, pk: root.pk }, manager)],
    ['puts a user into one', () => patchUser(ada.pk, { groups: [plain.pk, admins.pk] })],
    ['creates a user in one', () => users.createUser({ user: user('eve', [admins.pk]) }, manager)],
    ['changes a superuser', () => patchUser(root.pk, { email: 'eve@example.com' })],
    ['deactivates a superuser', () => patchUser(root.pk, { is_active: false })],
    ['takes a superuser out', () => patchUser(root.pk, { groups: [] })],
    ['deletes a superuser', () => users.deleteUser({ id: root.pk }, manager)],
    ['sets the password of one', () => users.setPassword({ id: root.pk, password: 'x' }, manager)],
  ])('is refused when they %s', async (_what, attempt) => {
    const before = await served.subjects(tenant);
    await expect(attempt()).rejects.toMatchObject(SUPERUSER);
    expect(await served.subjects(tenant)).toEqual(before);
    expect(served.around.passwords).toEqual([]);
    expect((await people.getPrincipal({ pk: ada.pk }, served.service(tenant))).superuser).toBe(false);
    expect((await people.getPrincipal({ pk: root.pk }, served.service(tenant))).superuser).toBe(true);
  });

  it.each([
    ['gives a role to a group', () => patchGroup(plain.pk, { roles: keepers.roles })],
    ['adds a member to a group with it', () => groups.addUser({ group_uuid: keepers.pk, pk: ada.pk }, manager)],
    ['sets the password of someone with it', () => users.setPassword({ id: keeper.pk, password: 'x' }, manager)],
    ['changes someone with it', () => patchUser(keeper.pk, { username: 'x' })],
  ])('is refused over a permission that they lack when they %s', async (_what, attempt) => {
    await expect(attempt()).rejects.toMatchObject(EXCEEDED);
    expect((await people.getPrincipal({ pk: ada.pk }, served.service(tenant))).permissions).toEqual([]);
  });

  it('manages whatever gives no more than they have', async () => {
    const group = await groups.createGroup({ group: { name: 'new', parent: plain.pk } }, manager);
    const eve = await users.createUser({ user: user('eve', [group.pk]) }, manager);
    await groups.addUser({ group_uuid: plain.pk, pk: eve.pk }, manager);
    await users.setPassword({ id: eve.pk, password: 'secret' }, manager);
    await users.deleteUser({ id: eve.pk }, manager);
    const holder = as(tenant, { permissions: [...MANAGE, 'authentik_crypto.view_certificatekeypair'] });
    await groups.addUser({ group_uuid: keepers.pk, pk: ada.pk }, holder);
    expect((await people.getPrincipal({ pk: ada.pk }, served.service(tenant))).permissions).toEqual([
      'authentik_crypto.view_certificatekeypair',
    ]);
  });

  it('needs to add groups and to see users for the actions on members', async () => {
    const request = { group_uuid: plain.pk, pk: ada.pk };
    const adder = ['authentik_core.add_user'];
    await expect(groups.addUser(request, as(tenant, { permissions: adder }))).rejects.toMatchObject({
      code: 'PERMISSION_DENIED',
    });
    const blind = as(tenant, { permissions: [...adder, 'authentik_core.add_group'] });
    await expect(groups.addUser(request, blind)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});
