import { enableTenancy, type Migration, TENANT_COLUMNS } from '@postern/database';

// Belongs to no tenant: whoever looks which tenants are behind asks one question for all of them.
const STANDING = 'create table blueprint_standing (tenant_id uuid primary key, state text not null)';

const FORGET_STANDING = `create function forget_standing() returns trigger language plpgsql as $$
begin
  execute format('update %I.blueprint_standing set state = '''' where tenant_id = $1', tg_table_schema)
    using coalesce(new.tenant_id, old.tenant_id);
  return null;
end $$`;

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
  {
    name: 'tasks/0160-blueprint-standing',
    up: [
      STANDING,
      FORGET_STANDING,
      `create trigger forget_standing after insert or delete or update of path, enabled on blueprint_instance
        for each row execute function forget_standing()`,
    ],
  },
];
