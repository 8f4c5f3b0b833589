import { enableTenancy, type Migration, TENANT_COLUMNS } from '@postern/database';

/** Ways on which notifications travel. */
export const TRANSPORT_MIGRATIONS: readonly Migration[] = [
  {
    name: 'tasks/0105-notification-transports',
    up: [
      `create table notification_transport (${TENANT_COLUMNS},
        name text not null,
        mode text not null default 'local',
        webhook_url text not null,
        webhook_url_digest text,
        webhook_mapping uuid,
        send_once boolean not null default false,
        constraint notification_transport__name unique (tenant_id, name),
        constraint notification_transport__webhook_url check (mode in ('local', 'email') or webhook_url_digest is not null))`,
      ...enableTenancy('notification_transport'),
      'create index notification_transport__mapping on notification_transport (tenant_id, webhook_mapping)',
    ],
  },
];
