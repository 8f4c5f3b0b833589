import type { PlainRow } from '@postern/database';
import type { tasks } from '@postern/proto';
import { type EventEntity, encodeEvent } from '../events/index.ts';
import type { NotificationEntity } from './notification.entity.ts';

/** A notification in the contract's words, with its event as long as that is kept. */
export function encodeNotification(
  row: PlainRow<NotificationEntity>,
  events: ReadonlyMap<string, PlainRow<EventEntity>>,
): tasks.Notification {
  const event = row.event ? events.get(row.event) : undefined;
  return {
    pk: row.pk,
    severity: row.severity,
    body: row.body,
    created: row.created.toISOString(),
    event: event && encodeEvent(event),
    seen: row.seen,
  };
}
