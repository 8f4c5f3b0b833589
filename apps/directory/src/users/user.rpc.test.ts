import { directory } from '@postern/proto';
import { describe, expect, it } from 'vitest';
import { servedDirectory } from '../testing/served-directory.fixture.ts';

const served = await servedDirectory();
const { users, groups, as, tenant: aTenant } = served;

/** What a body of the contract becomes at the edge: defaults filled in. */
const aUser = (user: Partial<directory.User>) => ({
  name: '',
  email: '',
  is_active: true,
  path: 'users',
  type: 'internal',
  ...user,
});

const create = (tenant: string, user: Partial<directory.User>) => users.createUser({ user: aUser(user) }, as(tenant));

describe('a user', () => {
  it('is shown as the contract wants it, with what the database filled in', async () => {
    const tenant = aTenant();
    const group = await groups.createGroup({ group: { name: 'staff', attributes: { a: 1 } } }, as(tenant));
    const attributes = { settings: { locale: 'de' }, n: null };
    const user = await create(tenant, { username: 'ada', name: 'Ada L', groups: [group.pk], attributes });
    expect(user).toEqual({
      pk: expect.any(Number),
      username: 'ada',
      name: 'Ada L',
      is_active: true,
      last_login: undefined,
      is_superuser: false,
      groups: [group.pk],
      groups_obj: [
        {
          pk: group.pk,
          num_pk: group.num_pk,
          name: 'staff',
          is_superuser: false,
          parent: undefined,
          parent_name: undefined,
          attributes: { a: 1 },
        },
      ],
      email: '',
      avatar: expect.stringMatching(/^data:image\/svg\+xml;base64,/),
      attributes,
      uid: expect.stringMatching(/^[0-9a-f]{64}$/),
      path: 'users',
      type: 'internal',
      uuid: expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
    expect(await users.getUser({ id: user.pk }, as(tenant))).toEqual(user);
  });

  it('is told with the facts that others keep, in the transaction of its change', async () => {
    const tenant = aTenant();
    const { pk, uuid } = await create(tenant, { username: 'ada', email: 'ada@example.com' });
    await users.updateUser(
      { id: pk, user: { is_active: false, name: '' }, update_mask: ['is_active', 'name'] },
      as(tenant),
    );
    await users.deleteUser({ id: pk }, as(tenant));
    const [created, updated, deleted] = await served.facts(tenant);
    const facts = { pk, uuid, username: 'ada', name: '', email: 'ada@example.com', type: 'internal', path: 'users' };
    expect(directory.UserCreated.decode(created?.payload ?? new Uint8Array())).toEqual({
      user: { ...facts, is_active: true },
    });
    expect(directory.UserUpdated.decode(updated?.payload ?? new Uint8Array())).toEqual({
      user: { ...facts, is_active: false },
      changed: ['is_active'],
    });
    expect(directory.UserDeleted.decode(deleted?.payload ?? new Uint8Array()).user).toMatchObject({ pk });
    expect(updated).toMatchObject({
      subject: 'directory.v1.user.updated',
      tenant,
      actor: { user: { username: 'caller' } },
    });
  });

  it('changes in what the mask names alone', async () => {
    const tenant = aTenant();
    const group = await groups.createGroup({ group: { name: 'staff' } }, as(tenant));
    const user = await create(tenant, { username: 'ada', name: 'Ada', attributes: { a: 1 }, groups: [group.pk] });
    const patch = (change: Partial<directory.User>) =>
      users.updateUser({ id: user.pk, user: change, update_mask: Object.keys(change) }, as(tenant));
    expect(await patch({ name: 'Ada L' })).toEqual({ ...user, name: 'Ada L', avatar: expect.any(String) });
    expect(await patch({ last_login: '2026-01-01T00:00:00.000Z' })).toMatchObject({
      last_login: '2026-01-01T00:00:00.000Z',
    });
    expect(await patch({ groups: [] })).toMatchObject({ groups: [], groups_obj: [], attributes: { a: 1 } });
    expect(await served.subjects(tenant)).toContain('directory.v1.group.members_changed');
  });

  it.each([
    [{ username: 'taken' }, 'username', 'This field must be unique.'],
    [{ path: '/a' }, 'path', 'No leading or trailing slashes allowed.'],
    [{ path: 'a/' }, 'path', 'No leading or trailing slashes allowed.'],
    [{ path: 'a//b' }, 'path', 'No empty segments in user path allowed.'],
    [{ username: ' \t ' }, 'username', 'This field may not be blank.'],
    [{ name: 'x'.repeat(501) }, 'name', 'Ensure this field has no more than 500 characters.'],
    [{ path: 'x'.repeat(501) }, 'path', 'Ensure this field has no more than 500 characters.'],
    [{ attributes: { upn: 'x'.repeat(501) } }, 'attributes', 'upn: Ensure this field has no more than 500 characters.'],
    [{ type: 'internal_service_account' }, 'type', 'Setting a user to internal service account is not allowed.'],
    [
      { groups: ['0197c0de-0000-7000-8000-00000000ffff'] },
      'groups',
      'Invalid pk "0197c0de-0000-7000-8000-00000000ffff" - object does not exist.',
    ],
  ])('is refused with %j, and nothing is stored or told', async (change, field, description) => {
    const tenant = aTenant();
    await create(tenant, { username: 'taken' });
    await expect(create(tenant, { username: 'ada', ...change })).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
      violations: [{ field, description }],
    });
    expect((await users.listUsers({}, as(tenant))).results).toHaveLength(1);
    expect(await served.subjects(tenant)).toEqual(['directory.v1.user.created']);
  });

  it('has no space around the names it is known by', async () => {
    const tenant = aTenant();
    const user = await create(tenant, { username: ' ada\t', name: ' Ada ', email: '' });
    expect(user).toMatchObject({ username: 'ada', name: 'Ada' });
    await expect(create(tenant, { username: 'ada ' })).rejects.toMatchObject({ violations: [{ field: 'username' }] });
  });

  it('of the platform itself is changed by the platform alone', async () => {
    const tenant = aTenant();
    const user = aUser({ username: 'ak-outpost', type: 'internal_service_account' });
    const { pk } = await users.createUser({ user }, served.service(tenant));
    const update = (change: Partial<directory.User>) =>
      users.updateUser({ id: pk, user: change, update_mask: Object.keys(change) }, as(tenant));
    await expect(update({ name: 'x' })).rejects.toMatchObject({
      violations: [{ field: '', description: "Can't modify internal service account users" }],
    });
    await expect(update({ type: 'internal' })).rejects.toMatchObject({
      violations: [{ field: 'type', description: "Can't change internal service account to other user type." }],
    });
  });

  it('cannot be found, changed, deleted or named from another tenant', async () => {
    const [mine, other] = [aTenant(), aTenant()];
    const { pk, uuid } = await create(mine, { username: 'ada', email: 'ada@example.com' });
    const foreign = as(other);
    const gone = { code: 'NOT_FOUND' };
    await expect(users.getUser({ id: pk }, foreign)).rejects.toMatchObject(gone);
    await expect(users.deleteUser({ id: pk }, foreign)).rejects.toMatchObject(gone);
    await expect(
      users.updateUser({ id: pk, user: { name: 'x' }, update_mask: ['name'] }, foreign),
    ).rejects.toMatchObject(gone);
    await expect(users.setPassword({ id: pk, password: 'x' }, foreign)).rejects.toMatchObject(gone);
    await expect(users.listUserUsedBy({ id: pk }, foreign)).rejects.toMatchObject(gone);
    await expect(served.people.getPrincipal({ uuid }, served.service(other))).rejects.toMatchObject(gone);
    const named = { identifier: 'ada', fields: ['username', 'email'] };
    expect((await served.people.findByIdentifier(named, served.service(other))).facts).toBeUndefined();
    expect((await served.people.batchGetUsers({ pks: [pk] }, served.service(other))).users).toEqual([]);
    expect(await create(other, { username: 'ada' })).toMatchObject({ username: 'ada' });
    await expect(create(other, { username: 'bob', groups: [uuid] })).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
    });
  });
});

