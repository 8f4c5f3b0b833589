import type { auth } from '@postern/proto';
import type { JsonObject } from '../plans/index.ts';
import { secondsOf, type Visit } from './headless.visit.ts';
import { type CodeFormat, isSameCode, newCode } from './user.codes.ts';

/** What is remembered of a code that was sent, and of what was tried in its place. It is stored sealed. */
export type SentCode = {
  /** Empty for one that nobody got: nothing matches it. */
  readonly code: string;
  /** Epoch seconds. */
  readonly sent: number;
  /** Wrong codes so far. */
  readonly wrong: number;
  /** How often it was sent again. */
  readonly resent: number;
  /** How often it was sent elsewhere. */
  readonly changed: number;
  /** Where it went: one of them. */
  readonly email?: string;
  readonly phone?: string;
};

/** How long a code works, in seconds, and how many wrong ones end it. */
export type CodeRules = { readonly seconds: number; readonly most: number };

/** A code that goes somewhere now; for nobody, one that never matches. */
export function freshCode(
  { settings, now }: Pick<Visit, 'settings' | 'now'>,
  to: Pick<SentCode, 'email' | 'phone'>,
  isForSomebody = true,
): SentCode {
  const code = isForSomebody ? newCode(formatOf(settings)) : '';
  return { code, sent: secondsOf(now), wrong: 0, resent: 0, changed: 0, ...to };
}

/** What takes the place of a code that is sent again. The wrong ones count on: nobody gets more tries by asking for more codes. */
export function freshAgain(visit: Pick<Visit, 'settings' | 'now'>, before: SentCode): SentCode {
  const { code, sent } = freshCode(visit, {}, before.code !== '');
  return { ...before, code, sent, resent: before.resent + 1 };
}

/** What a memory says of a code; undefined for none. */
export function sentCodeIn(memory: JsonObject | undefined): SentCode | undefined {
  const { code, sent, wrong, resent, changed, email, phone } = memory ?? {};
  if (typeof code !== 'string' || typeof sent !== 'number') return undefined;
  return {
    code,
    sent,
    wrong: countIn(wrong),
    resent: countIn(resent),
    changed: countIn(changed),
    ...(typeof email === 'string' && { email }),
    ...(typeof phone === 'string' && { phone }),
  };
}

/** Whether a code may still be tried. */
export function isAlive({ sent, wrong }: SentCode, { seconds, most }: CodeRules, { now }: Pick<Visit, 'now'>): boolean {
  return wrong < most && sent + seconds > secondsOf(now);
}

/** Whether a memory is that of a code which may not be tried any more. */
export function isCodeOver(memory: JsonObject, rules: CodeRules, visit: Pick<Visit, 'now'>): boolean {
  const sent = sentCodeIn(memory);
  return sent !== undefined && !isAlive(sent, rules, visit);
}

/**
 * Judges a code that came back. A wrong one is counted in `left`, which has to be remembered; undefined says that it was the last. No code at
 * all is a wrong one.
 */
export function judge(
  sent: SentCode,
  given: string,
  { most }: CodeRules,
): { readonly isRight: true } | { readonly isRight: false; readonly left: SentCode | undefined } {
  if (isSameCode(sent.code, given)) return { isRight: true };
  const wrong = sent.wrong + 1;
  return { isRight: false, left: wrong < most ? { ...sent, wrong } : undefined };
}

function formatOf({ user_code_format }: Pick<auth.HeadlessSettings, 'user_code_format'>): CodeFormat {
  return user_code_format === 'digits' ? 'digits' : 'letters';
}

function countIn(value: unknown): number {
  return typeof value === 'number' ? value : 0;
}
