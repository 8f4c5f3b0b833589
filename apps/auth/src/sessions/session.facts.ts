import { actorOf, defineEvent, type EventContext, type Fact, fact, redactQuery } from '@postern/messaging';
import { auth, type directory, type events } from '@postern/proto';
import type { FlowRequest, JsonObject, JsonValue } from '../plans/index.ts';
import { isJsonObject } from '../plans/index.ts';
import type { EndedSession } from './session.repository.ts';

/** Somebody signed in. */
export const SESSION_CREATED = defineEvent('auth.v1.session.created', auth.SessionCreated);
/** A session is over, before its time or by itself. */
export const SESSION_ENDED = defineEvent('auth.v1.session.ended', auth.SessionEnded);

/** Why a session is over. */
export type EndReason =
  | 'logout'
  | 'replaced'
  | 'other_sign_in'
  | 'deleted'
  | 'password_set'
  | 'user_deactivated'
  | 'expired';

/** A session ended. */
export function sessionEnded({ key, pk, user }: EndedSession, reason: EndReason): Fact {
  return fact(SESSION_ENDED, { session: key, uuid: pk, user: { ...user, path: '' }, reason });
}

/** Where a sign-in or sign-out came from. */
export function sessionContext(
  tenant: string,
  user: Pick<directory.UserFacts, 'pk' | 'uuid' | 'username' | 'name' | 'email'>,
  client: FlowRequest['client'],
): EventContext {
  return {
    tenant,
    actor: actorOf({ kind: 'user', user, via: 'session' }),
    client: clientOf(client),
    requestId: client.requestId,
  };
}

function clientOf({
  address,
  userAgent,
  host,
  method = '',
  path = '',
  query = '',
}: FlowRequest['client']): events.Client {
  const parameters = [...new URLSearchParams(redactQuery(query))].map(([name, value]) => [
    name,
    SECRET.test(name) ? MASK : value,
  ]);
  return { address, user_agent: userAgent, method, path, query: Object.fromEntries(parameters), host };
}

const SECRET = /api|token|key|secret|pass|signature|code/i;
const MASK = '********************';

/** Details of a sign-in without what could be used again: values under names that smell of secrets become asterisks. */
export function masked(details: JsonObject): { [name: string]: JsonValue } {
  return Object.fromEntries(Object.entries(details).map(([name, value]) => [name, maskedValue(name, value)]));
}

function maskedValue(name: string, value: JsonValue): JsonValue {
  if (isJsonObject(value)) return masked(value);
  if (Array.isArray(value)) return value.map((one: JsonValue) => maskedValue(name, one));
  return SECRET.test(name) ? MASK : value;
}
