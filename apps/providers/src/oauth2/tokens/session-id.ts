import { createHmac } from 'node:crypto';
import { deriveKey } from '@postern/database';

/**
 * The `sid` of a session, as one client knows it: OpenID Connect Back-Channel Logout, section 2.1. Clients cannot tell from it that they share a
 * session, and it opens nothing: the key of the session stays here.
 */
export type SessionIds = (session: string, provider: number) => string;

/** Creates the ids of sessions. A grant keeps the one that it was given with, so that a rotated secret changes no id that a client knows. */
export function createSessionIds(secrets: readonly string[]): SessionIds {
  const [secret] = secrets;
  if (secret === undefined) throw new TypeError('ids of sessions need a secret');
  const key = deriveKey(secret, 'oauth2.session_id');
  return (session, provider) => createHmac('sha256', key).update(`${provider}\0${session}`).digest('base64url');
}
