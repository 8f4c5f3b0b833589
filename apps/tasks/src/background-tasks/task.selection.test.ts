import { expect, it } from 'vitest';
import { type Asked, readSelection } from './task.selection.ts';
import { minuteOf, reprOf } from './task.text.ts';

const rules = { key: /^\d{1,15}$/, fields: { func: 'name', pk: 'number' } as const };
const read = (asked: Asked) => readSelection(asked, rules);

it.each<[string, Asked, string]>([
  ['nothing', {}, 'List of items or filters must be provided for bulk operation'],
  ['an empty list', { items: [] }, 'List of items or filters must be provided for bulk operation'],
  ['no filters', { filters: {} }, 'List of items or filters must be provided for bulk operation'],
  ['a text for a list', { items: '1' }, 'Items must be provided as a list'],
  ['a key of another kind', { items: [1, 'abc'] }, 'Invalid items list provided'],
  ['an object for a key', { items: [{}] }, 'Invalid items list provided'],
  ['a list for filters', { filters: [] }, 'Filters must be provided as a dict'],
  ['an unknown field', { filters: { secret: 'x' } }, 'Invalid filters provided'],
  ['an unknown comparison', { filters: { func__regex: 'x' } }, 'Invalid filters provided'],
  ['a comparison of a comparison', { filters: { func__in__in: ['x'] } }, 'Invalid filters provided'],
  ['an object for a value', { filters: { func: { a: 1 } } }, 'Invalid filters provided'],
  ['a scalar for a set', { filters: { func__in: 'x' } }, 'Invalid filters provided'],
  ['a no', { all: 'false', items: [1] }, 'All filter must only be used with true'],
])('refuses %s', (_what, asked, message) => {
  expect(() => read(asked)).toThrow(message);
});

it.each(['1', 'y', 'Yes', 't', 'true', 'ok', 'ON', ''])('takes %j for all', (all) => {
  expect(read({ all })).toEqual({ conditions: [] });
});

it('joins keys and filters: both must hold', () => {
  expect(read({ items: [1, '2'], filters: { func__contains: 'mail', pk: null }, all: 'true' })).toEqual({
    keys: ['1', '2'],
    conditions: [
      { field: 'name', comparison: 'contains', value: 'mail' },
      { field: 'number', comparison: 'exact', value: null },
    ],
  });
});

it('writes times to the minute and values as Python prints them', () => {
  expect(minuteOf(new Date('2025-12-01T10:00:59.999Z'))).toBe('2025-12-01 10:00');
  const values = { a: 1.5, b: [true, null, 'x'], "it's": 'say "hi"', both: `'"\\\n` };
  expect(reprOf(values)).toBe(`{'a': 1.5, 'b': [True, None, 'x'], "it's": 'say "hi"', 'both': '\\'"\\\\\\n'}`);
  expect(reprOf({})).toBe('{}');
});
