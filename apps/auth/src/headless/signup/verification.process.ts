import type { HeadlessParts } from '../headless.parts.ts';
import { type Person, remember, type Visit } from '../headless.visit.ts';
import { isAlive, type SentCode, sentCodeIn } from '../sent.code.ts';
import { isByCode } from './verification.courier.ts';
import { rulesOf } from './verification.rules.ts';

/** A code for an address that waits to come back. */
export type Verification = {
  /** Whose address it is to be; undefined for nobody. */
  readonly user: number | undefined;
  readonly email: string;
  readonly sent: SentCode;
} & (
  | { readonly kind: 'login'; readonly isSignup: boolean }
  /** Whoever is signed in adds an address, or shows that they read one. */
  | { readonly kind: 'account'; readonly person: Person }
);

const STAGE = 'verify_email';
const SLOT = 'verify_email';

/** The code that waits; undefined for none, and for one that is too old. */
export function verificationOf({ pipeline }: HeadlessParts, visit: Visit): Verification | undefined {
  if (!isByCode(visit)) return undefined;
  const { person, state } = visit;
  const login = person === undefined ? pipeline.waiting(visit, STAGE) : undefined;
  const sent = sentCodeIn(person === undefined ? login?.memory[STAGE] : state.slots[SLOT]);
  if (sent?.email === undefined || !isAlive(sent, rulesOf(visit), visit)) return undefined;
  const { email } = sent;
  if (person !== undefined) return { kind: 'account', user: person.pk, email, sent, person };
  return login && { kind: 'login', user: login.user, email, sent, isSignup: login.isSignup };
}

/** Remembers the code of whoever is signed in; undefined forgets it. */
export function rememberVerification(visit: Visit, sent: SentCode | undefined): void {
  remember(visit, SLOT, sent);
}

/** What waits is another code from now on, or none any more. */
export function changeVerification(
  { pipeline }: HeadlessParts,
  visit: Visit,
  { kind }: Verification,
  sent: SentCode | undefined,
): void {
  if (kind === 'account') rememberVerification(visit, sent);
  else if (sent === undefined) pipeline.abandon(visit);
  else pipeline.note(visit, sent);
}
