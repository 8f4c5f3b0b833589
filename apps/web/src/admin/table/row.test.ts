import { expect, it } from 'vitest';
import { arranged, changed, nextOrdering, rowPage, valueAt } from './row.ts';

it('reads pages and plain lists', () => {
  expect(rowPage({ pagination: { count: 90 }, results: [{ pk: 1 }] })).toEqual({ rows: [{ pk: 1 }], count: 90 });
  expect(rowPage([{ pk: 1 }, { pk: 2 }])).toEqual({ rows: [{ pk: 1 }, { pk: 2 }], count: 2 });
  expect(rowPage(undefined)).toEqual({ rows: [], count: 0 });
});

it('turns the order of a column round, and then takes it away', () => {
  expect(nextOrdering(undefined, 'name')).toBe('name');
  expect(nextOrdering('name', 'name')).toBe('-name');
  expect(nextOrdering('-name', 'name')).toBe('');
});

it('keeps an address short: what is empty is left out', () => {
  expect(changed({ search: 'ada', ordering: 'name' }, { search: '', is_active: 'true' })).toEqual({
    ordering: 'name',
    is_active: 'true',
  });
});

it('searches and orders a list that has no pages, numbers by their value', () => {
  const rows = [
    { name: 'b', n: 10 },
    { name: 'a', n: 9 },
    { name: 'c', n: 1 },
  ];
  expect(arranged(rows, { ordering: '-n' }).map(({ name }) => name)).toEqual(['b', 'a', 'c']);
  expect(arranged(rows, { search: 'A"' }).map(({ name }) => name)).toEqual(['a']);
});

it('looks into objects, and finds nothing where nothing is', () => {
  expect(valueAt({ user: { name: 'ada' } }, 'user.name')).toBe('ada');
  expect(valueAt({ user: null }, 'user.name')).toBeUndefined();
});
