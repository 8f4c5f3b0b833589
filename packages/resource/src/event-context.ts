import { actorOf, type EventContext, redactQuery } from '@postern/messaging';
import type { events } from '@postern/proto';
import type { Call, ClientInfo } from '@postern/rpc';

/** Query parameters whose values no event may keep. */
const SECRET = /api|token|key|secret|pass|signature|code|assertion|session/i;
const MASK = '********************';

/** Who and where a fact comes from: the caller and the client of the call that caused it. A change set says who wanted it. */
export function eventContext({ context }: Pick<Call, 'context'>): EventContext {
  const { tenant, principal, client, requestId, changeSet } = context;
  return {
    tenant,
    actor: actorOf(changeSet?.actor ?? principal),
    client: client.path === '' ? undefined : clientOf(client),
    requestId,
  };
}

function clientOf({ address, userAgent, method, path, query, host }: ClientInfo): events.Client {
  const parameters = [...new URLSearchParams(redactQuery(query))].map(([name, value]) => [
    name,
    SECRET.test(name) ? MASK : value,
  ]);
  return { address, user_agent: userAgent, method, path, query: Object.fromEntries(parameters), host };
}
