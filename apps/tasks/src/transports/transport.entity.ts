import { defineEntity, type InferEntity, p, secret, tenantTable } from '@postern/database';

/** How a notification travels. */
export type TransportMode = 'local' | 'webhook' | 'webhook_slack' | 'email';

/** Name that is sealed into every address of a webhook. */
export const WEBHOOK_URL = 'notification_transport.webhook_url';

/** A way on which notifications travel. */
export const Transport = defineEntity({
  name: 'NotificationTransport',
  tableName: 'notification_transport',
  properties: {
    ...tenantTable(),
    name: p.text(),
    mode: p.text().$type<TransportMode>(),
    /** Sealed: whoever knows it may write into the channel behind it. */
    webhookUrl: secret(WEBHOOK_URL),
    /** Keyed digest of the address, so that it can be looked for; null where there is none. */
    webhookUrlDigest: p.text().nullable(),
    webhookMapping: p.uuid().nullable(),
    sendOnce: p.boolean().default(false),
  },
  uniques: [{ name: 'notification_transport__name', properties: ['tenant', 'name'] }],
});

export type TransportEntity = InferEntity<typeof Transport>;
