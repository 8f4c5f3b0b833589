import { hash } from 'node:crypto';
import { gatewayErrors } from '../errors/index.ts';

/** What a caller presents. */
export type Credential =
  | { readonly kind: 'none' }
  | { readonly kind: 'bearer'; readonly value: string }
  /** User name and password, apart by the first colon. */
  | { readonly kind: 'basic'; readonly value: string }
  | { readonly kind: 'session'; readonly value: string }
  /** The secret of a session of the headless API. */
  | { readonly kind: 'session_id'; readonly value: string }
  /** The token of an app's session: a header, which no page of others can make a browser send. */
  | { readonly kind: 'session_token'; readonly value: string };

/** Cookie that holds the session. */
export const SESSION_COOKIE = 'authentik_session';
/** Cookie that holds the session of clients of the headless API and of the REST auth API. */
export const SESSION_ID_COOKIE = 'sessionid';

/** Values of cookies by name. */
export type Cookies = Readonly<Record<string, string | undefined>>;

/** Which credentials an operation looks at: the names of `postern.api.v1.Credentials`. */
export type CredentialMode = 'bearer-or-session' | 'session' | 'none' | 'rest' | 'headless';

const NONE: Credential = { kind: 'none' };
// Longer than any token that anyone issues; what is longer is not worth a call.
const LONGEST = 8192;

/**
 * Finds the credential of a request. A session token goes before an Authorization header, and that before the cookie, also when it is wrong;
 * an Authorization header of one word counts as absent. Throws UNSUPPORTED_AUTHENTICATION for any scheme but Bearer.
 */
export function credentialOf(
  mode: CredentialMode,
  authorization: string | undefined,
  cookies: Cookies,
  sessionToken: string | undefined,
): Credential {
  if (mode === 'none' || mode === 'headless') return NONE;
  if (mode === 'bearer-or-session' && sessionToken)
    return { kind: 'session_token', value: sessionToken.slice(0, LONGEST) };
  const named = mode === 'rest' ? restCredential(authorization ?? '') : undefined;
  if (named) return named;
  const header = mode === 'bearer-or-session' ? (authorization ?? '').trim() : '';
  const space = header.indexOf(' ');
  if (space > 0) {
    if (header.slice(0, space).toLowerCase() !== 'bearer') throw gatewayErrors.UNSUPPORTED_AUTHENTICATION();
    return { kind: 'bearer', value: header.slice(space + 1).trim() };
  }
  const own = mode === 'rest' ? cookies[SESSION_ID_COOKIE] : undefined;
  if (own && own.length <= LONGEST) return { kind: 'session_id', value: own };
  const cookie = cookies[SESSION_COOKIE];
  return cookie && cookie.length <= LONGEST ? { kind: 'session', value: cookie } : NONE;
}

/**
 * The credential of an Authorization header of the REST auth API; undefined for a scheme that it does not know, which counts as no header.
 * Throws CREDENTIAL_REFUSED for a header that says nothing.
 */
function restCredential(authorization: string): Credential | undefined {
  const [scheme = '', ...words] = authorization.trim().split(/\s+/);
  const kind = REST_SCHEMES[scheme.toLowerCase()];
  if (!kind) return undefined;
  const [value, more] = words;
  const name = kind === 'basic' ? 'basic' : 'token';
  if (value === undefined)
    throw gatewayErrors.CREDENTIAL_REFUSED({ problem: `Invalid ${name} header. No credentials provided.` });
  if (more !== undefined)
    throw gatewayErrors.CREDENTIAL_REFUSED({
      problem: `Invalid ${name} header. ${kind === 'basic' ? 'Credentials' : 'Token'} string should not contain spaces.`,
    });
  return kind === 'basic' ? { kind, value: userAndPassword(value) } : { kind, value };
}

const REST_SCHEMES: Readonly<Record<string, 'bearer' | 'basic'>> = {
  token: 'bearer',
  bearer: 'bearer',
  basic: 'basic',
};
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;

/** The text of a Basic header (RFC 7617, section 2). */
function userAndPassword(encoded: string): string {
  const text = BASE64.test(encoded) ? Buffer.from(encoded, 'base64').toString('utf8') : '';
  if (text.includes(':') && encoded.length <= LONGEST) return text;
  throw gatewayErrors.CREDENTIAL_REFUSED({
    problem: 'Invalid basic header. Credentials not correctly base64 encoded.',
  });
}

/** A name for a credential that is safe to keep. */
export function fingerprint(tenant: string, credential: Exclude<Credential, { kind: 'none' }>): string {
  return hash('sha256', `${tenant}\0${credential.kind}\0${credential.value}`, 'base64url');
}
