import { createHash, randomInt, timingSafeEqual } from 'node:crypto';

/** How a code looks that people read in a mail or a message and type: `BCDF-GHJK`, or `123-456-789`. */
export type CodeFormat = 'letters' | 'digits';

/** Letters that nobody mistakes for others, and that make no words. */
const LOOKS = {
  letters: { alphabet: 'BCDFGHJKLMNPQRSTVWXZ', groups: 2, size: 4 },
  digits: { alphabet: '0123456789', groups: 3, size: 3 },
} as const satisfies Record<CodeFormat, { alphabet: string; groups: number; size: number }>;

/** A new code: 34 bits of letters, or 29 of digits, to be tried a few times only. */
export function newCode(format: CodeFormat = 'letters'): string {
  const { alphabet, groups, size } = LOOKS[format];
  const group = () => Array.from({ length: size }, () => alphabet[randomInt(alphabet.length)]).join('');
  return Array.from({ length: groups }, group).join('-');
}

/**
 * Whether somebody typed a code. Case, spaces and punctuation do not count; the time it takes tells nothing. An expected code without a letter
 * or digit is none, which nothing matches.
 */
export function isSameCode(expected: string, given: string): boolean {
  const wanted = plain(expected);
  return timingSafeEqual(digest(wanted), digest(plain(given))) && wanted !== '';
}

function plain(code: string): string {
  return code.toUpperCase().replace(/[^\p{L}\p{N}]/gu, '');
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
