import { frontendUrl } from '../frontend.urls.ts';
import type { HeadlessEngine } from '../headless.parts.ts';
import type { Visit } from '../headless.visit.ts';
import type { Process } from './social.state.ts';

/** What the page of a front end is told that somebody was sent back to. */
export type SocialError =
  | 'unknown'
  | 'cancelled'
  | 'denied'
  | 'reauthentication_required'
  | 'signup_closed'
  | 'permission_denied'
  | 'connected_other';

/**
 * Where a browser may be sent back to: a page of ours, or of an origin that the tenant trusts. Undefined for anywhere else. What is ours stays a path.
 *
 * @param given a path or an address, as a form says it
 */
export function allowedAddress(
  {
    client,
    settings,
  }: {
    readonly client: Pick<Visit['client'], 'scheme' | 'host'>;
    readonly settings: Pick<Visit['settings'], 'trusted_origins'>;
  },
  given: string,
): string | undefined {
  const own = `${client.scheme}://${client.host}`;
  if (given === '' || !URL.canParse(given, own)) return undefined;
  const url = new URL(given, own);
  // A `blob:` has the origin that it was made in, and a path of its own.
  const isWeb = url.protocol === 'https:' || url.protocol === 'http:';
  if (!isWeb || url.username !== '' || url.password !== '') return undefined;
  // What was parsed is what counts: a browser reads backslashes, tabs and two slashes in its own way.
  if (url.origin === own) return `${url.pathname}${url.search}${url.hash}`.replace(/^\/+/, '/');
  return settings.trusted_origins.includes(url.origin) ? url.href : undefined;
}

/** The same address, with what went wrong in its query. */
export function withError(address: string, error: SocialError, process: Process): string {
  const [before = '', fragment] = address.split(/#(.*)/s);
  const problem = new URLSearchParams({ error, error_process: process });
  return `${before}${before.includes('?') ? '&' : '?'}${problem}${fragment === undefined ? '' : `#${fragment}`}`;
}

/** The page for what nobody can be sent back from. */
export function errorPage({ siteOf }: Pick<HeadlessEngine, 'siteOf'>, visit: Visit): string {
  return withError(frontendUrl(visit.settings, siteOf(visit), 'socialaccount_login_error'), 'unknown', 'login');
}
