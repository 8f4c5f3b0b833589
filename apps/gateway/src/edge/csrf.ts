import { timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { gatewayErrors } from '../errors/index.ts';
import type { Origin } from './client.address.ts';

/** Cookie that holds the token; pages read it, so it is not HttpOnly. */
export const CSRF_COOKIE = 'authentik_csrf';

const HEADER = 'x-authentik-csrf';
const SAFE = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE']);

/** What the CSRF rule looks at. */
export type CsrfRequest = {
  readonly method: string;
  readonly headers: IncomingHttpHeaders;
  readonly cookies: Readonly<Record<string, string | undefined>>;
  readonly origin: Origin;
};

/**
 * Lets a request that is authenticated by cookie pass, or throws CSRF_FAILED: an unsafe method needs an Origin of ours
 * (over HTTPS without Origin: a Referer of ours) and the token of the cookie in a header.
 */
export function requireCsrf({ method, headers, cookies, origin }: CsrfRequest, trusted: ReadonlySet<string>): void {
  if (SAFE.has(method)) return;
  const problem = originProblem(headers, origin, trusted) ?? tokenProblem(cookies[CSRF_COOKIE], headers[HEADER]);
  if (problem) throw gatewayErrors.CSRF_FAILED({ problem });
}

function originProblem(headers: IncomingHttpHeaders, { scheme, host }: Origin, trusted: ReadonlySet<string>) {
  const own = `${scheme}://${host}`;
  const isOurs = (origin: string) => origin === own || trusted.has(origin);
  const { origin, referer } = headers;
  if (origin !== undefined)
    return isOurs(origin) ? undefined : `Origin checking failed - ${origin} does not match any trusted origins.`;
  if (scheme !== 'https') return undefined;
  if (!referer) return 'Referer checking failed - no Referer.';
  if (!URL.canParse(referer)) return 'Referer checking failed - Referer is malformed.';
  return isOurs(new URL(referer).origin)
    ? undefined
    : `Referer checking failed - ${referer} does not match any trusted origins.`;
}

function tokenProblem(cookie: string | undefined, header: string | string[] | undefined): string | undefined {
  if (!cookie) return 'CSRF cookie not set.';
  if (!header) return 'CSRF token missing.';
  return typeof header === 'string' && isEqual(cookie, header)
    ? undefined
    : "CSRF token from the 'X-Authentik-Csrf' HTTP header incorrect.";
}

function isEqual(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}
