import type { EntityManager, PlainRow } from '@postern/database';
import { Event, type EventEntity } from '../events/index.ts';
import type { NotificationEntity } from './notification.entity.ts';

/** A notification to be stored. */
export type NewNotification = Pick<NotificationEntity, 'pk' | 'severity' | 'body' | 'event' | 'user'> & {
  created: Date;
};

/** The events that notifications are about, by key; those that are gone are left out. */
export async function eventsOf(
  em: EntityManager,
  keys: readonly (string | null | undefined)[],
): Promise<ReadonlyMap<string, PlainRow<EventEntity>>> {
  const pks = [...new Set(keys.filter((key) => typeof key === 'string'))];
  if (pks.length === 0) return new Map();
  const query = em.createQueryBuilder(Event).where({ pk: { $in: pks } });
  const rows = await query.execute<PlainRow<EventEntity>[]>('all');
  return new Map(rows.map((row) => [row.pk, row]));
}

/** Stores a notification, unless one with its key is there: a delivery that is repeated tells nobody twice. */
export async function storeNotification(em: EntityManager, one: NewNotification): Promise<void> {
  await em.execute(
    `insert into notification (pk, created, updated, severity, body, event_pk, user_pk) values (?, ?, ?, ?, ?, ?, ?)
     on conflict (pk) do nothing`,
    [one.pk, one.created, one.created, one.severity, one.body, one.event, one.user],
  );
}

/** Marks all that somebody was told as seen. */
export async function markAllSeen(em: EntityManager, user: number): Promise<void> {
  await em.execute('update notification set seen = true, updated = now() where user_pk = ? and not seen', [user]);
}

/** Deletes what was seen and what is about an event that is gone, so many at most; answers how many. */
export async function deleteStale(em: EntityManager, { limit }: { readonly limit: number }): Promise<number> {
  const rows = await em.execute<unknown[]>(
    `delete from notification where pk = any (array(
       select n.pk from notification n
       where seen or event_pk is null or not exists (select 1 from event e where e.pk = n.event_pk) limit ?))
     returning 1`,
    [limit],
  );
  return rows.length;
}
