import { expect, it } from 'vitest';
import { changedAttributes } from './attributes.ts';
import { draftOf } from './draft.ts';

it('takes what a user has, merges attributes, and leaves out groups and what nobody has', () => {
  const prompt_data = {
    username: ' ada ',
    name: 4,
    is_active: true,
    path: 'staff',
    type: 'internal',
    groups: ['admins'],
    is_superuser: true,
    uuid: 'x',
    pk: 1,
    password: 'hush',
    toString: 'x',
    attributes: { a: 1 },
    nothing: null,
  };
  expect(draftOf({ prompt_data }, ['g'])).toEqual({
    fields: { username: 'ada', name: '4', is_active: true, path: 'staff', type: 'internal' },
    attributes: [{ kind: 'merge', value: { a: 1 } }],
    groups: ['g'],
  });
});

it('makes nobody an account of its own parts, and takes no value that a field cannot have', () => {
  const made = (type: string) => draftOf({ prompt_data: { type } }, []).fields;
  expect([made('internal_service_account'), made('root')]).toEqual([{ type: 'service_account' }, {}]);
  expect(draftOf({ prompt_data: { is_active: 'yes', email: ['a'], name: { a: 1 } } }, []).fields).toEqual({});
});

it('remembers the source that somebody came from, once', () => {
  const { attributes } = draftOf({ prompt_data: {}, source: { name: 'GitHub' } }, []);
  const key = 'goauthentik.io/user/sources';
  expect(changedAttributes({}, attributes)).toEqual({ [key]: ['GitHub'] });
  expect(changedAttributes({ [key]: ['GitHub'] }, attributes)).toEqual({ [key]: ['GitHub'] });
  expect(changedAttributes({ [key]: ['Plex'] }, attributes)).toEqual({ [key]: ['Plex', 'GitHub'] });
});

it('sets an attribute within others, with underscores as dots, and leaves its neighbours alone', () => {
  const prompt_data = { 'attributes.settings.locale': 'de', attributes_foo_bar: 1, 'attributes.plain': true };
  const { attributes } = draftOf({ prompt_data }, []);
  expect(changedAttributes({ settings: { theme: 'dark' }, foo: 'text', other: 1 }, attributes)).toEqual({
    settings: { theme: 'dark', locale: 'de' },
    foo: { bar: 1 },
    plain: true,
    other: 1,
  });
});

it('reaches into no prototype', () => {
  const prompt_data = {
    'attributes.__proto__.polluted': 1,
    'attributes.constructor.prototype.polluted': 1,
    'attributes.': 1,
  };
  const { attributes } = draftOf({ prompt_data }, []);
  expect(attributes).toEqual([]);
  expect(Reflect.get({}, 'polluted')).toBeUndefined();
  expect(changedAttributes({}, [{ kind: 'set', path: ['toString', 'a'], value: 1 }])).toEqual({ toString: { a: 1 } });
});
