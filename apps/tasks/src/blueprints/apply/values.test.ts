import { expect, it } from 'vitest';
import { lookupOf } from './lookups.ts';
import { contains, isSameKey, isSameValue } from './values.ts';

it('finds objects by what an identifier asks for', () => {
  expect(contains({ a: { b: 1, c: 2 } }, { a: { b: 1 } })).toBe(true);
  expect(contains({ a: 1 }, { a: 1, b: 2 })).toBe(false);
  expect(contains(['x', 'y'], ['y'])).toBe(true);
  expect(contains(10, '10')).toBe(true);
  expect(contains(true, 'true')).toBe(false);
  expect(contains(undefined, null)).toBe(true);
  expect(contains('', null)).toBe(false);
});

it('knows keys whatever their case and type, and no key from none', () => {
  expect(isSameKey('ABC', 'abc')).toBe(true);
  expect(isSameKey(7, '7')).toBe(true);
  expect(isSameKey(null, 'null')).toBe(false);
});

it('sees that a value is the same: lists of keys in any order, times in any notation, objects in any order of keys', () => {
  expect(isSameValue(['b', 'a'], ['A', 'b'], true)).toBe(true);
  expect(isSameValue(['b', 'a'], ['a', 'b'], false)).toBe(false);
  expect(isSameValue('2026-01-01T00:00:00Z', '2026-01-01T00:00:00.000Z', false)).toBe(true);
  expect(isSameValue({ a: 1, b: 2 }, { b: 2, a: 1 }, false)).toBe(true);
  expect(isSameValue(undefined, null, false)).toBe(true);
  expect(isSameValue(0, false, false)).toBe(false);
});

it.each([
  ['name', 'staff', 'staff', true],
  ['name__iexact', 'STAFF', 'staff', true],
  ['name__icontains', 'TAF', 'staff', true],
  ['name__startswith', 'st', 'staff', true],
  ['name__in', ['a', 'staff'], 'staff', true],
  ['name__isnull', true, null, true],
  ['attributes__team__lead', 'ada', { team: { lead: 'ada' } }, true],
  ['attributes__team__lead', 'ada', { team: 'red' }, false],
  ['tags__contains', ['a'], ['a', 'b'], true],
])('reads the condition %s', (name, wanted, value, expected) => {
  expect(lookupOf(name).test(value, wanted)).toBe(expected);
});
