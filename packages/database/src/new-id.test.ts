import { validate, version } from 'uuid';
import { expect, it } from 'vitest';
import { newId } from './new-id.ts';

it('makes version 7 UUIDs that grow with time and never come twice', () => {
  const ids = Array.from({ length: 1_000 }, () => newId());
  expect(new Set(ids).size).toBe(1_000);
  expect(ids.every((id) => validate(id) && version(id) === 7)).toBe(true);
  expect(newId(1) < newId(2)).toBe(true);
  expect(newId(0x0193_1234_5678).startsWith('01931234-5678-7')).toBe(true);
});
