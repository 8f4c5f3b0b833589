import { createHash } from 'node:crypto';

/** What tells a session from all others and opens none: what a plan keeps may be looked at, and a plan can be opened elsewhere by a link. */
export function sessionMark(session: string): string {
  return createHash('sha256').update(`postern passkey ${session}`).digest('base64url');
}
