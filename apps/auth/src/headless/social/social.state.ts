import { isJsonObject, type JsonObject } from '../../plans/index.ts';
import { remember, secondsOf, type Visit } from '../headless.visit.ts';

/** What to do with whoever comes back. */
export const PROCESSES = ['login', 'connect'] as const;
export type Process = (typeof PROCESSES)[number];

/** Who somebody is at an identity provider. */
export type Identity = {
  /** Key of the source. */
  readonly source: string;
  readonly uid: string;
  readonly email: string;
  readonly email_verified: boolean;
  readonly username: string;
  readonly name: string;
  readonly claims: JsonObject;
};

/** Somebody was sent to an identity provider. */
export type Departure = {
  /** Slug of the source. */
  readonly provider: string;
  readonly process: Process;
  /** Where they go when they are back. */
  readonly next: string;
  /** What `providers` needs to know them again. */
  readonly sealed: string;
  /** Who was signed in; null for nobody. */
  readonly user: number | null;
  /** Epoch seconds. */
  readonly began: number;
};

/** Somebody new has to say more before they have an account. */
export type PendingSignup = { readonly identity: Identity; readonly began: number };

const DEPARTURES = 'provider_departures';
const SIGNUP = 'provider_signup';
/** So many may be under way at once, in other tabs; the oldest is forgotten. */
const MOST = 10;

/** Notes that somebody is sent away; `state` comes back with them. */
export function noteDeparture(visit: Visit, state: string, departure: Departure): void {
  const others = Object.entries(visit.state.slots[DEPARTURES] ?? {}).slice(1 - MOST);
  remember(visit, DEPARTURES, { ...Object.fromEntries(others), [state]: departure });
}

/** Whoever comes back with this state; it works once. */
export function takeDeparture(visit: Visit, state: string): Departure | undefined {
  const known: JsonObject = visit.state.slots[DEPARTURES] ?? {};
  const { [state]: found, ...others } = known;
  if (!Object.hasOwn(known, state) || !isDeparture(found)) return undefined;
  remember(visit, DEPARTURES, Object.keys(others).length === 0 ? undefined : others);
  return found;
}

/** The sign-up that waits, unless it has waited too long. */
export function pendingSignup({ state: { slots }, settings, now }: Visit): PendingSignup | undefined {
  const found = slots[SIGNUP];
  return isPendingSignup(found) && found.began + settings.login_timeout > secondsOf(now) ? found : undefined;
}

/** Lets the sign-up of somebody new wait; undefined forgets it. */
export function waitForSignup(visit: Visit, identity: Identity | undefined): void {
  remember(visit, SIGNUP, identity && { identity, began: secondsOf(visit.now) });
}

// What a session holds was written here and is sealed: it has to be told apart from nothing only.
function isDeparture(value: unknown): value is Departure {
  return isJsonObject(value) && typeof value.sealed === 'string';
}

function isPendingSignup(value: unknown): value is PendingSignup {
  return isJsonObject(value) && isJsonObject(value.identity);
}
