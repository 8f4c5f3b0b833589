import { enableTenancy, type Migration, TENANT_COLUMNS } from '@postern/database';

/** The blueprints of tenants. */
export const INSTANCE_MIGRATIONS: readonly Migration[] = [
  {
    name: 'tasks/0110-blueprint-instances',
    up: [
      `create table blueprint_instance (${TENANT_COLUMNS},
        name text not null,
        path text not null default '',
        credentials text not null,
        content text not null,
        context jsonb not null default '{}',
        enabled boolean not null default true,
        metadata jsonb not null default '{}',
        status text not null default 'unknown',
        last_applied timestamptz not null,
        last_applied_hash text not null default '',
        constraint blueprint_instance__name unique (tenant_id, name))`,
      ...enableTenancy('blueprint_instance'),
      'create index blueprint_instance__path on blueprint_instance (tenant_id, path)',
    ],
  },
];
