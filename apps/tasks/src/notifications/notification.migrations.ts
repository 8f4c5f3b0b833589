import { enableTenancy, type Migration, sweptTable, TENANT_COLUMNS } from '@postern/database';

/** What people are told. */
export const NOTIFICATION_MIGRATIONS: readonly Migration[] = [
  {
    name: 'tasks/0107-notifications',
    up: [
      `create table notification (${TENANT_COLUMNS},
        severity text not null,
        body text not null,
        event_pk uuid,
        user_pk integer not null,
        seen boolean not null default false)`,
      ...enableTenancy('notification'),
      ...sweptTable('notification', { column: 'created' }),
      'create index notification__reader on notification (tenant_id, user_pk, created desc, pk)',
      'create index notification__created on notification (tenant_id, created desc, pk)',
      'create index notification__event on notification (tenant_id, event_pk)',
    ],
  },
];
