import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { gatewayErrors } from '../errors/index.ts';
import type { Origin } from './client.address.ts';

/** Cookie that holds the token; pages read it, so it is not HttpOnly. */
export const CSRF_COOKIE = 'authentik_csrf';

/** Where a family of operations has its token: the cookie that pages read, the header that they send it back in, and what messages call it. */
export type CsrfNames = {
  readonly cookie: string;
  readonly header: string;
  readonly shown: string;
  /** Field of forms that holds the token where the header does not. Default: none. */
  readonly field?: string;
};

const CSRF: CsrfNames = { cookie: CSRF_COOKIE, header: 'x-authentik-csrf', shown: 'X-Authentik-Csrf' };

/** Those of the headless sign-in API. */
export const HEADLESS_CSRF = { cookie: 'csrftoken', header: 'x-csrftoken', shown: 'X-Csrftoken' } satisfies CsrfNames;
/** The same for what a page sends by a form, without a program. */
export const HEADLESS_FORM_CSRF = { ...HEADLESS_CSRF, field: 'csrfmiddlewaretoken' } satisfies CsrfNames;

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
export function requireCsrf(
  { method, headers, cookies, origin }: CsrfRequest,
  trusted: ReadonlySet<string>,
  names: CsrfNames = CSRF,
): void {
  if (SAFE.has(method)) return;
  // The token of a form is read with the form: `requireFormToken`.
  const isLater = names.field !== undefined && headers[names.header] === undefined && cookies[names.cookie];
  const problem =
    originProblem(headers, origin, trusted) ?? (isLater ? undefined : tokenProblem(cookies, headers, names));
  if (problem) throw gatewayErrors.CSRF_FAILED({ problem });
}

/** Lets a form pass that holds the token of the cookie, or that came with it in a header. Throws CSRF_FAILED. */
export function requireFormToken(
  { headers, cookies }: Pick<CsrfRequest, 'headers' | 'cookies'>,
  body: Buffer,
  { field, ...names }: CsrfNames & { readonly field: string },
): void {
  const sent = headers[names.header] ?? new URLSearchParams(body.toString('utf8')).get(field) ?? undefined;
  const problem = tokenProblem(cookies, { [names.header]: sent }, names);
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

function tokenProblem(
  cookies: CsrfRequest['cookies'],
  headers: IncomingHttpHeaders,
  names: CsrfNames,
): string | undefined {
  const [cookie, header] = [cookies[names.cookie], headers[names.header]];
  if (!cookie) return 'CSRF cookie not set.';
  if (!header) return 'CSRF token missing.';
  return typeof header === 'string' && isEqual(cookie, header)
    ? undefined
    : `CSRF token from the '${names.shown}' HTTP header incorrect.`;
}

function isEqual(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}

/** A new token: 192 bits. */
export function newCsrfToken(): string {
  return randomBytes(24).toString('base64url');
}
