import { expect, it } from 'vitest';
import { objectAddress, readDocument } from './document.ts';

const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` });
const json = (schema: object) => ({ content: { 'application/json': { schema } } });

const document = readDocument({
  paths: {
    '/core/users/': {
      get: {
        parameters: [
          { name: 'search', in: 'query', schema: { type: 'string' } },
          { name: 'page_size', in: 'query', schema: { type: 'integer' } },
          { name: 'is_active', in: 'query', description: 'Optional. Only active ones.', schema: { type: 'boolean' } },
          { name: 'type', in: 'query', schema: { type: 'array', items: ref('Type') } },
        ],
        responses: { 200: json(ref('Page')) },
      },
      post: { requestBody: json(ref('User')), responses: {} },
    },
    '/core/users/{id}/': { get: { responses: { 200: json(ref('User')) } } },
    '/core/users/{id}/groups/': {},
    '/core/users/me/': {},
    '/tasks/': { get: { responses: { 200: json({ type: 'array', items: ref('User') }) } } },
  },
  components: {
    schemas: {
      Type: { type: 'string', enum: ['internal', 'external'] },
      Page: { type: 'object', properties: { results: { type: 'array', items: ref('User') } } },
      User: {
        type: 'object',
        required: ['username'],
        properties: {
          pk: { type: 'integer', readOnly: true },
          username: { type: 'string', maxLength: 150, description: 'Required. Name to sign in with.' },
          type: { allOf: [ref('Type')], description: 'Optional. Kind of account. One of `internal`, `external`.' },
          last_login: { type: 'string', format: 'date-time', nullable: true },
          groups: { type: 'array', items: { type: 'string', format: 'uuid' } },
          attributes: { type: 'object', additionalProperties: {} },
        },
      },
    },
  },
});

it('reads the fields of rows, of a page or of a plain list', () => {
  const fields = document.fieldsOfAnswer('/core/users/');
  expect(fields).toEqual(document.fieldsOfAnswer('/tasks/'));
  expect(fields.map(({ name, kind }) => [name, kind])).toEqual([
    ['pk', 'number'],
    ['username', 'text'],
    ['type', 'choice'],
    ['last_login', 'time'],
    ['groups', 'list'],
    ['attributes', 'json'],
  ]);
});

it('says of a field what a form must know', () => {
  const [pk, username, type, lastLogin, groups] = document.fieldsOfRequest('/core/users/', 'post');
  expect(pk).toMatchObject({ isReadOnly: true, isNumeric: true });
  expect(username).toMatchObject({ isRequired: true, maxLength: 150, help: 'Name to sign in with.' });
  expect(type).toMatchObject({ choices: ['internal', 'external'], isRequired: false, help: 'Kind of account.' });
  expect(lastLogin).toMatchObject({ isNullable: true });
  expect(groups).toMatchObject({ format: 'uuid', isNumeric: false });
});

it('knows what narrows a list, and that pages and orders do not', () => {
  expect(document.filters('/core/users/').map(({ name, kind, choices }) => [name, kind, choices])).toEqual([
    ['is_active', 'flag', []],
    ['type', 'choices', ['internal', 'external']],
  ]);
  expect(document.isPaged('/core/users/')).toBe(true);
  expect(document.isPaged('/tasks/')).toBe(false);
});

it('finds the address of one object, and says no of what the server does not have', () => {
  expect(document.objectPath('/core/users/')).toBe('/core/users/{id}/');
  expect(objectAddress('/core/users/{id}/', 'a/b')).toBe('/core/users/a%2Fb/');
  expect(document.objectPath('/tasks/')).toBeUndefined();
  expect(document.has('/tenants/')).toBe(false);
  expect(document.fieldsOfAnswer('/tenants/')).toEqual([]);
  expect(readDocument('nonsense').has('/core/users/')).toBe(false);
});

it('has what asks for a key of its own only for whoever has one', () => {
  const guarded = readDocument({ paths: { '/users/': { get: { security: [] } }, '/tenants/': { get: {} } } });
  expect([guarded.has('/users/'), guarded.has('/tenants/')]).toEqual([true, false]);
  const keyed = guarded.withKey();
  expect([keyed.has('/users/'), keyed.has('/tenants/'), keyed.has('/tenants/', 'post')]).toEqual([true, true, false]);
});
