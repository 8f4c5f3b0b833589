import { expect, it } from 'vitest';
import { nameOf, withName } from './person-name.ts';

it.each([
  ['Ada', 'Ada', ''],
  ['Ada King Lovelace', 'Ada', 'King Lovelace'],
  ['', '', ''],
])('takes %j apart at the first space', (name, first, last) => {
  expect(nameOf({ name, attributes: {} })).toEqual({ first, last });
});

it('remembers the parts until somebody changes the whole', () => {
  const user = { name: 'x', attributes: { kept: 1 } };
  withName(user, { first: 'Mary Ann', last: 'van Loon' });
  expect(user).toMatchObject({ name: 'Mary Ann van Loon', attributes: { kept: 1 } });
  expect(nameOf(user)).toEqual({ first: 'Mary Ann', last: 'van Loon' });
  expect(nameOf({ ...user, name: 'Mary Loon' })).toEqual({ first: 'Mary', last: 'Loon' });
});
