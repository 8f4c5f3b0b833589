import { createHash } from 'node:crypto';
import { gatewayErrors } from '../errors/index.ts';

/** What a caller presents. */
export type Credential =
  | { readonly kind: 'none' }
  | { readonly kind: 'bearer'; readonly value: string }
  | { readonly kind: 'session'; readonly value: string };

/** Cookie that holds the session. */
export const SESSION_COOKIE = 'authentik_session';

/** Which credentials an operation looks at: the names of `postern.api.v1.Credentials`. */
export type CredentialMode = 'bearer-or-session' | 'session' | 'none';

const NONE: Credential = { kind: 'none' };
// Longer than any token that anyone issues; what is longer is not worth a call.
const LONGEST = 8192;

/**
 * Finds the credential of a request. An Authorization header goes before the cookie, also when it is wrong; a header of
 * one word counts as absent. Throws UNSUPPORTED_AUTHENTICATION for any scheme but Bearer.
 */
export function credentialOf(
  mode: CredentialMode,
  authorization: string | undefined,
  cookie: string | undefined,
): Credential {
  if (mode === 'none') return NONE;
  const header = mode === 'session' ? '' : (authorization ?? '').trim();
  const space = header.indexOf(' ');
  if (space > 0) {
    if (header.slice(0, space).toLowerCase() !== 'bearer') throw gatewayErrors.UNSUPPORTED_AUTHENTICATION();
    return { kind: 'bearer', value: header.slice(space + 1).trim() };
  }
  return cookie && cookie.length <= LONGEST ? { kind: 'session', value: cookie } : NONE;
}

/** A name for a credential that is safe to keep. */
export function fingerprint(tenant: string, credential: Exclude<Credential, { kind: 'none' }>): string {
  return createHash('sha256').update(`${tenant}\0${credential.kind}\0${credential.value}`).digest('base64url');
}
