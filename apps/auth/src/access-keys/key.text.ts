import { randomBytes } from 'node:crypto';

const PREFIX = 'inv-';
const LONGEST_NAME = 100;
const DAY_MS = 24 * 60 * 60 * 1000;
/** How long a key works that names no end. */
const USUAL_DAYS = 365;

/** A new key: 160 random bits, and the day on which it was made. */
export function newKey(now: Date): string {
  return `${PREFIX}${randomBytes(20).toString('hex')}-${dayOf(now).replaceAll('-', '')}`;
}

/** A key as lists show it: its first eight characters and its last twelve. */
export function masked(key: string): string {
  return `${key.slice(0, 8)}${'*'.repeat(Math.max(0, key.length - 20))}${key.slice(-12)}`;
}

/** What a key may be called: no tags, nothing that is not printed, no spaces, at most 100 characters. */
export function nameOfKey(given: string): string {
  const plain = given
    .trim()
    .replace(/[^\P{C} ]|\p{Zl}|\p{Zp}/gu, '')
    .replace(/<[^>]*>/g, '')
    .replaceAll(' ', '-');
  return Array.from(plain).slice(0, LONGEST_NAME).join('');
}

/** A day, in UTC: `2026-12-01`. */
export function dayOf(time: Date): string {
  return time.toISOString().slice(0, 10);
}

/** The last day of a key that names none. */
export function usualExpiry(now: Date): string {
  return dayOf(new Date(now.getTime() + USUAL_DAYS * DAY_MS));
}

/** When a last day is over. */
export function endOf(day: string): Date {
  return new Date(Date.parse(`${day}T00:00:00Z`) + DAY_MS);
}
