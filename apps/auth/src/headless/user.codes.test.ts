import { describe, expect, it } from 'vitest';
import { isSameCode, newCode } from './user.codes.ts';

describe('codes that people type', () => {
  it('refuses another code, a part of one, and anything where there is no code', () => {
    expect(isSameCode('BCDF-GHJK', 'BCDF-GHJL')).toBe(false);
    expect(isSameCode('BCDF-GHJK', 'BCDF')).toBe(false);
    expect(isSameCode('', '')).toBe(false);
    expect(isSameCode('--', ' ')).toBe(false);
  });

  it('takes a code whatever its case, spaces and punctuation', () => {
    for (const typed of ['BCDF-GHJK', 'bcdfghjk', ' bcdf ghjk. ']) expect(isSameCode('BCDF-GHJK', typed)).toBe(true);
    expect(isSameCode('123-456-789', '123456789')).toBe(true);
  });

  it('makes codes of letters and of digits, each another one', () => {
    expect(newCode()).toMatch(/^[BCDFGHJKLMNPQRSTVWXZ]{4}-[BCDFGHJKLMNPQRSTVWXZ]{4}$/);
    expect(newCode('digits')).toMatch(/^\d{3}-\d{3}-\d{3}$/);
    expect(new Set(Array.from({ length: 50 }, () => newCode())).size).toBe(50);
  });
});
