/** What is wrong with a name, an address or a password. Clients know the code, people the sentence. */
export type RuleProblem = { readonly code: string; readonly message: string };

/** The sentences of rules that are the same whatever was given. */
export const RULES = {
  username_invalid: {
    code: 'invalid',
    message: 'Enter a valid username. This value may contain only letters, numbers, and @/./+/-/_ characters.',
  },
  username_taken: { code: 'username_taken', message: 'A user with that username already exists.' },
  email_taken: { code: 'email_taken', message: 'A user is already registered with this email address.' },
  domain_refused: { code: '', message: 'The provided email domain is not approved.' },
  too_common: { code: 'password_too_common', message: 'This password is too common.' },
  entirely_numeric: { code: 'password_entirely_numeric', message: 'This password is entirely numeric.' },
} as const satisfies Record<string, RuleProblem>;

/** A text is longer than it may be. */
export function tooLong(most: number, length: number): RuleProblem {
  return { code: 'max_length', message: `Ensure this value has at most ${most} characters (it has ${length}).` };
}
