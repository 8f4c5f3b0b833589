import { type Answer, AUTHENTICATION, bad, FORBIDDEN, REAUTHENTICATION } from '../headless.answer.ts';
import { problem } from '../headless.problems.ts';
import type { SocialError } from './front-end.address.ts';

/** What came of an identity: an answer for whoever asked for it, and a word for the page that a browser is sent back to. */
export type Outcome = { readonly answer: Answer; readonly error?: SocialError };

/** Somebody is signed in, or told what is next. */
export const WELCOME: Outcome = { answer: AUTHENTICATION };

const ANSWERS = {
  signup_closed: FORBIDDEN,
  permission_denied: AUTHENTICATION,
  reauthentication_required: REAUTHENTICATION,
  connected_other: bad(problem('connected_other')),
} as const satisfies Partial<Record<SocialError, Answer>>;

/** What may not be. */
export function failed(error: keyof typeof ANSWERS): Outcome {
  return { answer: ANSWERS[error], error };
}
