import { enableTenancy, type Migration, TENANT_COLUMNS } from '@postern/database';

/** Programs of webhooks. */
export const NOTIFICATION_MAPPING_MIGRATIONS: readonly Migration[] = [
  {
    name: 'tasks/0104-notification-mappings',
    up: [
      `create table notification_mapping (${TENANT_COLUMNS},
        name text not null,
        expression text not null,
        constraint notification_mapping__name unique (tenant_id, name))`,
      ...enableTenancy('notification_mapping'),
    ],
  },
];
