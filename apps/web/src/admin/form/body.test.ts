import { expect, it } from 'vitest';
import type { FieldKind, FieldSchema } from '../schema/field.schema.ts';
import { bodyOf, errorsIn } from './body.ts';

const aField = (name: string, kind: FieldKind, more: Partial<FieldSchema> = {}): FieldSchema => ({
  name,
  kind,
  isRequired: false,
  isNullable: false,
  isReadOnly: false,
  isNumeric: false,
  choices: [],
  help: '',
  ...more,
});

const formOf = (values: Readonly<Record<string, string | readonly string[]>>) => {
  const form = new FormData();
  for (const [name, value] of Object.entries(values)) for (const one of [value].flat()) form.append(name, one);
  return form;
};

const fields = [
  aField('username', 'text', { isRequired: true }),
  aField('email', 'text'),
  aField('parent', 'text', { isNullable: true }),
  aField('is_active', 'flag'),
  aField('order', 'number', { isNumeric: true }),
  aField('groups', 'list'),
  aField('users', 'list', { isNumeric: true }),
  aField('attributes', 'json'),
];

it('leaves out of a new object what is empty, but for what is required', () => {
  expect(bodyOf(formOf({ username: '', email: '', parent: '', order: '', attributes: '' }), fields)).toEqual({
    username: '',
    is_active: false,
  });
});

it('says each value in its type', () => {
  const form = formOf({
    username: 'ada',
    is_active: 'on',
    order: '7',
    groups: ['a', 'b'],
    users: '1\n2\n',
    attributes: '{"a": [1]}',
  });
  expect(bodyOf(form, fields)).toEqual({
    username: 'ada',
    is_active: true,
    order: 7,
    groups: ['a', 'b'],
    users: [1, 2],
    attributes: { a: [1] },
  });
});

it('sends of an object that exists only what is changed', () => {
  const before = { username: 'ada', email: '', parent: 'x', is_active: true, order: 7, groups: ['a'], attributes: {} };
  const form = formOf({ username: 'ada', email: '', parent: '', order: '7', groups: 'a', attributes: '{}' });
  expect(bodyOf(form, fields, before)).toEqual({ parent: null, is_active: false });
});

it('finds JSON that is none before it is sent', () => {
  const errors = errorsIn(formOf({ attributes: '{' }), fields, { noJson: 'no JSON' });
  expect(errors).toEqual({ attributes: ['no JSON'] });
  expect(errorsIn(formOf({ attributes: ' ' }), fields, { noJson: 'no JSON' })).toEqual({});
});
