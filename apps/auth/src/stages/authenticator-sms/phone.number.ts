import { createHmac, hkdfSync } from 'node:crypto';

/** The number among what somebody typed, without spaces and marks; undefined for what is none. */
export function readPhoneNumber(typed: string): string | undefined {
  const bare = typed.replaceAll(/[\s().\-/]/g, '');
  return /^\+?\d{4,20}$/.test(bare) ? bare : undefined;
}

/** What is written where a number itself is not kept. */
export const HASHED = 'hash:';

/** Tells numbers apart without saying them. */
export type PhoneHashes = {
  /** The hash that a number is kept under. */
  readonly hash: (number: string) => string;
  /** Every hash that it may be kept under, while the installation's secret is being rotated. */
  readonly hashes: (number: string) => readonly string[];
};

/**
 * Hashes phone numbers with a key: there are so few of them that whoever reads a plain hash finds the number.
 *
 * @param secrets the installation's secrets: the first hashes, all are looked up by
 */
export function createPhoneHashes(secrets: readonly string[]): PhoneHashes {
  const macs = secrets.map((secret) => {
    const key = Buffer.from(hkdfSync('sha256', secret, '', 'postern/auth/phone-number/v1', 32));
    return (number: string) => createHmac('sha256', key).update(number).digest('hex');
  });
  const [first] = macs;
  if (first === undefined) throw new TypeError('hashes of phone numbers need a secret');
  return { hash: first, hashes: (number) => macs.map((mac) => mac(number)) };
}
