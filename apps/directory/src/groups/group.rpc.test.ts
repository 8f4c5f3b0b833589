import { directory } from '@postern/proto';
import { describe, expect, it } from 'vitest';
import { servedDirectory } from '../testing/served-directory.fixture.ts';

const served = await servedDirectory();
const { users, groups, roles, people, as, tenant: aTenant } = served;

const aUser = (tenant: string, username: string, inGroups: string[] = []) =>
  users.createUser(
    { user: { username, name: '', is_active: true, path: 'users', type: 'internal', groups: inGroups } },
    as(tenant),
  );
const aGroup = (tenant: string, group: Partial<directory.Group>) => groups.createGroup({ group }, as(tenant));
const patch = (tenant: string, group_uuid: string, group: Partial<directory.Group>) =>
  groups.updateGroup({ group_uuid, group, update_mask: Object.keys(group) }, as(tenant));

describe('a group', () => {
  it('is shown with its parent, members and roles', async () => {
    const tenant = aTenant();
    const parent = await aGroup(tenant, { name: 'parent' });
    const role = await roles.createRole({ role: { name: 'reader' } }, as(tenant));
    const user = await aUser(tenant, 'ada');
    const last_login = '2026-01-01T10:11:12.345Z';
    await users.updateUser({ id: user.pk, user: { last_login }, update_mask: ['last_login'] }, as(tenant));
    const group = await aGroup(tenant, {
      name: 'staff',
      parent: parent.pk,
      users: [user.pk],
      roles: [role.pk],
      attributes: { a: [1] },
    });
    expect(group).toEqual({
      pk: expect.any(String),
      num_pk: Number(
        BigInt(`0x${group.pk.replaceAll('-', '')}`)
          .toString()
          .slice(0, 5),
      ),
      name: 'staff',
      is_superuser: false,
      parent: parent.pk,
      parent_name: 'parent',
      users: [user.pk],
      users_obj: [
        {
          pk: user.pk,
          username: 'ada',
          name: '',
          is_active: true,
          last_login,
          email: '',
          attributes: {},
          uid: user.uid,
        },
      ],
      attributes: { a: [1] },
      roles: [role.pk],
      roles_obj: [role],
    });
    expect(await groups.getGroup({ group_uuid: group.pk }, as(tenant))).toEqual(group);
    expect((await users.getUser({ id: user.pk }, as(tenant))).groups_obj).toMatchObject([{ parent_name: 'parent' }]);
    expect(await patch(tenant, group.pk, { parent: undefined })).toMatchObject({ parent: undefined, users: [user.pk] });
  });

  it('refuses a taken name below one parent, and takes any name at the top', async () => {
    const tenant = aTenant();
    const parent = await aGroup(tenant, { name: 'same' });
    await aGroup(tenant, { name: 'same' });
    await aGroup(tenant, { name: 'same', parent: parent.pk });
    await expect(aGroup(tenant, { name: 'same', parent: parent.pk })).rejects.toMatchObject({
      violations: [{ field: '', description: 'The fields name, parent must make a unique set.' }],
    });
  });

  it('refuses to lie below itself, directly and further down', async () => {
    const tenant = aTenant();
    const top = await aGroup(tenant, { name: 'top' });
    const middle = await aGroup(tenant, { name: 'middle', parent: top.pk });
    const bottom = await aGroup(tenant, { name: 'bottom', parent: middle.pk });
    await expect(patch(tenant, top.pk, { parent: top.pk })).rejects.toMatchObject({
      violations: [{ field: 'parent', description: 'Cannot set group as parent of itself.' }],
    });
    await expect(patch(tenant, top.pk, { parent: bottom.pk })).rejects.toMatchObject({
      violations: [{ field: 'parent', reason: 'GROUP_CYCLE' }],
    });
    expect(await groups.getGroup({ group_uuid: top.pk }, as(tenant))).toMatchObject({ parent: undefined });
  });

  it('refuses a name of nothing but space', async () => {
    const refused = groups.createGroup({ group: { name: ' \t' } }, as(aTenant()));
    await expect(refused).rejects.toMatchObject({ violations: [{ field: 'name' }] });
  });

  it('closes no circle when two moves happen at once', async () => {
    const tenant = aTenant();
    const [a, b] = [await aGroup(tenant, { name: 'a' }), await aGroup(tenant, { name: 'b' })];
    const moves = [patch(tenant, a.pk, { parent: b.pk }), patch(tenant, b.pk, { parent: a.pk })];
    const outcomes = await Promise.allSettled(moves);
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });

  it('leaves its children at the top when it goes, and tells who left it', async () => {
    const tenant = aTenant();
    const user = await aUser(tenant, 'ada');
    const parent = await aGroup(tenant, { name: 'parent', users: [user.pk] });
    const child = await aGroup(tenant, { name: 'child', parent: parent.pk });
    await groups.deleteGroup({ group_uuid: parent.pk }, as(tenant));
    expect(await groups.getGroup({ group_uuid: child.pk }, as(tenant))).toMatchObject({ parent: undefined });
    const [left, deleted] = (await served.facts(tenant)).slice(-2);
    expect(directory.GroupMembersChanged.decode(left?.payload ?? new Uint8Array())).toMatchObject({ left: [user.pk] });
    expect(deleted?.subject).toBe('directory.v1.group.deleted');
  });

  it('gains and loses a member by the actions, which do nothing the second time', async () => {
    const tenant = aTenant();
    const user = await aUser(tenant, 'ada');
    const { pk: group_uuid } = await aGroup(tenant, { name: 'staff' });
    const before = (await served.subjects(tenant)).length;
    for (const _time of [1, 2]) await groups.addUser({ group_uuid, pk: user.pk }, as(tenant));
    expect(await groups.getGroup({ group_uuid }, as(tenant))).toMatchObject({ users: [user.pk] });
    for (const _time of [1, 2]) await groups.removeUser({ group_uuid, pk: user.pk }, as(tenant));
    expect(await groups.getGroup({ group_uuid }, as(tenant))).toMatchObject({ users: [] });
    expect((await served.subjects(tenant)).slice(before)).toEqual(Array(2).fill('directory.v1.group.members_changed'));
    await expect(groups.addUser({ group_uuid, pk: 999_999 }, as(tenant))).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('is out of reach from another tenant', async () => {
    const [mine, other] = [aTenant(), aTenant()];
    const { pk: group_uuid } = await aGroup(mine, { name: 'staff' });
    const stranger = await aUser(other, 'eve');
    const gone = { code: 'NOT_FOUND' };
    await expect(groups.getGroup({ group_uuid }, as(other))).rejects.toMatchObject(gone);
    await expect(groups.deleteGroup({ group_uuid }, as(other))).rejects.toMatchObject(gone);
    await expect(groups.addUser({ group_uuid, pk: stranger.pk }, as(other))).rejects.toMatchObject(gone);
    await expect(groups.addUser({ group_uuid, pk: stranger.pk }, as(mine))).rejects.toMatchObject(gone);
    await expect(patch(mine, group_uuid, { users: [stranger.pk] })).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
    await expect(aGroup(other, { name: 'x', parent: group_uuid })).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
    expect((await groups.listGroups({}, as(other))).results).toEqual([]);
  });
});

it('finds groups by what lists offer', async () => {
  const tenant = aTenant();
  const ada = await aUser(tenant, 'ada');
  await aGroup(tenant, { name: 'staff', users: [ada.pk], attributes: { a: { b: 1 } } });
  await aGroup(tenant, { name: 'admins', is_superuser: true });
  const names = async (request: Partial<directory.ListGroupsRequest>) =>
    (await groups.listGroups(request, as(tenant))).results.map(({ name }) => name);
  expect(await names({})).toEqual(['admins', 'staff']);
  expect(await names({ ordering: '-name' })).toEqual(['staff', 'admins']);
  expect(await names({ members_by_pk: [ada.pk] })).toEqual(['staff']);
  expect(await names({ members_by_username: ['ada', 'x'] })).toEqual(['staff']);
  expect(await names({ is_superuser: true })).toEqual(['admins']);
  expect(await names({ attributes: '{"a__b": 1}' })).toEqual(['staff']);
  expect(await names({ search: 'STA' })).toEqual(['staff']);
});

it('makes superusers of members of groups below a superuser group', async () => {
  const tenant = aTenant();
  const top = await aGroup(tenant, { name: 'top', is_superuser: true });
  const below = await aGroup(tenant, { name: 'below', parent: top.pk });
  const user = await aUser(tenant, 'ada', [below.pk]);
  expect(user.is_superuser).toBe(true);
  expect(await people.getPrincipal({ pk: user.pk }, served.service(tenant))).toMatchObject({
    superuser: true,
    groups: [{ name: 'below' }, { name: 'top' }],
  });
  await patch(tenant, below.pk, { parent: undefined });
  expect(await people.getPrincipal({ uuid: user.uuid }, served.service(tenant))).toMatchObject({ superuser: false });
});
