import { createHmac, hkdfSync, randomInt } from 'node:crypto';

/** Makes codes that each work once, and the hashes they are known by. */
export type DeviceCodes = {
  /** That many different codes of letters and digits. */
  generate(count: number, length: number): string[];
  /** The hash that a code is stored under. */
  hash(code: string): string;
  /** Every hash that a code may be stored under, while the installation's secret is being rotated. */
  hashes(code: string): string[];
};

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/**
 * Creates codes. They are stored as HMACs: whoever reads the table learns no code and can test no guess.
 *
 * @param secrets the installation's secrets: the first hashes new codes, all are looked up by
 */
export function createDeviceCodes(secrets: readonly string[]): DeviceCodes {
  const macs = secrets.map((secret) => {
    const derived = Buffer.from(hkdfSync('sha256', secret, '', 'postern/auth/device-code/v1', 32));
    return (code: string) => createHmac('sha256', derived).update(code).digest('base64url');
  });
  const [first] = macs;
  if (!first) throw new TypeError('codes of devices need a secret');
  const one = (length: number) => Array.from({ length }, () => LETTERS[randomInt(LETTERS.length)]).join('');
  return {
    generate(count, length) {
      const codes = new Set<string>();
      while (codes.size < count) codes.add(one(length));
      return [...codes];
    },
    hash: first,
    hashes: (code) => macs.map((mac) => mac(code)),
  };
}
