import { LONGEST_PASSWORD } from '../passwords/index.ts';
import { RULES, type RuleProblem, tooLong } from './rule.problems.ts';

/** Whose password it is to be, as far as that is known: it may not be like any of these. */
export type PasswordOwner = { readonly username?: string; readonly name?: string; readonly email?: string };

/** What is wrong with a new password: likeness to its owner, length, how common it is, digits alone, in this order. All of it. */
export type PasswordProblems = (password: string, owner?: PasswordOwner) => Promise<readonly RuleProblem[]>;

const SHORTEST = 8;
/** How like a password may be to what it is compared with: less than this share of their letters. */
const MOST_ALIKE = 0.7;

/** Creates the rules. The list of common passwords is read when the first one is looked at. */
export function createPasswordProblems(): PasswordProblems {
  let common: Promise<ReadonlySet<string>> | undefined;
  return async (password, owner = {}) => {
    common ??= commonPasswords();
    const like = likeness(password, owner);
    return [
      ...(like === undefined ? [] : [like]),
      ...(password.length < SHORTEST ? [tooShort] : []),
      ...((await common).has(password.toLowerCase().trim()) ? [RULES.too_common] : []),
      ...(/^\p{Nd}+$/u.test(password) ? [RULES.entirely_numeric] : []),
      ...(Buffer.byteLength(password) > LONGEST_PASSWORD ? [tooLong(LONGEST_PASSWORD, password.length)] : []),
    ];
  };
}

const tooShort: RuleProblem = {
  code: 'password_too_short',
  message: `This password is too short. It must contain at least ${SHORTEST} characters.`,
};

/** The same list as policies estimate strength with. */
async function commonPasswords(): Promise<ReadonlySet<string>> {
  const { dictionary } = await import('@zxcvbn-ts/language-common');
  return new Set(dictionary['passwords-common']);
}

function likeness(password: string, { username, name = '', email }: PasswordOwner): RuleProblem | undefined {
  const [firstName, ...lastNames] = name.split(' ');
  const attributes = {
    username,
    'first name': firstName,
    'last name': lastNames.join(' '),
    'email address': email,
  };
  const like = Object.entries(attributes).find(([, value = '']) => isLike(password, value));
  if (like === undefined) return undefined;
  return { code: 'password_too_similar', message: `The password is too similar to the ${like[0]}.` };
}

/** Whether a password is like a text, or like a word of it. */
function isLike(password: string, text: string): boolean {
  const given = password.toLowerCase();
  const whole = text.toLowerCase();
  return [...whole.split(/[^\p{L}\p{N}_]+/u), whole]
    .filter((part) => part !== '' && !isMuchShorter(part, given))
    .some((part) => shareInCommon(given, part) >= MOST_ALIKE);
}

/** A long password may hold a short word. */
function isMuchShorter(part: string, password: string): boolean {
  return password.length >= 10 * part.length && part.length < (MOST_ALIKE / 2) * password.length;
}

/** The share of the letters of both that they have in common, in whatever order. */
function shareInCommon(one: string, other: string): number {
  const counts = new Map<string, number>();
  for (const letter of other) counts.set(letter, (counts.get(letter) ?? 0) + 1);
  let common = 0;
  for (const letter of one) {
    const left = counts.get(letter) ?? 0;
    if (left > 0) common += 1;
    counts.set(letter, left - 1);
  }
  return (2 * common) / (one.length + other.length);
}
