import type { Migration } from './migrate.ts';
import { enableTenancy } from './migration-sql.ts';
import { CURRENT_TENANT } from './tenancy.ts';

// Sixteen slots per tenant and table: transactions that count at once rarely wait for one another's row.
const COUNTER = `create table row_counter (
  tenant_id uuid not null default ${CURRENT_TENANT},
  relation text not null,
  slot smallint not null,
  total bigint not null,
  primary key (tenant_id, relation, slot)
)`;

const COUNT_ROWS = `create function count_rows() returns trigger language plpgsql as $$
begin
  execute format(
    'insert into %I.row_counter (tenant_id, relation, slot, total)
     select tenant_id, %L, %s, %s count(*) from changed group by tenant_id
     on conflict (tenant_id, relation, slot) do update set total = row_counter.total + excluded.total',
    tg_table_schema, tg_table_name, pg_backend_pid() & 15, tg_argv[0]);
  return null;
end $$`;

/** What every schema has, before the app's own migrations. */
export const BASE_MIGRATIONS: readonly Migration[] = [
  { name: 'postern/0001-row-counter', up: [COUNTER, ...enableTenancy('row_counter'), COUNT_ROWS] },
];
