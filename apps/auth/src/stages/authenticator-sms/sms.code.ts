import { randomInt, timingSafeEqual } from 'node:crypto';
import type { JsonObject } from '../../plans/index.ts';
import type { StageSeal } from '../stage.ports.ts';

/** A code that was sent, as a plan remembers it. */
export type SentCode = {
  readonly number: string;
  /** Sealed: no secret enters a plan in clear. */
  readonly code: string;
  /** When it stops working, in milliseconds since 1970. */
  readonly expires: number;
  /** Codes that were tried in its place. */
  readonly tries: number;
};

const DIGITS = 6;
const LIFE_MS = 300_000;
const LABEL = 'sms.code';

/** Wrong codes after which a code works no longer. */
export const MOST_TRIES = 5;

/** A fresh code. */
export function generateCode(): string {
  return String(randomInt(10 ** DIGITS)).padStart(DIGITS, '0');
}

/** What the plan remembers of a code. */
export function remember(seal: Pick<StageSeal, 'seal'>, code: string, number: string, now: Date): SentCode {
  return { number, code: seal.seal(code, LABEL), expires: now.getTime() + LIFE_MS, tries: 0 };
}

/** The code that the plan remembers; undefined for none. */
export function sentCodeIn(memory: JsonObject): SentCode | undefined {
  const { number, code, expires, tries } = memory;
  if (typeof number !== 'string' || typeof code !== 'string') return undefined;
  return typeof expires === 'number' && typeof tries === 'number' ? { number, code, expires, tries } : undefined;
}

/** Whether a code still works. */
export function isPending(sent: SentCode | undefined, now: Date): sent is SentCode {
  return sent !== undefined && sent.expires > now.getTime() && sent.tries < MOST_TRIES;
}

/** Whether an answer is the code, compared in constant time. Clients that send numbers lose leading zeros, which are put back. */
export function isCode(seal: Pick<StageSeal, 'open'>, sent: SentCode | undefined, answer: string, now: Date): boolean {
  if (!isPending(sent, now)) return false;
  const [left, right] = [Buffer.from(answer.trim().padStart(DIGITS, '0')), Buffer.from(seal.open(sent.code, LABEL))];
  return left.length === right.length && timingSafeEqual(left, right);
}
