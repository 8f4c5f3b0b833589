import type { Mailbox, MailboxRefusal } from '../../mailboxes/index.ts';
import { type Answer, bad, ok } from '../headless.answer.ts';
import type { HeadlessParts } from '../headless.parts.ts';
import { type Problem, problem } from '../headless.problems.ts';
import type { Person, Visit } from '../headless.visit.ts';
import { verificationOf } from '../signup/index.ts';

/** A visit of somebody. */
export type Visited = Visit & { readonly person: Person };

/** The addresses of whoever is signed in; one that waits for its code comes last. */
export async function addressList(
  parts: HeadlessParts,
  visit: Visited,
  mailboxes: readonly Mailbox[] | undefined = undefined,
): Promise<Answer> {
  const all = mailboxes ?? (await parts.mailboxes.list(visit.tenant, visit.person.pk));
  const known = all.map(({ email, verified, primary }) => ({ email, verified, primary }));
  const waiting = verificationOf(parts, visit)?.email;
  const isNew = waiting !== undefined && findIn(all, waiting) === undefined;
  return ok([...known, ...(isNew ? [{ email: waiting, verified: false, primary: false }] : [])]);
}

/** An address among others, however its letters are cased. */
export function findIn(mailboxes: readonly Mailbox[], email: string): Mailbox | undefined {
  return mailboxes.find((one) => one.email.toLowerCase() === email.toLowerCase());
}

const PROBLEMS = {
  EMAIL_ADDRESS_UNKNOWN: problem('unknown_email', 'email'),
  EMAIL_ADDRESS_KNOWN: problem('duplicate_email', 'email'),
  EMAIL_ADDRESS_TAKEN: problem('email_taken', 'email'),
  EMAIL_ADDRESS_PRIMARY: problem('cannot_remove_primary_email', 'email'),
  EMAIL_ADDRESS_UNVERIFIED: problem('unverified_primary_email', 'email'),
  EMAIL_ADDRESS_FIXED: problem('email_change_blocked', 'email'),
  EMAIL_ADDRESSES_FULL: tooMany(50),
} as const satisfies Record<MailboxRefusal, Problem>;

/** Why a change of addresses may not be. */
export function refusal(reason: MailboxRefusal): Answer {
  return bad(PROBLEMS[reason]);
}

/** Somebody has as many addresses as they may have. */
export function tooMany(most: number): Problem {
  return { message: `You cannot add more than ${most} email addresses.`, code: 'max_email_addresses', param: 'email' };
}
