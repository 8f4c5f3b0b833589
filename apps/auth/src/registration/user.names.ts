import { RULES, type RuleProblem, tooLong } from './rule.problems.ts';

/** Characters of a user name at most. */
export const LONGEST_USERNAME = 150;
const USERNAME = /^[\p{L}\p{N}_.@+-]+$/u;

/** What is wrong with a user name, besides that somebody has it. */
export function usernameProblems(username: string): readonly RuleProblem[] {
  return [
    ...(USERNAME.test(username) ? [] : [RULES.username_invalid]),
    ...(username.length > LONGEST_USERNAME ? [tooLong(LONGEST_USERNAME, username.length)] : []),
  ];
}

/** What is wrong with an address that is to sign up, besides that it is none or that somebody has it: `domains` look like `@example.com`. */
export function domainProblems(email: string, domains: readonly string[]): readonly RuleProblem[] {
  const allowed = domains.map((domain) => domain.trim().toLowerCase()).filter(Boolean);
  const isApproved = allowed.length === 0 || allowed.some((domain) => email.toLowerCase().endsWith(domain));
  return isApproved ? [] : [RULES.domain_refused];
}

const LONGEST_BASE = 100;
/** How many names of a kind are tried before a longer end is. */
const ENDS: readonly [count: number, letters: string, length: number][] = [
  [4, '0123456789', 2],
  [4, '0123456789', 4],
  [8, 'abcdefghijklmnopqrstuvwxyz0123456789', 8],
];

/**
 * Names for somebody who chose none, one after the other until one is free: the first of these texts that has letters of a name, then the same
 * with digits, then with letters behind it.
 *
 * @param random a whole number from 0 up to, and without, its argument
 */
export function* namesFor(texts: readonly string[], random: (most: number) => number): Generator<string, void> {
  const base = [...texts.map(plain), 'user'].find(Boolean) ?? 'user';
  yield base;
  for (const [count, letters, length] of ENDS)
    for (let n = 0; n < count; n++)
      yield `${base}${Array.from({ length }, () => letters[random(letters.length)]).join('')}`;
}

/** The part before an at sign, in lower-case letters of ASCII. */
function plain(text: string): string {
  const [local = ''] = text.split('@');
  const letters = local.normalize('NFKD').toLowerCase();
  return letters
    .replaceAll(/[^a-z0-9_.+-]/g, '')
    .replaceAll(/^[.+-]+|[.+-]+$/g, '')
    .slice(0, LONGEST_BASE);
}
