import { defineEntity, type InferEntity, p, tenantTable } from '@postern/database';

/** What somebody is told. The same event, rule, transport and reader make the same key, so that a repeated delivery stores nothing new. */
export const Notification = defineEntity({
  name: 'Notification',
  tableName: 'notification',
  properties: {
    ...tenantTable(),
    severity: p.text().$type<'notice' | 'warning' | 'alert'>(),
    body: p.text(),
    /** Key of the event; the event may be gone. */
    event: p.uuid().nullable().name('event_pk'),
    /** Who is told. */
    user: p.integer().name('user_pk'),
    seen: p.boolean().default(false),
  },
});

export type NotificationEntity = InferEntity<typeof Notification>;
