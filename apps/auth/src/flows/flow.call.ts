import type { Call } from '@postern/rpc';
import type { FlowClient, Requester } from '../plans/index.ts';

/** Who is signed in to the browser session of a call. Any other credential signs nobody in to a flow. */
export function requesterOf({ context: { principal } }: Call): Requester | undefined {
  if (principal.kind !== 'user' || principal.via !== 'session') return undefined;
  const { impersonator, superuser } = principal;
  const { pk, uuid, username } = principal.user;
  return { pk, uuid, username, superuser, ...(impersonator && { impersonator }) };
}

/** Key of the browser session of a call. */
export function sessionOf({ context: { principal } }: Call): string | undefined {
  if (principal.kind === 'anonymous') return principal.session;
  return principal.kind === 'user' && principal.via === 'session' ? principal.session : undefined;
}

/** The browser behind a call. */
export function clientOf({ context: { client, requestId } }: Call): FlowClient {
  const { address, userAgent, scheme, host, method, path, query, cookies } = client;
  return { address, userAgent, scheme, host, requestId, method, path, query, cookies };
}
