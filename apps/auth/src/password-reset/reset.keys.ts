import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';

/** What a key is bound to: it is void as soon as any of it changes. */
export type ResetSubject = {
  readonly user: number;
  /** The encoded hash of the password; empty for somebody without one. */
  readonly hash: string;
  /** When they signed in last; empty for never. */
  readonly lastLogin: string;
  /** The address of the account, and all that it has. */
  readonly email: string;
  readonly addresses: readonly string[];
};

/** A key, taken apart. Whether it is one of ours is not known yet. */
export type ReadKey = {
  readonly user: number;
  /** Seconds since the epoch of keys, as text of base 36. */
  readonly made: string;
  readonly proof: string;
};

/** Makes and checks keys of links. */
export type ResetKeys = {
  make(tenant: string, subject: ResetSubject): string;
  /** Takes a key apart; undefined for what is none, or is older than that many seconds. */
  read(key: string, lifetime: number): ReadKey | undefined;
  /** Whether we made a key, for somebody of whom nothing has changed since. */
  fits(tenant: string, subject: ResetSubject, key: ReadKey): boolean;
};

/** Keys count their time from here. */
const EPOCH_SECONDS = Date.UTC(2001, 0, 1) / 1000;
const KEY = /^([0-9a-z]{1,6})-([0-9a-z]{1,8})-([0-9a-f]{32})$/;

/**
 * Creates keys: `<user>-<time>-<proof>`, both numbers to base 36, the proof 128 bits of an HMAC-SHA256. Nothing is stored: choosing a password,
 * signing in, or changing an address voids all keys of somebody.
 *
 * @param secrets the installation's secrets: the first makes, all check
 */
export function createResetKeys({ secrets, clock }: { secrets: readonly string[]; clock: { now(): Date } }): ResetKeys {
  const keys = secrets.map((secret) =>
    Buffer.from(hkdfSync('sha256', secret, '', 'postern/auth/password-reset/v1', 32)),
  );
  const now = () => Math.floor(clock.now().getTime() / 1000) - EPOCH_SECONDS;
  return {
    make(tenant, subject) {
      const made = now().toString(36);
      const [key = Buffer.alloc(0)] = keys;
      return `${subject.user.toString(36)}-${made}-${proofOf(key, tenant, subject, made)}`;
    },
    read(text, lifetime) {
      const [, user = '', made = '', proof = ''] = KEY.exec(text) ?? [];
      const age = now() - Number.parseInt(made, 36);
      if (proof === '' || age < 0 || age > lifetime) return undefined;
      return { user: Number.parseInt(user, 36), made, proof };
    },
    fits(tenant, subject, { user, made, proof }) {
      const given = Buffer.from(proof);
      const isOurs = (key: Buffer) => timingSafeEqual(Buffer.from(proofOf(key, tenant, subject, made)), given);
      return user === subject.user && keys.some(isOurs);
    },
  };
}

/** Every second digit of the HMAC. */
function proofOf(key: Buffer, tenant: string, subject: ResetSubject, made: string): string {
  const { user, hash, lastLogin, email, addresses } = subject;
  const bound = JSON.stringify([tenant, user, hash, lastLogin, made, email, addresses.toSorted()]);
  return createHmac('sha256', key).update(bound).digest('hex').replaceAll(/(.)./g, '$1');
}
