import { enableTenancy, type Migration, TENANT_COLUMNS } from '@postern/database';

/** Which events make notifications. */
export const RULE_TABLES: readonly Migration[] = [
  {
    name: 'tasks/0106-notification-rules',
    up: [
      `create table notification_rule (${TENANT_COLUMNS},
        name text not null,
        transports uuid[] not null default '{}',
        severity text not null default 'notice',
        group_pk uuid,
        constraint notification_rule__name unique (tenant_id, name))`,
      ...enableTenancy('notification_rule'),
      'create index notification_rule__group on notification_rule (tenant_id, group_pk)',
    ],
  },
];
