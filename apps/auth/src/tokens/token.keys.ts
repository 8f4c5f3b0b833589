import { createHmac, hkdfSync, randomInt } from 'node:crypto';

/** Makes keys of tokens, and the hashes that they are looked up by. */
export type TokenKeys = {
  /** A new key: 60 letters and digits, 357 bits. */
  generate(): string;
  /** The hash that a key is stored under. */
  hash(key: string): string;
  /** Every hash that a key may be stored under, while the installation's secret is being rotated. */
  hashes(key: string): string[];
};

const LENGTH = 60;
const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/**
 * Creates token keys. A presented key is looked up by its HMAC: whoever reads the table learns no key and can test no guess, and the time of the
 * look-up tells nothing about how much of a key was right.
 *
 * @param secrets the installation's secrets: the first hashes new keys, all are looked up by
 * @param purpose what the keys open, so that the hash of one kind is never that of another
 */
export function createTokenKeys(secrets: readonly string[], purpose = 'token-key'): TokenKeys {
  const macs = secrets.map((secret) => {
    const derived = Buffer.from(hkdfSync('sha256', secret, '', `postern/auth/${purpose}/v1`, 32));
    return (key: string) => createHmac('sha256', derived).update(key).digest('base64url');
  });
  const [first] = macs;
  if (!first) throw new TypeError('token keys need a secret');
  return {
    generate: () => Array.from({ length: LENGTH }, () => LETTERS[randomInt(LETTERS.length)]).join(''),
    hash: first,
    hashes: (key) => macs.map((mac) => mac(key)),
  };
}
