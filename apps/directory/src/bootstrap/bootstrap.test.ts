import { DEFAULT_TENANT } from '@postern/database';
import { directory } from '@postern/proto';
import { expect, it } from 'vitest';
import { servedDirectory } from '../testing/served-directory.fixture.ts';
import { bootstrapUuid } from './index.ts';

const served = await servedDirectory();
const { users, groups, as, seed } = served;

it('gives a tenant its administrator and their group, once and for all', async () => {
  await seed(DEFAULT_TENANT);
  const boss = as(DEFAULT_TENANT);
  const { results } = await users.listUsers({}, boss);
  expect(results).toMatchObject([
    {
      username: 'akadmin',
      name: 'Default Admin',
      email: 'boss@example.com',
      uuid: bootstrapUuid(DEFAULT_TENANT),
      is_superuser: true,
      groups_obj: [{ name: 'authentik Admins', is_superuser: true }],
    },
  ]);
  const facts = await served.facts(DEFAULT_TENANT);
  expect(facts.map(({ subject }) => subject)).toEqual([
    'directory.v1.group.created',
    'directory.v1.user.created',
    'directory.v1.group.members_changed',
  ]);
  expect(directory.UserCreated.decode(facts[1]?.payload ?? new Uint8Array()).user).toMatchObject({
    username: 'akadmin',
  });

  const [admin] = results;
  await users.updateUser({ id: admin?.pk ?? 0, user: { username: 'chief' }, update_mask: ['username'] }, boss);
  await groups.deleteGroup({ group_uuid: admin?.groups[0] ?? '' }, boss);
  await seed(DEFAULT_TENANT);
  expect((await users.listUsers({}, boss)).results).toMatchObject([{ username: 'chief', groups: [] }]);
});

it('puts the administrator into a group that is there already', async () => {
  const tenant = served.tenant();
  const group = { name: 'authentik Admins', is_superuser: true };
  const { pk } = await groups.createGroup({ group }, as(tenant));
  await seed(tenant);
  expect((await users.listUsers({}, as(tenant))).results).toMatchObject([{ groups: [pk], is_superuser: true }]);
});

it('gives another tenant its own, which know nothing of the first', async () => {
  const tenant = served.tenant();
  await seed(tenant);
  const { results } = await users.listUsers({}, as(tenant));
  expect(results).toMatchObject([{ username: 'akadmin', email: 'root@example.com', uuid: bootstrapUuid(tenant) }]);
});

it('has tables that its entities describe', async () => {
  expect(await served.db.checkSchema()).toEqual([]);
});
