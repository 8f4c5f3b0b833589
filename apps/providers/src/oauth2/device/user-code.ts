import { createHmac } from 'node:crypto';
import { deriveKey } from '@postern/database';
import type { Random } from '../ports.ts';

/** Digits of a user code: what people can type from a television, and no more than a few of many tries will hit. */
const DIGITS = 9;

/** Codes that people enter: RFC 8628, section 6.1. */
export type UserCodes = {
  /** A new one. */
  make(): string;
  /** What is kept of one; undefined for what can be none. Spaces and hyphens do not count. */
  hash(code: string): string | undefined;
};

/** Creates user codes. They are so short that a plain hash of one could be tried through: they are kept as an HMAC. */
export function createUserCodes({ secrets, random }: { secrets: readonly string[]; random: Random }): UserCodes {
  const [secret] = secrets;
  if (secret === undefined) throw new TypeError('user codes need a secret');
  const key = deriveKey(secret, 'oauth2.user_code');
  return {
    make: () => {
      const bytes = Buffer.from(random.text(6), 'base64url');
      return String(bytes.readUIntBE(0, 6) % 10 ** DIGITS).padStart(DIGITS, '0');
    },
    hash: (code) => {
      const digits = code.replaceAll(/[\s-]/g, '');
      if (!/^\d+$/.test(digits) || digits.length !== DIGITS) return undefined;
      return createHmac('sha256', key).update(digits).digest('base64url');
    },
  };
}

/** A code in groups, as the page shows it. */
export function grouped(code: string): string {
  return code.replaceAll(/(\d{3})(?=\d)/g, '$1 ');
}
