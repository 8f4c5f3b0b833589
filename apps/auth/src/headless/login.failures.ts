import { fact } from '@postern/messaging';
import type { DeviceClass } from '../devices/index.ts';
import { flowContext, LOGIN_FAILED } from '../flows/index.ts';
import { sessionContext } from '../sessions/index.ts';
import type { HeadlessEngine } from './headless.parts.ts';
import type { Effect, Visit } from './headless.visit.ts';

/** Somebody did not prove who they are. */
export type LoginFailure = {
  /** Whom they named, as they did; empty where nobody was named. */
  readonly username: string;
  /** What they gave for a password; only its length is told. */
  readonly password?: string;
  /** What they answered with, where it was no password. */
  readonly device?: DeviceClass;
};

const LONGEST_MASK = 32;

/** Tells of a failure as flows do: for the event log, and for whoever scores names and addresses. */
export function loginFailure(
  { outbox }: Pick<HeadlessEngine, 'outbox'>,
  visit: Visit,
  { username, password = '', device }: LoginFailure,
): Effect {
  const masked = '*'.repeat(Math.min(password.length, LONGEST_MASK));
  const told = fact(LOGIN_FAILED, {
    username,
    password: masked,
    stage: undefined,
    device_class: device ?? '',
    details: undefined,
  });
  return async (tx) => void (await outbox.record(tx, contextOf(visit), told));
}

function contextOf({ tenant, client, person }: Visit) {
  if (person) return sessionContext(tenant, person.standing.user, client);
  const { path: url = '', query = '' } = client;
  return flowContext({ tenant, client, slug: '', method: client.method === 'GET' ? 'GET' : 'POST', url, query });
}
