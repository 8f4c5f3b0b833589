import { randomUUID } from 'node:crypto';

/**
 * A version 7 UUID (RFC 9562, section 5.7): it grows with time. Its random half comes out of what Node draws in advance, so that making one is no
 * system call.
 */
export function newId(now: number = Date.now()): string {
  const time = now.toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${randomUUID().slice(15)}`;
}
