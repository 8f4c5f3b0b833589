import { randomBytes } from 'node:crypto';
import { type HashCost, hashPassword, isOutdated, USUAL_COST, verifyHash } from './hash.formats.ts';
import type { HashQueue } from './hash.queue.ts';
import { passwordErrors } from './password.errors.ts';

/** Hashes and checks passwords, in turn. */
export type PasswordHasher = {
  /** The hash of a new password. Throws PASSWORD_TOO_LONG, SIGN_IN_OVERLOADED. */
  hash(password: string): Promise<string>;
  /**
   * Whether a password fits a hash. Without a hash the same work is done on one that fits nothing, so that time does not tell who has an
   * account. Throws SIGN_IN_OVERLOADED.
   */
  verify(encoded: string | undefined, password: string): Promise<boolean>;
  /** Whether a hash should be made anew while the password is at hand. */
  isOutdated(encoded: string): boolean;
};

/** Bytes of a password that are looked at; more is refused, never cut. */
export const LONGEST_PASSWORD = 4096;

/**
 * Creates the hasher.
 *
 * @param cost what new hashes cost. Default: 19 MiB, two passes
 */
export function createPasswordHasher({
  queue,
  cost = USUAL_COST,
}: {
  queue: HashQueue;
  cost?: HashCost;
}): PasswordHasher {
  let decoy: Promise<string> | undefined;
  const decoyHash = () => {
    decoy ??= hashPassword(randomBytes(32).toString('base64'), cost);
    return decoy;
  };
  return {
    async hash(password) {
      if (isTooLong(password)) throw passwordErrors.PASSWORD_TOO_LONG({ max: LONGEST_PASSWORD });
      return queue.run(() => hashPassword(password, cost));
    },
    async verify(encoded, password) {
      // Nobody has such a password; the work is done all the same.
      const given = isTooLong(password) ? '' : password;
      const target = encoded === undefined || isTooLong(password) ? await decoyHash() : encoded;
      const fits = await queue.run(() => verifyHash(target, given));
      return fits && target === encoded;
    },
    isOutdated: (encoded) => isOutdated(encoded, cost),
  };
}

function isTooLong(password: string): boolean {
  return Buffer.byteLength(password) > LONGEST_PASSWORD;
}
