import { createHash, createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';

/** What a key stands for: an address of a user, by its fingerprint. */
export type KeyClaim = { readonly user: number; readonly fingerprint: string };

/** Keys of the links by which people show that they read an address: `<address>:<time>:<signature>`. */
export type LinkKeys = {
  make(tenant: string, user: number, email: string, now: Date): string;
  /** What a key stands for; undefined for a forged one, one of another tenant, and one that is older than so many seconds. */
  read(tenant: string, key: string, now: Date, seconds: number): KeyClaim | undefined;
};

const KEY = /^([\w-]{1,200}):([0-9A-Za-z]{1,10}):([\w-]{43})$/;
const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
/** A clock of another replica may be a little ahead. */
const SKEW_SECONDS = 60;

/**
 * Creates the keys. They are nowhere stored: whoever holds the first secret makes them, and whoever holds one of them reads them.
 *
 * @param secrets the installation's secrets, the newest one first
 */
export function createLinkKeys(secrets: readonly string[]): LinkKeys {
  const keys = secrets.map((secret) => Buffer.from(hkdfSync('sha256', secret, '', 'postern/auth/mailbox-link/v1', 32)));
  const [first = Buffer.alloc(0)] = keys;
  return {
    make(tenant, user, email, now) {
      const claim = Buffer.from(JSON.stringify([user, fingerprintOf(email)])).toString('base64url');
      const signed = `${claim}:${encode(Math.floor(now.getTime() / 1000))}`;
      return `${signed}:${sign(first, tenant, signed).toString('base64url')}`;
    },
    read(tenant, key, now, seconds) {
      const [, claim = '', time = '', signature = ''] = KEY.exec(key) ?? [];
      const given = Buffer.from(signature, 'base64url');
      const isOurs = keys.some((one) => isSame(sign(one, tenant, `${claim}:${time}`), given));
      const age = now.getTime() / 1000 - decode(time);
      if (claim === '' || !isOurs || age > seconds || age < -SKEW_SECONDS) return undefined;
      const [user, fingerprint]: [number, string] = JSON.parse(Buffer.from(claim, 'base64url').toString());
      return { user, fingerprint };
    },
  };
}

/** Names an address in a key without saying it: keys stand in addresses of pages, which end up in many places. */
export function fingerprintOf(email: string): string {
  return createHash('sha256').update(email.toLowerCase()).digest('base64url').slice(0, 22);
}

function sign(key: Buffer, tenant: string, text: string): Buffer {
  return createHmac('sha256', key).update(`${tenant}:${text}`).digest();
}

function isSame(left: Buffer, right: Buffer): boolean {
  return left.length === right.length && timingSafeEqual(left, right);
}

function encode(value: number): string {
  const rest = Math.floor(value / DIGITS.length);
  return `${rest > 0 ? encode(rest) : ''}${DIGITS[value % DIGITS.length]}`;
}

function decode(text: string): number {
  return [...text].reduce((value, digit) => value * DIGITS.length + DIGITS.indexOf(digit), 0);
}
