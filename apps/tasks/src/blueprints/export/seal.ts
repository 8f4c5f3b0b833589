import { createCipheriv, createDecipheriv, randomBytes, scrypt } from 'node:crypto';
import { isJsonObject, type Json } from '../format/index.ts';

/** Secrets by the names under which entries ask for them. */
export type Secrets = Readonly<Record<string, string>>;

/** The passphrase is not the one that they were sealed under, or the text is no sealed text. */
export class UnsealError extends Error {
  override readonly name = 'UnsealError';
}

const HEADER = 'postern-secrets:v1:';
const CIPHER = 'aes-256-gcm';
const SALT = 16;
const NONCE = 12;
const TAG = 16;
// 32 MiB and about 100 ms for each guess.
const COST = { N: 2 ** 15, r: 8, p: 1, maxmem: 64 * 1024 ** 2 };

/** Seals secrets under a passphrase: scrypt (RFC 7914), then AES-256-GCM. One line of text; not the same twice. */
export async function seal(secrets: Secrets, passphrase: string): Promise<string> {
  const salt = randomBytes(SALT);
  const nonce = randomBytes(NONCE);
  const cipher = createCipheriv(CIPHER, await keyOf(passphrase, salt), nonce).setAAD(Buffer.from(HEADER));
  const sealed = [cipher.update(JSON.stringify(secrets), 'utf8'), cipher.final(), cipher.getAuthTag()];
  return HEADER + Buffer.concat([salt, nonce, ...sealed]).toString('base64url');
}

/** Opens what `seal` made. Throws UnsealError. */
export async function unseal(text: string, passphrase: string): Promise<Secrets> {
  const bytes = Buffer.from(text.trim().slice(HEADER.length), 'base64url');
  if (!text.startsWith(HEADER) || bytes.length < SALT + NONCE + TAG)
    throw new UnsealError('These are no sealed secrets.');
  const key = await keyOf(passphrase, bytes.subarray(0, SALT));
  const decipher = createDecipheriv(CIPHER, key, bytes.subarray(SALT, SALT + NONCE)).setAAD(Buffer.from(HEADER));
  decipher.setAuthTag(bytes.subarray(-TAG));
  try {
    const open = [decipher.update(bytes.subarray(SALT + NONCE, -TAG)), decipher.final()];
    return secretsIn(JSON.parse(Buffer.concat(open).toString('utf8')));
  } catch (cause) {
    throw new UnsealError('The secrets are sealed under another passphrase, or damaged.', { cause });
  }
}

function secretsIn(given: Json): Secrets {
  const entries = isJsonObject(given) ? Object.entries(given) : [];
  return Object.fromEntries(entries.map(([name, value]) => [name, String(value)]));
}

function keyOf(passphrase: string, salt: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(passphrase.normalize('NFKC'), salt, 32, COST, (error, key) => (error ? reject(error) : resolve(key)));
  });
}
