/** What the flow executor shows, in the names of the wire (ChallengeTypes of the contract). */

import type { AuthenticatorChallenge } from './authenticator.types.ts';
import type { AppleChallenge, PlexChallenge, SourceChallenge } from './source.types.ts';

export type Layout = 'stacked' | 'content_left' | 'content_right' | 'sidebar_left' | 'sidebar_right';

export type FlowInfo = {
  readonly title: string;
  readonly background: string;
  readonly cancel_url: string;
  readonly layout: Layout;
};

/** Field name to messages; `non_field_errors` for the answer as a whole. Present, even empty, means "not passed". */
export type ResponseErrors = Readonly<Record<string, readonly { string: string; code: string }[]>>;

export type Shown = { readonly flow_info?: FlowInfo; readonly response_errors?: ResponseErrors };
export type WithUser = Shown & { readonly pending_user: string; readonly pending_user_avatar: string };

export type RedirectChallenge = Shown & { readonly component: 'xak-flow-redirect'; readonly to: string };
export type ShellChallenge = Shown & { readonly component: 'xak-flow-shell'; readonly body: string };

/** A way to sign in elsewhere. Without a challenge its kind is one that these pages cannot show. */
export type LoginSource = { readonly name: string; readonly icon_url?: string; readonly challenge?: SourceChallenge };

export type IdentificationChallenge = Shown & {
  readonly component: 'ak-stage-identification';
  readonly user_fields: readonly string[];
  readonly password_fields: boolean;
  readonly application_pre?: string;
  readonly enroll_url?: string;
  readonly recovery_url?: string;
  readonly passwordless_url?: string;
  readonly primary_action: string;
  readonly sources: readonly LoginSource[];
  readonly show_source_labels: boolean;
};

export type PasswordChallenge = WithUser & { readonly component: 'ak-stage-password'; readonly recovery_url?: string };

export type ConsentPermission = { readonly id: string; readonly name: string };

export type ConsentChallenge = WithUser & {
  readonly component: 'ak-stage-consent';
  readonly header_text?: string;
  readonly permissions: readonly ConsentPermission[];
  readonly additional_permissions: readonly ConsentPermission[];
  readonly token: string;
};

export type UserLoginChallenge = WithUser & { readonly component: 'ak-stage-user-login' };

export type PromptField = {
  readonly field_key: string;
  readonly label: string;
  readonly type: string;
  readonly required: boolean;
  readonly placeholder: string;
  readonly initial_value: string;
  readonly order: number;
  readonly sub_text: string;
  readonly choices: readonly string[];
};

export type PromptChallenge = Shown & {
  readonly component: 'ak-stage-prompt';
  readonly fields: readonly PromptField[];
};

export type AccessDeniedChallenge = WithUser & {
  readonly component: 'ak-stage-access-denied';
  readonly error_message?: string;
};

export type FlowErrorChallenge = Shown & {
  readonly component: 'ak-stage-flow-error';
  readonly request_id: string;
  readonly error?: string;
  readonly traceback?: string;
};

export type AutosubmitChallenge = Shown & {
  readonly component: 'ak-stage-autosubmit';
  readonly url: string;
  readonly attrs: Readonly<Record<string, string>>;
  readonly title?: string;
};

export type DummyChallenge = Shown & { readonly component: 'ak-stage-dummy' };

/** A mail is on its way; the link in it goes on. */
export type EmailChallenge = Shown & { readonly component: 'ak-stage-email' };

export type CaptchaChallenge = WithUser & {
  readonly component: 'ak-stage-captcha';
  readonly site_key: string;
  /** Address of the script that draws the captcha. */
  readonly js_url: string;
};

/** Asks for the code that another device shows. */
export type DeviceCodeChallenge = Shown & { readonly component: 'ak-provider-oauth2-device-code' };
/** The other device may go on. */
export type DeviceCodeFinishChallenge = Shown & { readonly component: 'ak-provider-oauth2-device-code-finish' };

/** A step that these pages have no form for. */
export type UnknownChallenge = Shown & { readonly component: 'unknown'; readonly name: string };

export type Challenge =
  | RedirectChallenge
  | ShellChallenge
  | IdentificationChallenge
  | PasswordChallenge
  | ConsentChallenge
  | UserLoginChallenge
  | PromptChallenge
  | AccessDeniedChallenge
  | FlowErrorChallenge
  | AutosubmitChallenge
  | DummyChallenge
  | EmailChallenge
  | CaptchaChallenge
  | DeviceCodeChallenge
  | DeviceCodeFinishChallenge
  | PlexChallenge
  | AppleChallenge
  | AuthenticatorChallenge
  | UnknownChallenge;

/** What a person answers: sent as JSON, together with the component it answers. */
export type Answer = Readonly<Record<string, string | number | boolean | null | object>>;
