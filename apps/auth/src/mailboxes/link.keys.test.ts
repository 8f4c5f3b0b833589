import { describe, expect, it } from 'vitest';
import { createLinkKeys, fingerprintOf } from './link.keys.ts';

const now = new Date('2026-01-01T00:00:00Z');
const later = (seconds: number) => new Date(now.getTime() + seconds * 1000);
const DAYS = 3 * 86_400;
const keys = createLinkKeys(['first secret', 'second secret']);
const key = keys.make('tenant', 7, 'Ada@example.com', now);

describe('keys of links', () => {
  it.each([
    ['of another tenant', 'elsewhere', key, now],
    ['that are too old', 'tenant', key, later(DAYS + 1)],
    ['that are from the future', 'tenant', key, later(-3600)],
    ['that are changed', 'tenant', key.replace(/^./, (first) => (first === 'W' ? 'X' : 'W')), later(1)],
    ['without a signature', 'tenant', key.replace(/:[^:]+$/, ':'), now],
    ['that are none', 'tenant', 'nonsense', now],
    [
      'of an installation that has another secret',
      'tenant',
      createLinkKeys(['x']).make('tenant', 7, 'a@b.c', now),
      now,
    ],
  ])('are worth nothing when they are ones %s', (_, tenant, given, at) => {
    expect(keys.read(tenant, given, at, DAYS)).toBeUndefined();
  });

  it('name the user and the address, however it is cased, without saying it, while one of the secrets is known', () => {
    expect(key).toMatch(/^[\w-]+:[0-9A-Za-z]{6}:[\w-]{43}$/);
    const claim = { user: 7, fingerprint: fingerprintOf('ada@EXAMPLE.com') };
    expect(keys.read('tenant', key, later(DAYS - 1), DAYS)).toEqual(claim);
    expect(createLinkKeys(['new secret', 'first secret']).read('tenant', key, now, DAYS)).toEqual(claim);
  });
});
