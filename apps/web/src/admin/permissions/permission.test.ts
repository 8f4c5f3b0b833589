import { expect, it } from 'vitest';
import { en } from '../messages/en.ts';
import type { Resource } from '../resource/resource.ts';
import { groups, tokens } from '../resources/people.resource.tsx';
import { readDocument } from '../schema/document.ts';
import { changeGrants } from './grants.ts';
import { groupsOf, heldOn, objectOf, permissionsOf } from './permission.ts';
import { permissionLabel } from './use-catalogue.ts';

const wire = (codename: string, model: string, name: string, modelName: string) => ({
  codename,
  model,
  name,
  app_label: 'authentik_core',
  model_verbose: modelName,
});

const catalogue = permissionsOf({
  results: [
    wire('impersonate', 'user', 'Can impersonate other users', 'User'),
    wire('delete_user', 'user', 'Can delete User', 'User'),
    wire('view_user', 'user', 'Can view User', 'User'),
    wire('view_group', 'group', 'Can view Group', 'Group'),
  ],
});

it('puts the catalogue in order: by what it is about, and within that what every model has first', () => {
  const labels = groupsOf(catalogue).map(({ name, permissions }) => [
    name,
    ...permissions.map((permission) => permissionLabel(permission, en.permissions)),
  ]);
  expect(labels).toEqual([
    ['Group', 'View'],
    ['User', 'View', 'Delete', 'Impersonate other users'],
  ]);
});

it('finds permissions by words that are all in them, wherever', () => {
  const found = (search: string) =>
    groupsOf(catalogue, search).flatMap(({ permissions }) => permissions.map(({ key }) => key));
  expect(found('user VIEW')).toEqual(['authentik_core.view_user']);
  expect(found('nothing')).toEqual([]);
});

const choices = {
  type: 'array',
  items: { type: 'string', enum: ['authentik_core.group', 'authentik_stages_deny.denystage'] },
};
const listed = { security: [], parameters: [{ name: 'model', in: 'query', schema: choices }] };
const document = readDocument({ paths: { '/rbac/permissions/assigned_by_users/': { get: listed } } });
const stages: Resource = { ...groups, model: undefined };

it.each([
  ['a group, by what its description says', { pk: 'g1' }, groups, { model: 'authentik_core.group', pk: 'g1' }],
  [
    'a stage, by what it says itself',
    { pk: 's1', meta_model_name: 'authentik_stages_deny.denystage' },
    stages,
    { model: 'authentik_stages_deny.denystage', pk: 's1' },
  ],
  ['nothing of a model that nothing can be held on here', { pk: 't1' }, tokens, undefined],
  ['nothing of what says no model', { pk: 'x' }, stages, undefined],
])('knows %s', (_what, row, resource, object) => {
  expect(objectOf(row, resource, document)).toEqual(object);
});

it('knows what is held on an object from what is held on others', () => {
  const grant = { ...wire('view_user', 'user', '', ''), object_pk: '7' };
  const row = { permissions: [grant, { ...grant, codename: 'change_user', object_pk: '8' }] };
  expect(heldOn(row, { model: 'authentik_core.user', pk: '7' })).toEqual(['authentik_core.view_user']);
});

it('gives what is wanted and takes what is not, and stops at what is refused', async () => {
  const asked: unknown[] = [];
  const statuses = [204, 204, 403];
  const api = {
    get: async () => ({ status: 404, body: undefined }),
    text: async () => ({ status: 404, text: '' }),
    send: async (method: string, path: string, body?: object) => {
      asked.push([method, path, body]);
      return { status: statuses.shift() ?? 500, body: { detail: 'no' } };
    },
  };
  const grant = { holder: 'roles', pk: 'r1', object: { model: 'authentik_core.user', pk: '7' } } as const;
  expect(await changeGrants(api, grant, ['a', 'b'], ['b', 'c'])).toMatchObject({ ok: true });
  const on = { model: 'authentik_core.user', object_pk: '7' };
  expect(asked).toEqual([
    ['POST', '/api/v3/rbac/permissions/assigned_by_roles/r1/assign/', { permissions: ['c'], ...on }],
    ['PATCH', '/api/v3/rbac/permissions/assigned_by_roles/r1/unassign/', { permissions: ['a'], ...on }],
  ]);
  expect(await changeGrants(api, { holder: 'users', pk: '1' }, ['a'], ['b'])).toMatchObject({ ok: false });
  expect(asked).toHaveLength(3);
});
