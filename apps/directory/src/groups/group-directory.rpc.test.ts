import { expect, it } from 'vitest';
import { servedDirectory } from '../testing/served-directory.fixture.ts';

const served = await servedDirectory();
const { groups, users } = served;
const tenant = served.tenant();
const boss = served.as(tenant);
const asked = served.service(tenant);

const user = (username: string, inGroup: string, is_active = true) => ({
  user: { username, name: '', path: 'users', type: 'internal', is_active, groups: [inGroup] },
});

it('is closed to people', async () => {
  await expect(served.groupDirectory.batchGetGroups({ pks: [] }, boss)).rejects.toMatchObject({
    code: 'PERMISSION_DENIED',
  });
});

it('tells other services the direct members who may use their account, a page at a time', async () => {
  const { pk } = await groups.createGroup({ group: { name: 'readers' } }, boss);
  const below = await groups.createGroup({ group: { name: 'writers', parent: pk } }, boss);
  const ada = await users.createUser(user('ada', pk), boss);
  const grace = await users.createUser(user('grace', pk), boss);
  await users.createUser(user('gone', pk, false), boss);
  await users.createUser(user('eve', below.pk), boss);
  const page = async (request: object) =>
    (await served.groupDirectory.listGroupMembers({ group_uuid: pk, ...request }, asked)).users.map((one) => one.pk);
  expect(await page({})).toEqual([ada.pk, grace.pk]);
  expect(await page({ limit: 1 })).toEqual([ada.pk]);
  expect(await page({ after: ada.pk })).toEqual([grace.pk]);
  const elsewhere = served.service(served.tenant());
  expect(await served.groupDirectory.listGroupMembers({ group_uuid: pk }, elsewhere)).toEqual({ users: [] });
});

it('finds groups by key and by name, and leaves out what is none', async () => {
  const { pk } = await groups.createGroup({ group: { name: 'found' } }, boss);
  const { groups: known } = await served.groupDirectory.batchGetGroups({ pks: [pk, tenant, 'no key'] }, asked);
  expect(known.map(({ name }) => name)).toEqual(['found']);
  expect(await served.groupDirectory.findGroupsByName({ name: 'found' }, asked)).toEqual({ pks: [pk] });
  expect(await served.groupDirectory.findGroupsByName({ name: 'lost' }, asked)).toEqual({ pks: [] });
});
