import { createHash, pbkdf2, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import * as argon2 from '@node-rs/argon2';
import * as bcrypt from '@node-rs/bcrypt';

/** Checks a password against an encoded hash of one format. A hash that cannot be read fits no password. */
type Format = { readonly prefix: string; verify(encoded: string, password: string): Promise<boolean> };

/** What a new hash costs. */
export type HashCost = {
  /** Memory, in KiB. */
  readonly memoryKib: number;
  readonly passes: number;
};

/** argon2id with 19 MiB, two passes, one lane: OWASP's first choice. */
export const USUAL_COST: HashCost = { memoryKib: 19_456, passes: 2 };
/** Iterations beyond this are an attack on our cores rather than a hash. */
const MOST_ITERATIONS = 10_000_000;

const derive = promisify(pbkdf2);

/** The hash of a new password. */
export function hashPassword(password: string, { memoryKib, passes }: HashCost): Promise<string> {
  return argon2.hash(password, { memoryCost: memoryKib, timeCost: passes, parallelism: 1 });
}

/** Whether a hash was made otherwise than new ones are. */
export function isOutdated(encoded: string, { memoryKib, passes }: HashCost): boolean {
  return !encoded.startsWith(`$argon2id$v=19$m=${memoryKib},t=${passes},p=1$`);
}

/** Checks a password. Knows Postern's own hashes and those of Django: PBKDF2, argon2, bcrypt with and without SHA-256. */
export async function verifyHash(encoded: string, password: string): Promise<boolean> {
  const format = FORMATS.find(({ prefix }) => encoded.startsWith(prefix));
  if (!format) return false;
  return format.verify(encoded.slice(format.prefix.length), password).catch(() => false);
}

// A prefix ends where the next one could still be read wrong: `bcrypt_sha256` before `bcrypt`.
const FORMATS: readonly Format[] = [
  { prefix: '$argon2', verify: (rest, password) => argon2.verify(`$argon2${rest}`, password) },
  { prefix: 'argon2$', verify: (rest, password) => argon2.verify(`$${rest}`, password) },
  { prefix: 'pbkdf2_sha256$', verify: (rest, password) => verifyPbkdf2(rest, password, 'sha256') },
  { prefix: 'pbkdf2_sha1$', verify: (rest, password) => verifyPbkdf2(rest, password, 'sha1') },
  { prefix: 'bcrypt_sha256$', verify: (rest, password) => bcrypt.verify(sha256(password), rest) },
  { prefix: 'bcrypt$', verify: (rest, password) => bcrypt.verify(password, rest) },
];

/** `<iterations>$<salt>$<base64>`; the salt is used as the text it is. */
async function verifyPbkdf2(rest: string, password: string, digest: 'sha256' | 'sha1'): Promise<boolean> {
  const [count = '', salt = '', hash = ''] = rest.split('$');
  const iterations = Number(count);
  const expected = Buffer.from(hash, 'base64');
  if (!Number.isInteger(iterations) || iterations < 1 || iterations > MOST_ITERATIONS) return false;
  if (expected.length !== (digest === 'sha256' ? 32 : 20)) return false;
  return timingSafeEqual(await derive(password, salt, iterations, expected.length, digest), expected);
}

/** Django hashes first, because bcrypt reads 72 bytes only. */
function sha256(password: string): string {
  return createHash('sha256').update(password).digest('hex');
}
