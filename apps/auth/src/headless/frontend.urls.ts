import type { auth } from '@postern/proto';

/** The pages of a front end that mails and redirects lead to, and where Postern has its own. */
const PAGES = {
  account_confirm_email: '/account/verify-email/{key}',
  account_reset_password: '/account/password/reset',
  account_reset_password_from_key: '/account/password/reset/key/{key}',
  account_signup: '/account/signup',
  socialaccount_login_error: '/account/provider/callback',
} as const;

/** One of those pages. */
export type FrontendPage = keyof typeof PAGES;

/** Where the page of a path without a host is. */
export type Site = { readonly scheme: string; readonly host: string };

/**
 * The address of a page. The key is escaped as a query wants it behind the question mark, and as a path wants it before.
 *
 * @param site the host that links may lead to, as `siteOf` of the engine tells; not simply the one that was asked
 */
export function frontendUrl(
  { frontend_urls }: Pick<auth.HeadlessSettings, 'frontend_urls'>,
  { scheme, host }: Site,
  page: FrontendPage,
  key = '',
): string {
  const pattern = frontend_urls[page] || PAGES[page];
  const [before = '', ...after] = pattern.split('?');
  const path = before.replaceAll('{key}', encodeURIComponent(key));
  const query = after.map((part) => `?${part.replaceAll('{key}', formEncoded(key))}`).join('');
  // Whoever asks by gRPC may have come to no host: the path says enough then.
  const base = scheme === '' || host === '' ? undefined : `${scheme}://${host}/`;
  return URL.canParse(`${path}${query}`, base) ? new URL(`${path}${query}`, base).href : `${path}${query}`;
}

function formEncoded(key: string): string {
  return new URLSearchParams({ key }).toString().slice('key='.length);
}
