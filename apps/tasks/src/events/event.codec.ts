import { isIP } from 'node:net';
import type { Allowed, PlainRow } from '@postern/database';
import { invalidField } from '@postern/errors';
import type { tasks } from '@postern/proto';
import type { EventEntity } from './event.entity.ts';

const YEAR_MS = 365 * 24 * 3600 * 1000;

/** A row, as the API shows it. */
export function encodeEvent(row: PlainRow<EventEntity>): tasks.Event {
  return {
    pk: row.pk,
    user: row.user,
    action: row.action,
    app: row.app,
    context: row.context,
    client_ip: row.clientIp ?? undefined,
    created: row.created.toISOString(),
    expires: row.expires.toISOString(),
    brand: row.brand,
  };
}

/** Fields that a caller may set. A year is what an event lives when nobody says otherwise. */
export function eventFields(now: Date): Allowed<EventEntity, tasks.Event> {
  return {
    action: 'action',
    app: 'app',
    user: (event, value) => Object.assign(event, { user: value ?? {} }),
    context: (event, value) => Object.assign(event, { context: value ?? {} }),
    brand: (event, value) => Object.assign(event, { brand: value ?? {} }),
    client_ip: (event, value) => Object.assign(event, { clientIp: value ?? null }),
    expires: (event, value) =>
      Object.assign(event, { expires: value ? new Date(value) : new Date(now.getTime() + YEAR_MS) }),
  };
}

/** Throws a field error for an address that is none. */
export function requireAddress({ client_ip }: Pick<tasks.Event, 'client_ip'>): void {
  if (client_ip === undefined || isIP(client_ip) !== 0) return;
  throw invalidField('client_ip', 'Enter a valid IPv4 or IPv6 address.', 'CLIENT_IP_INVALID');
}
