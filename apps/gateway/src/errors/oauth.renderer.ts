import type { PosternError } from '@postern/errors';
import { retryAfter } from './api.renderer.ts';
import type { Renderer } from './rendered.ts';
import { statusOf } from './status.http.ts';

/** Errors of token endpoints (RFC 6749, section 5.2) and of protected resources (RFC 6750, section 3.1). */
export const renderOauthError: Renderer = (error, { hasAuthorization }) => {
  const code = codeOf(error);
  const status = oauthStatus(code, error);
  const headers: Record<string, string> = {
    'content-type': 'application/json',
    'cache-control': 'no-store',
    pragma: 'no-cache',
    ...retryAfter(error),
    ...challenge(code, error, hasAuthorization === true),
  };
  const body = { error: code, error_description: descriptionOf(error) };
  return { status, headers, body: JSON.stringify(body) };
};

const GENERIC: Readonly<Record<string, string>> = {
  UNAVAILABLE: 'temporarily_unavailable',
  DEADLINE_EXCEEDED: 'temporarily_unavailable',
  RESOURCE_EXHAUSTED: 'temporarily_unavailable',
  INTERNAL: 'server_error',
  UNKNOWN: 'server_error',
  DATA_LOSS: 'server_error',
};

/** Reasons of a provider are the protocol's codes in upper case; a generic reason becomes the nearest code. */
function codeOf({ reason, code, domain }: PosternError): string {
  const isGeneric = domain === 'postern' || domain === 'gateway' || reason === '';
  return isGeneric ? (GENERIC[code] ?? 'invalid_request') : reason.toLowerCase();
}

function oauthStatus(code: string, error: PosternError): number {
  if (code === 'invalid_client' || code === 'invalid_token') return 401;
  if (code === 'insufficient_scope' || code === 'access_denied') return 403;
  const status = statusOf(error);
  return status >= 500 || status === 405 || status === 413 || status === 415 || status === 429 ? status : 400;
}

function challenge(code: string, error: PosternError, hasAuthorization: boolean): Record<string, string> {
  if (code === 'invalid_client') return hasAuthorization ? { 'www-authenticate': 'Basic realm="postern"' } : {};
  if (code !== 'invalid_token' && code !== 'insufficient_scope') return {};
  const parts = [`error="${code}"`, `error_description="${descriptionOf(error)}"`];
  if (error.metadata.scope) parts.push(`scope="${ascii(error.metadata.scope)}"`);
  // RFC 9449, section 7.1: a token that is bound to a key is asked for by another scheme.
  return { 'www-authenticate': `${error.metadata.scheme === 'DPoP' ? 'DPoP' : 'Bearer'} ${parts.join(', ')}` };
}

function descriptionOf({ message, violations }: PosternError): string {
  const [first] = violations;
  return ascii(first ? `${first.field}: ${first.description}` : message);
}

/** The characters that RFC 6749, section 5.2 allows in a description: they are also safe within a header. */
function ascii(text: string): string {
  return text.replaceAll(/["\\]/g, "'").replaceAll(/[^\x20-\x7e]/g, '?');
}
