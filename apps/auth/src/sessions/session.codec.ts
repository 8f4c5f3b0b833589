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

/** A session without its key. Where addresses lie is not known here. */
export function encodeSession(session: PlainSession, current: string | undefined): auth.AuthenticatedSession {
  const { pk, key, user, lastIp, lastUserAgent, lastUsed, expires } = session;
  return {
    uuid: pk,
    current: key === current,
    user_agent: parseUserAgent(lastUserAgent),
    user,
    last_ip: lastIp,
    last_user_agent: lastUserAgent,
    last_used: lastUsed.toISOString(),
    expires: expires.toISOString(),
  };
}
