import type { JsonObject } from '../plans/index.ts';

/** How somebody showed who they are, as answers tell it: `method`, `at` in seconds, and what belongs to the method. */
export type MethodRecord = JsonObject & { readonly method: string; readonly at: number };

/** Steps of a login that may wait for somebody, in their order. */
export const STAGES = [
  'login_by_code',
  'verify_phone',
  'verify_email',
  'mfa_authenticate',
  'mfa_trust',
  'mfa_signup_webauthn',
] as const;

/** One of those steps. */
export type StageId = (typeof STAGES)[number];

/** A login that is under way: nobody is signed in before its last step. */
export type Login = {
  /** Key of the user; undefined where nobody has what was typed, which nothing tells. */
  readonly user?: number;
  /** How they began: `password`, `code`, `password_reset`, `socialaccount`, `mfa` for a passkey; empty for a sign-up. */
  readonly by: string;
  /** The address, or the number, that they came by. */
  readonly email?: string;
  readonly phone?: string;
  /** They have just signed up. */
  readonly isSignup: boolean;
  /** Who would have signed up, had the address not been somebody's: with another address they may. */
  readonly applicant?: JsonObject | undefined;
  /** Epoch seconds. */
  readonly began: number;
  /** How they showed who they are until now. */
  readonly methods: readonly MethodRecord[];
  /** The step that waits. */
  readonly stage?: StageId;
  /** Steps that are over. */
  readonly passed: readonly StageId[];
  /** What steps remember, by their name. */
  readonly memory: Readonly<Partial<Record<StageId, JsonObject>>>;
};

/** What a session of a client holds. It is stored sealed. */
export type HeadlessState = {
  /** How whoever is signed in showed who they are. */
  readonly methods: readonly MethodRecord[];
  /** The login that waits. */
  readonly login?: Login | undefined;
  /** What the areas remember between two requests, by a name of theirs, such as `password_reset`. */
  readonly slots: Readonly<Record<string, JsonObject>>;
};

/** A session that has seen nothing. */
export const EMPTY_STATE: HeadlessState = { methods: [], slots: {} };

/** Whether there is nothing to keep. */
export function isEmpty({ methods, login, slots }: HeadlessState): boolean {
  return methods.length === 0 && login === undefined && Object.keys(slots).length === 0;
}
