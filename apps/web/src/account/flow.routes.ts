import { hrefOf, type PageName, withNext } from './account.route.ts';
import type { Who } from './who.ts';

/** The page of each step that the API may ask for. */
const PAGES: ReadonlyMap<string, PageName> = new Map([
  ['login', 'login'],
  ['mfa_login_webauthn', 'login'],
  ['provider_redirect', 'login'],
  ['login_by_code', 'code-confirm'],
  ['signup', 'signup'],
  ['verify_email', 'verify-email'],
  ['verify_phone', 'verify-phone'],
  ['password_reset_by_code', 'reset-confirm'],
  ['provider_signup', 'provider-signup'],
  ['mfa_authenticate', 'second-factor'],
  ['mfa_trust', 'trust'],
  ['mfa_signup_webauthn', 'signup-passkey'],
  ['reauthenticate', 'reauthenticate'],
  ['mfa_reauthenticate', 'reauthenticate'],
]);

/** Where a step is taken. A step that these pages do not know has a page that says so, and leads back. */
export function pageOfFlow(id: string): PageName {
  return PAGES.get(id) ?? 'unknown-step';
}

/** Where a change of who is here leads; undefined to stay. */
export function placeAfter(before: Who, after: Who, next: string | undefined): string | undefined {
  if (after.user?.id !== before.user?.id) return after.user ? (next ?? hrefOf('home')) : hrefOf('login');
  const { pending } = after;
  if (!pending || pending.id === before.pending?.id) return undefined;
  return withNext(hrefOf(pageOfFlow(pending.id)), next);
}
