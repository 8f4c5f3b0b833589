import { describe, expect, it } from 'vitest';
import { createResetKeys, type ResetSubject } from './reset.keys.ts';

let now = Date.UTC(2026, 10, 22, 9);
const clock = { now: () => new Date(now) };
const keysOf = (...secrets: string[]) => createResetKeys({ secrets, clock });
const keys = keysOf('first secret');
const ada: ResetSubject = {
  user: 12345,
  hash: '$argon2id$1',
  lastLogin: '1.5',
  email: 'ada@example.com',
  addresses: ['ada@example.com', 'ada@example.org'],
};

/** Whether a key is worth something for somebody. */
function isGood(key: string, subject = ada, { tenant = 'one', by = keys, lifetime = 60 } = {}): boolean {
  const read = by.read(key, lifetime);
  return read !== undefined && by.fits(tenant, subject, read);
}

describe('a key to choose a password by', () => {
  const key = keys.make('one', ada);

  it.each([
    ['another password', { hash: '$argon2id$2' }],
    ['another sign-in', { lastLogin: '2.5' }],
    ['another address', { email: 'ada@example.org' }],
    ['one address more', { addresses: [...ada.addresses, 'ada@example.net'] }],
    ['another user', { user: 12346 }],
  ])('is void with %s', (_what, change) => {
    expect(isGood(key, { ...ada, ...change })).toBe(false);
  });

  it('is void in another tenant, under another secret, and when a letter of it is another', () => {
    expect(isGood(key, ada, { tenant: 'two' })).toBe(false);
    expect(isGood(key, ada, { by: keysOf('other secret') })).toBe(false);
    for (const wrong of [key.replace(/.$/, (last) => (last === '0' ? '1' : '0')), `${key}0`, key.toUpperCase(), ''])
      expect(isGood(wrong)).toBe(false);
  });

  it('names its user and its time, and works in whatever order addresses come', () => {
    expect(key).toMatch(/^9ix-[0-9a-z]{6}-[0-9a-f]{32}$/);
    expect(isGood(key, { ...ada, addresses: ada.addresses.toReversed() })).toBe(true);
    expect(isGood(key, ada, { by: keysOf('newer secret', 'first secret') })).toBe(true);
  });

  it('ends with its time', () => {
    now += 60_000;
    expect(isGood(key)).toBe(true);
    now += 1_000;
    expect(isGood(key)).toBe(false);
  });
});
