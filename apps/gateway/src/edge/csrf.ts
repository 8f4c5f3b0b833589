import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { gatewayErrors } from '../errors/index.ts';
import type { Origin } from './client.address.ts';

/** Cookie that holds the token; pages read it, so it is not HttpOnly. */
export const CSRF_COOKIE = 'authentik_csrf';

/** Where a family of operations has its token: the cookie that pages read, the header that they send it back in, and what messages call it. */
export type CsrfNames = { readonly cookie: string; readonly header: string; readonly shown: string };

const CSRF: CsrfNames = { cookie: CSRF_COOKIE, header: 'x-authentik-csrf', shown: 'X-Authentik-Csrf' };

/** Those of the headless sign-in API. */
export const HEADLESS_CSRF: CsrfNames = { cookie: 'csrftoken', header: 'x-csrftoken', shown: 'X-Csrftoken' };

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
  const problem = originProblem(headers, origin, trusted) ?? tokenProblem(cookies, headers, names);
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

/** Gives a browser that has none the token of the headless sign-in API, for a year. */
export function giveHeadlessToken({ cookies, edge }: FastifyRequest, reply: FastifyReply): void {
  if (cookies[HEADLESS_CSRF.cookie]) return;
  const secure = edge.origin.scheme === 'https';
  const token = randomBytes(24).toString('base64url');
  reply.setCookie(HEADLESS_CSRF.cookie, token, { path: '/', sameSite: 'lax', secure, maxAge: 31_449_600 });
}
