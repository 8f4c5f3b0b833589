import { expect, it } from 'vitest';
import { endOf, masked, nameOfKey, newKey, usualExpiry } from './key.text.ts';

const now = new Date('2026-02-28T23:30:00Z');

it('makes keys that tell the day, and shows their ends alone', () => {
  const key = newKey(now);
  expect(key).toMatch(/^inv-[0-9a-f]{40}-20260228$/);
  expect(newKey(now)).not.toBe(key);
  expect(masked(key)).toBe(`${key.slice(0, 8)}${'*'.repeat(33)}${key.slice(41)}`);
});

it('ends keys with the end of their last day', () => {
  expect(usualExpiry(now)).toBe('2027-02-28');
  expect(endOf('2026-02-28').toISOString()).toBe('2026-03-01T00:00:00.000Z');
});

it.each([
  ['', ''],
  ['  my key ', 'my-key'],
  ['a\nb\tc\u200b', 'abc'],
  ['<script>x</script>y', 'xy'],
  ['x'.repeat(120), 'x'.repeat(100)],
])('calls a key %j %j', (given, name) => {
  expect(nameOfKey(given)).toBe(name);
});
