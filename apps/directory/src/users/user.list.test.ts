import type { directory } from '@postern/proto';
import { beforeAll, describe, expect, it } from 'vitest';
import { servedDirectory } from '../testing/served-directory.fixture.ts';

const served = await servedDirectory();
const { users, groups, as } = served;
const tenant = served.tenant();
const boss = as(tenant);
let staff: directory.Group;
let bob: directory.User;

beforeAll(async () => {
  const add = (user: Partial<directory.User>) =>
    users.createUser({ user: { name: '', is_active: true, path: 'users', type: 'internal', ...user } }, boss);
  staff = await groups.createGroup({ group: { name: 'staff' } }, boss);
  const admins = await groups.createGroup({ group: { name: 'admins', is_superuser: true } }, boss);
  const below = await groups.createGroup({ group: { name: 'below', parent: admins.pk } }, boss);
  await add({ username: 'ada', name: 'Ada Lovelace', groups: [staff.pk, admins.pk], path: 'users/math' });
  bob = await add({ username: 'Bob', email: 'bob@example.com', is_active: false, groups: [staff.pk], path: 'users/a' });
  await add({
    username: 'carol',
    type: 'external',
    groups: [below.pk],
    path: 'users%',
    attributes: { a: { b: [1] }, upn: 'Carol@Corp' },
  });
  await add({
    username: 'dave',
    type: 'service_account',
    last_login: '2026-01-01T00:00:00.000Z',
    attributes: { upn: 'carol@corp' },
  });
  await users.createUser(
    { user: { username: 'ada', name: 'foreign', is_active: true, path: 'secret', type: 'internal' } },
    as(served.tenant()),
  );
});

const names = async (request: Partial<directory.ListUsersRequest>) =>
  (await users.listUsers(request, boss)).results.map(({ username }) => username);

describe('the list of users', () => {
  it.each([
    [{}, ['Bob', 'ada', 'carol', 'dave']],
    [{ username: 'ada' }, ['ada']],
    [{ username: 'ADA' }, []],
    [{ email: 'bob@example.com' }, ['Bob']],
    [{ name: 'Ada Lovelace' }, ['ada']],
    [{ is_active: false }, ['Bob']],
    [{ is_superuser: true }, ['ada']],
    [{ is_superuser: false }, ['Bob', 'carol', 'dave']],
    [{ attributes: '{"a__b": [1]}' }, ['carol']],
    [{ groups_by_name: ['staff'] }, ['Bob', 'ada']],
    [{ groups_by_name: ['staff', 'below'] }, ['Bob', 'ada', 'carol']],
    [{ groups_by_name: ['staff'], is_active: true }, ['ada']],
    [{ type: ['external', 'service_account'] }, ['carol', 'dave']],
    [{ path: 'users/a' }, ['Bob']],
    [{ path_startswith: 'users/' }, ['Bob', 'ada']],
    [{ path_startswith: 'users%' }, ['carol']],
    [{ path_startswith: 'Users' }, []],
    [{ search: 'LOVE' }, ['ada']],
    [{ search: 'example.com,bo' }, ['Bob']],
    [{ search: 'fals' }, ['Bob']],
    [{ search: 'love bob' }, []],
    [{ search: '%' }, []],
    [{ ordering: '-username' }, ['dave', 'carol', 'ada', 'Bob']],
    [{ ordering: 'last_login,username' }, ['dave', 'Bob', 'ada', 'carol']],
    [{ ordering: 'password', page_size: 2 }, ['Bob', 'ada']],
    [{ page: '2', page_size: 3 }, ['dave']],
  ])('answers %j with %j', async (request, expected) => {
    expect(await names(request)).toEqual(expected);
  });

  it('finds users by keys of groups and by their own UUID', async () => {
    expect(await names({ groups_by_pk: [staff.pk] })).toEqual(['Bob', 'ada']);
    expect(await names({ uuid: bob.uuid })).toEqual(['Bob']);
    expect(await names({ search: bob.uuid.slice(3, 20).toUpperCase() })).toEqual(['Bob']);
  });

  it.each([
    [{ groups_by_name: ['x'] }, 'groups_by_name', 'Select a valid choice. x is not one of the available choices.'],
    [
      { groups_by_pk: ['0197c0de-0000-7000-8000-00000000ffff'] },
      'groups_by_pk',
      'Select a valid choice. 0197c0de-0000-7000-8000-00000000ffff is not one of the available choices.',
    ],
  ])('refuses %j', async (request, field, description) => {
    await expect(names(request)).rejects.toMatchObject({ violations: [{ field, description }] });
  });

  it('refuses a filter on attributes that is no object, and a page that is not there', async () => {
    await expect(names({ attributes: '{' })).rejects.toMatchObject({ message: 'filter: failed to parse JSON' });
    await expect(names({ page: '9' })).rejects.toMatchObject({ code: 'NOT_FOUND', message: 'Invalid page.' });
  });
});

it('lists folders once and sorted, all of them or those of users that are searched for', async () => {
  expect((await users.listUserPaths({}, boss)).paths).toEqual(['users', 'users%', 'users/a', 'users/math']);
  expect((await users.listUserPaths({ search: 'lovelace' }, boss)).paths).toEqual(['users/math']);
});

describe('somebody who signs in', () => {
  const find = async (identifier: string, fields: string[], case_sensitive = false) => {
    const request = { identifier, fields, case_sensitive };
    return (await served.people.findByIdentifier(request, served.service(tenant))).facts?.username;
  };

  it('is found by what they type, whatever its case', async () => {
    expect(await find('ADA', ['username'])).toBe('ada');
    expect(await find('ADA', ['username'], true)).toBeUndefined();
    expect(await find('Bob@Example.com', ['username', 'email'])).toBe('Bob');
    expect(await find('Carol@Corp', ['upn'], true)).toBe('carol');
    expect(await find('ad', ['username', 'email', 'upn'])).toBeUndefined();
    expect(await find('%', ['username'])).toBeUndefined();
    expect(await find('a\0da', ['username'])).toBeUndefined();
  });

  it('is not locked out by a newcomer whose name differs in case only', async () => {
    const newcomer = { username: 'ADA', name: 'Not Ada', is_active: true, path: 'users', type: 'external' };
    await users.createUser({ user: newcomer }, boss);
    expect(await find('Ada', ['username'])).toBeUndefined();
    expect([await find('ada', ['username']), await find('ADA', ['username'])]).toEqual(['ada', 'ADA']);
  });

  it('is not found when several answer to it', async () => {
    expect(await find('carol@corp', ['upn'])).toBeUndefined();
    expect(await find('carol@corp', ['upn'], true)).toBe('dave');
  });
});
