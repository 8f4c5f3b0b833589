import { remember, type Visit } from '../headless.visit.ts';

/** What a challenge is for: an answer to one proves nothing elsewhere. */
export type Ceremony = 'authenticate' | 'reauthenticate' | 'login' | 'add' | 'add_passkey' | 'signup';

/** Where a session keeps the challenge: one at a time. */
const SLOT = 'webauthn';

/** Remembers what was asked, in place of what was asked before. */
export function keepChallenge(visit: Visit, ceremony: Ceremony, challenge: string): void {
  remember(visit, SLOT, { ceremony, challenge });
}

/** What was asked for one of these; empty when nothing was: no answer matches that. */
export function challengeOf(
  visit: Visit,
  ...ceremonies: readonly Ceremony[]
): { ceremony?: Ceremony; challenge: string } {
  const { ceremony: kept, challenge } = visit.state.slots[SLOT] ?? {};
  const ceremony = ceremonies.find((one) => one === kept);
  return ceremony !== undefined && typeof challenge === 'string' ? { ceremony, challenge } : { challenge: '' };
}

/** A challenge was answered: nothing answers it again. */
export function forgetChallenge(visit: Visit): void {
  remember(visit, SLOT, undefined);
}
