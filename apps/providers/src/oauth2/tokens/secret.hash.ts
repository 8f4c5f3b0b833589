import { hash, timingSafeEqual } from 'node:crypto';

/** What is stored of a code or token: SHA-256, base64url. They are random enough that no salt is needed. */
export function hashOf(token: string): string {
  return hash('sha256', token, 'base64url');
}

/** Compares two secrets in constant time, whatever their lengths. */
export function equalSecrets(left: string, right: string): boolean {
  const [a, b] = [left, right].map((text) => hash('sha256', text, 'buffer'));
  return a !== undefined && b !== undefined && timingSafeEqual(a, b);
}