it('refuses everyone who lacks the permission', async () => {
  const tenant = aTenant();
  const { pk } = await create(tenant, { username: 'ada' });
  const weak = as(tenant, { permissions: ['authentik_core.view_group'] });
  const user = aUser({ username: 'x' });
  const refused = { code: 'PERMISSION_DENIED' };
  await expect(users.listUsers({}, weak)).rejects.toMatchObject(refused);
  await expect(users.createUser({ user }, weak)).rejects.toMatchObject(refused);
  await expect(users.updateUser({ id: pk, user, update_mask: ['name'] }, weak)).rejects.toMatchObject(refused);
  await expect(users.deleteUser({ id: pk }, weak)).rejects.toMatchObject(refused);
  await expect(users.setPassword({ id: pk, password: 'x' }, weak)).rejects.toMatchObject(refused);
  await expect(users.listUserPaths({}, weak)).rejects.toMatchObject(refused);
  await expect(
    users.getUserMetrics({ id: pk }, as(tenant, { permissions: ['authentik_core.view_user'] })),
  ).rejects.toMatchObject(refused);
  await expect(users.listUsers({}, served.anonymous(tenant))).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  await expect(users.getMe({}, served.anonymous(tenant))).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  await expect(served.people.getPrincipal({ pk }, as(tenant))).rejects.toMatchObject(refused);
});
