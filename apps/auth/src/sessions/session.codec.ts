import type { Place } from '@postern/geo';
import type { auth } from '@postern/proto';
import { parseUserAgent } from './user-agent.codec.ts';

/** A session as lists hold it; its user by key. */
export type PlainSession = {
  readonly pk: string;
  readonly key: string;
  readonly user: number;
  readonly lastIp: string;
  readonly lastUserAgent: string;
  readonly lastUsed: Date;
  readonly expires: Date;
};

/** A session without its key, and where it was used last, as far as that is known. */
export function encodeSession(
  session: PlainSession,
  current: string | undefined,
  place: Place | undefined,
): auth.AuthenticatedSession {
  const { pk, key, user, lastIp, lastUserAgent, lastUsed, expires } = session;
  return {
    uuid: pk,
    current: key === current,
    user_agent: parseUserAgent(lastUserAgent),
    geo_ip: place && { ...place },
    user,
    last_ip: lastIp,
    last_user_agent: lastUserAgent,
    last_used: lastUsed.toISOString(),
    expires: expires.toISOString(),
  };
}
