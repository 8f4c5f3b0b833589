import type { JsonObject, JsonValue } from './json.ts';

/**
 * Whom the flow is about. `account` is somebody who exists; `unknown` is what a visitor typed when nobody answers to it:
 * it passes through the same stages with the same answers, and can never sign in.
 */
export type PendingUser =
  | {
      readonly kind: 'account';
      readonly pk: number;
      readonly uuid: string;
      readonly username: string;
      /** Backend that proved the password in this plan; absent until then. */
      readonly backend?: string;
    }
  | { readonly kind: 'unknown'; readonly username: string };

/** One scope or permission that a person is asked to grant. */
export type Permission = { readonly id: string; readonly name: string };

/** The link that a plan was restored by. */
export type RestoredBy = {
  /** Key of the account that the link was made for. */
  readonly user: number;
  /** Name of the link. */
  readonly identifier: string;
  /** The one step that the link passes; unset for a link that passes every step that waits for one. */
  readonly step?: string;
};

/** A passkey that was proved on the way into a flow. Good for one stage, once, in the session in which it was proved. */
export type PasskeyProof = {
  /** Key of the account. */
  readonly user: number;
  /** Key of the device. */
  readonly device: number;
  /** What was demanded of it. */
  readonly verification: 'required' | 'preferred' | 'discouraged';
  /** Hash of the session's key. */
  readonly session: string;
  /** When, in milliseconds since 1970. */
  readonly at: number;
};

/** The application somebody is on the way to. */
export type PendingApplication = { readonly pk: string; readonly name: string; readonly slug: string };

/**
 * What the stages of a plan tell each other. No key ever holds a secret in clear: a new password travels as its hash
 * (`new_password_hash`), and what an identification or password stage reads is checked at once and forgotten.
 */
export type PlanContext = {
  readonly pending_user?: PendingUser;
  /** Text to show instead of the user's name. */
  readonly pending_user_identifier?: string;
  /** The text gives way to the user's name once a password was proved. */
  readonly identifier_until_proved?: boolean;
  /** The plan was made by a source or a protocol. */
  readonly is_sso?: boolean;
  /** Where to go when the plan is done; set by services only, so it beats `next` and may be absolute. */
  readonly redirect?: string;
  /** Where a policy sends the browser after the stage that it guards. Taken out when it becomes a step of the plan. */
  readonly redirect_next?: string;
  readonly application?: PendingApplication;
  readonly source?: JsonObject;
  /** The plan was opened by a link. Set by the engine alone. */
  readonly is_restored?: RestoredBy;
  /** What prompts collected, password fields left out. */
  readonly prompt_data?: { readonly [key: string]: JsonValue };
  /** Encoded hash of the password that a prompt collected. */
  readonly new_password_hash?: string;
  /** The password may only be set while the account has none. */
  readonly first_password_only?: boolean;
  readonly user_backend?: string;
  readonly auth_method?: string;
  readonly auth_method_args?: JsonObject;
  /** Set by a hand-over alone; taken out by the stage that it satisfies. */
  readonly passkey_proof?: PasskeyProof;
  readonly consent_header?: string;
  readonly consent_permissions?: readonly Permission[];
  /** Ask for consent whatever was granted before. */
  readonly consent_always?: boolean;
  /** Ids of the permissions consented to in this plan. */
  readonly consented?: readonly string[];
  /** An invitation stage was passed by an invitation. */
  readonly invitation_in_effect?: boolean;
  /** The invitation; `single_use` while it waits to be used up. */
  readonly invitation?: { readonly pk: string; readonly name: string; readonly single_use: boolean };
  readonly groups?: readonly string[];
  readonly user_path?: string;
  readonly user_type?: string;
  readonly deny_message?: string;
  /** Where an e-mail stage sends its mail, in place of the user's own address. */
  readonly email?: string;
};

/** Changes to a context: `undefined` removes the key. */
export type ContextPatch = { readonly [K in keyof PlanContext]?: PlanContext[K] | undefined };

/** What says that the person of a plan is who they say they are. */
const PROOFS: ContextPatch = {
  auth_method: undefined,
  auth_method_args: undefined,
  user_backend: undefined,
  first_password_only: undefined,
};

/** The context after a change. Once a plan is about somebody else, what was proved before proves nothing. */
export function mergeContext(context: PlanContext, patch: ContextPatch | undefined): PlanContext {
  if (patch === undefined) return context;
  const isSomebodyElse = patch.pending_user !== undefined && keyOf(patch.pending_user) !== keyOf(context.pending_user);
  return { ...context, ...(isSomebodyElse ? PROOFS : {}), ...patch };
}

function keyOf(user: PendingUser | undefined): number | undefined {
  return user?.kind === 'account' ? user.pk : undefined;
}
