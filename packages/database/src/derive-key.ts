import { hkdfSync } from 'node:crypto';

/** Derives a key of `bytes` bytes for one purpose from the installation's secret (HKDF-SHA256, RFC 5869). */
export function deriveKey(secret: string, purpose: string, bytes = 32): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, 'postern.database', purpose, bytes));
}
