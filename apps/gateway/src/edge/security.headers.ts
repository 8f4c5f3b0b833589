import type { FastifyReply } from 'fastify';

/** What answers without a page of ours may do in a browser: nothing. */
const NO_PAGE = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

/** Headers of every answer; a service may have set another value before. */
const HEADERS: readonly (readonly [string, string])[] = [
  ['x-content-type-options', 'nosniff'],
  ['referrer-policy', 'same-origin'],
  ['x-powered-by', 'authentik'],
  ['content-security-policy', NO_PAGE],
];

/** Adds what the answer does not say yet. */
export function addSecurityHeaders(reply: FastifyReply, requestId: string): void {
  for (const [name, value] of HEADERS) if (!reply.hasHeader(name)) reply.header(name, value);
  if (!reply.hasHeader('x-frame-options')) reply.header('x-frame-options', 'DENY');
  reply.header('x-authentik-id', requestId);
  const vary = reply.getHeader('vary');
  const known = typeof vary === 'string' ? vary.split(/,\s*/) : Array.isArray(vary) ? vary : [];
  reply.header('vary', [...new Set([...known, 'Accept', 'Cookie'])].join(', '));
}

/**
 * The policy of our pages: scripts by nonce, no inline anything. `img-src https:` is for logos that an administrator
 * points elsewhere; `form-action` stays open because SAML's POST binding sends a form to the service provider.
 * Pages of flows may show frames of others and call them over HTTPS: a captcha and a Plex sign-in need it (decision 165).
 */
export function pagePolicy(nonce: string, { isFlow = false }: { isFlow?: boolean } = {}): string {
  const others = isFlow ? "'self' https:" : "'self'";
  return [
    "default-src 'none'",
    `script-src 'nonce-${nonce}' 'strict-dynamic'`,
    "style-src 'self'",
    "font-src 'self'",
    "img-src 'self' data: https:",
    `connect-src ${others}`,
    `frame-src ${others}`,
    "base-uri 'none'",
    "frame-ancestors 'self'",
    'form-action *',
  ].join('; ');
}
