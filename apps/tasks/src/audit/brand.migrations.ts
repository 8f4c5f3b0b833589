import { enableTenancy, type Migration } from '@postern/database';

/** What the audit log keeps of brands, told by the directory: which hosts they serve, and how long events of those are kept. */
export const AUDIT_MIGRATIONS: readonly Migration[] = [
  {
    name: 'tasks/0014-brands-of-events',
    up: [
      `create table brand (
        tenant_id uuid not null default current_setting('postern.tenant')::uuid,
        pk uuid not null,
        name text not null,
        domain text not null,
        is_default boolean not null,
        retention_seconds double precision not null,
        primary key (tenant_id, pk)
      )`,
      ...enableTenancy('brand'),
    ],
  },
];
