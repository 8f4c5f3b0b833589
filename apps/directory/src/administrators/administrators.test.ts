import type { directory } from '@postern/proto';
import { beforeEach, describe, expect, it } from 'vitest';
import { servedDirectory } from '../testing/served-directory.fixture.ts';

const served = await servedDirectory();
const { users, groups, brands, administrators, as, around, tenant: aTenant } = served;
const FLOW = '0197c0de-0000-7000-8000-00000000f10e';

const LOOKS = {
  branding_title: 'Postern',
  branding_logo: '/l.svg',
  branding_favicon: '/f.png',
  event_retention: 'days=365',
};

// As the login service would: who is left, and has a flow, gets in.
beforeEach(() => {
  around.signIn = ({ administrators: known }) => {
    const { administrators: left = [], flow } = known ?? {};
    const problem = left.length === 0 ? 'there is no active administrator.' : flow === FLOW ? '' : 'there is no flow.';
    return { possible: problem === '', problem };
  };
  around.signInChecks.length = 0;
});

/** A tenant with a superuser group, one member in a group below it, and a brand that names a flow. */
async function aTenancy() {
  const tenant = aTenant();
  const asAdmin = (query = '') => as(tenant, { query });
  around.flows.set(FLOW, 'login');
  const user = { username: 'boss', name: '', is_active: true, path: 'users', type: 'internal' };
  const boss = await users.createUser({ user }, asAdmin());
  const top = await groups.createGroup({ group: { name: 'top', is_superuser: true } }, asAdmin());
  const below = await groups.createGroup({ group: { name: 'below', parent: top.pk, users: [boss.pk] } }, asAdmin());
  const brand = { ...LOOKS, domain: 'x.example', default: true, flow_authentication: FLOW };
  const { brand_uuid } = await brands.createBrand({ brand }, asAdmin());
  return { tenant, asAdmin, boss, top, below, brand: brand_uuid };
}

const lockedOut = (problem: RegExp): object => ({
  code: 'INVALID_ARGUMENT',
  violations: [{ reason: 'ADMINISTRATORS_LOCKED_OUT', description: expect.stringMatching(problem) }],
});

describe('a change that leaves no administrator who can sign in', () => {
  it('of the last one is refused: deactivated, made a program, without groups, deleted', async () => {
    const { asAdmin, boss } = await aTenancy();
    const nobody = lockedOut(/there is no active administrator\. With \?override=lockout/);
    const changes: Partial<directory.User>[] = [{ is_active: false }, { type: 'service_account' }, { groups: [] }];
    for (const user of changes) {
      const change = { id: boss.pk, user, update_mask: Object.keys(user) };
      await expect(users.updateUser(change, asAdmin())).rejects.toMatchObject(nobody);
    }
    await expect(users.deleteUser({ id: boss.pk }, asAdmin())).rejects.toMatchObject(nobody);
    expect(await users.getUser({ id: boss.pk }, asAdmin())).toMatchObject({ is_active: true, is_superuser: true });
  });

  it('of a group is refused: its members, its flag, its place, its end', async () => {
    const { asAdmin, boss, top, below } = await aTenancy();
    const nobody = lockedOut(/there is no active administrator/);
    const patch = (pk: string, group: Partial<directory.Group>) =>
      groups.updateGroup({ group_uuid: pk, group, update_mask: Object.keys(group) }, asAdmin());
    await expect(patch(top.pk, { is_superuser: false })).rejects.toMatchObject(nobody);
    await expect(patch(below.pk, { users: [] })).rejects.toMatchObject(nobody);
    await expect(patch(below.pk, { parent: undefined })).rejects.toMatchObject(nobody);
    await expect(groups.removeUser({ group_uuid: below.pk, pk: boss.pk }, asAdmin())).rejects.toMatchObject(nobody);
    await expect(groups.deleteGroup({ group_uuid: top.pk }, asAdmin())).rejects.toMatchObject(nobody);
    await expect(groups.deleteGroup({ group_uuid: below.pk }, asAdmin())).rejects.toMatchObject(nobody);
  });

  it('of the flow that the default brand names is refused', async () => {
    const { asAdmin, brand } = await aTenancy();
    const change = { brand_uuid: brand, brand: {}, update_mask: ['flow_authentication'] };
    await expect(brands.updateBrand(change, asAdmin())).rejects.toMatchObject(lockedOut(/there is no flow/));
    await expect(brands.deleteBrand({ brand_uuid: brand }, asAdmin())).rejects.toMatchObject(lockedOut(/no flow/));
  });

  it('is made by who insists, and where nobody could sign in before', async () => {
    const { asAdmin, boss, top } = await aTenancy();
    await users.deleteUser({ id: boss.pk }, asAdmin('override=lockout'));
    await groups.deleteGroup({ group_uuid: top.pk }, asAdmin());
  });
});

it('lets one of two administrators go, and not both at once', async () => {
  const { asAdmin, boss, below } = await aTenancy();
  const user = { username: 'other', name: '', is_active: true, path: 'users', type: 'internal', groups: [below.pk] };
  const other = await users.createUser({ user }, asAdmin());
  const deletions = [boss, other].map(({ pk }) => users.deleteUser({ id: pk }, asAdmin()));
  const outcomes = (await Promise.allSettled(deletions)).map(({ status }) => status);
  expect(outcomes.toSorted()).toEqual(['fulfilled', 'rejected']);
});

it('asks nobody about changes of anybody else', async () => {
  const { asAdmin } = await aTenancy();
  around.signInChecks.length = 0;
  const user = { username: 'somebody', name: '', is_active: true, path: 'users', type: 'internal' };
  const { pk } = await users.createUser({ user }, asAdmin());
  const { pk: group } = await groups.createGroup({ group: { name: 'some', users: [pk] } }, asAdmin());
  await groups.deleteGroup({ group_uuid: group }, asAdmin());
  await users.deleteUser({ id: pk }, asAdmin());
  expect(around.signInChecks).toEqual([]);
});

it('describes administrators with all their groups to services, and the flow of the default brand', async () => {
  const { tenant, asAdmin, boss, top, below } = await aTenancy();
  const other = await groups.createGroup({ group: { name: 'other', users: [boss.pk] } }, asAdmin());
  const gone = { username: 'gone', name: '', is_active: false, path: 'users', type: 'internal', groups: [below.pk] };
  await users.createUser({ user: gone }, asAdmin());
  const { groups: found, user } = (await administrators.describeAdministrators({}, served.service(tenant)))
    .administrators[0] ?? { groups: [] };
  expect(user).toMatchObject({ pk: boss.pk, username: 'boss' });
  expect(found.toSorted()).toEqual([top.pk, below.pk, other.pk].toSorted());
  expect(await administrators.describeAdministrators({}, served.service(tenant))).toMatchObject({
    administrators: [{}],
    flow: FLOW,
  });
});
