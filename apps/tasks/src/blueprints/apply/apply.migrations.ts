import { enableTenancy, type Migration } from '@postern/database';

/** What applying blueprints keeps: commits that are not finished, and hashes of values that cannot be read again. */
export const APPLY_MIGRATIONS: readonly Migration[] = [
  {
    name: 'tasks/0112-blueprint-applications',
    up: [
      `create table blueprint_commitment (
        id uuid not null,
        tenant_id uuid not null default current_setting('postern.tenant')::uuid,
        document text not null,
        apps text not null,
        created timestamptz not null default now(),
        primary key (tenant_id, id)
      )`,
      ...enableTenancy('blueprint_commitment'),
      `create table blueprint_value (
        tenant_id uuid not null default current_setting('postern.tenant')::uuid,
        model text not null,
        object_key text not null,
        field text not null,
        mac text not null,
        primary key (tenant_id, model, object_key, field)
      )`,
      ...enableTenancy('blueprint_value'),
    ],
  },
];
