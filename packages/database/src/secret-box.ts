import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createSecretKey,
  type KeyObject,
  randomBytes,
} from 'node:crypto';
import { deriveKey } from './derive-key.ts';

/** Encrypts column values. The first secret seals, every secret opens. */
export type SecretBox = {
  /** Seals a text for one column. The same text sealed twice differs. */
  seal(plain: string, column: string): string;
  /** Opens what `seal` made for the same column. Throws when no key fits, or when the value was tampered with or moved. */
  open(sealed: string, column: string): string;
  /** Whether the value was sealed by a key that is no longer the first. */
  isStale(sealed: string): boolean;
};

const FORMAT = 'v1';
const IV_BYTES = 12;
const TAG_BYTES = 16;

/**
 * AES-256-GCM with keys derived from the secrets. A sealed value reads `v1.<key id>.<base64url of iv, ciphertext and tag>`; the column's
 * name is authenticated with it, so that a value copied into another column does not open.
 */
export function createSecretBox(secrets: readonly string[]): SecretBox {
  const keys = new Map(secrets.map((secret) => keyOf(secret)));
  const [current] = keys;
  if (!current) throw new Error('column encryption needs a secret');
  const [currentId, currentKey] = current;
  return {
    seal(plain, column) {
      const iv = randomBytes(IV_BYTES);
      const cipher = createCipheriv('aes-256-gcm', currentKey, iv).setAAD(Buffer.from(column));
      const bytes = Buffer.concat([iv, cipher.update(plain, 'utf8'), cipher.final(), cipher.getAuthTag()]);
      return `${FORMAT}.${currentId}.${bytes.toString('base64url')}`;
    },
    open(sealed, column) {
      const [format, id = '', text = ''] = sealed.split('.');
      const key = keys.get(id);
      if (format !== FORMAT || !key)
        throw new Error(`no key opens a value of ${column} that was sealed with ${format}.${id}`);
      return decrypt(key, Buffer.from(text, 'base64url'), column);
    },
    isStale: (sealed) => sealed.split('.')[1] !== currentId,
  };
}

function decrypt(key: KeyObject, bytes: Buffer, column: string): string {
  if (bytes.length < IV_BYTES + TAG_BYTES) throw new Error(`a value of ${column} is cut short`);
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, IV_BYTES), { authTagLength: TAG_BYTES });
  decipher.setAAD(Buffer.from(column)).setAuthTag(bytes.subarray(-TAG_BYTES));
  const plain = decipher.update(bytes.subarray(IV_BYTES, -TAG_BYTES));
  return Buffer.concat([plain, decipher.final()]).toString('utf8');
}

function keyOf(secret: string): [id: string, key: KeyObject] {
  const key = deriveKey(secret, 'columns');
  // Bytes would be made a key again, and found out not to be one, by each use.
  return [createHash('sha256').update(key).digest('hex').slice(0, 8), createSecretKey(key)];
}
