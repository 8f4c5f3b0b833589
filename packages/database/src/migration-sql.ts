import { CURRENT_TENANT } from './tenancy.ts';

/** Columns that `tenantTable()` maps: put them first into a `create table`. */
export const TENANT_COLUMNS = `pk uuid primary key,
  tenant_id uuid not null default ${CURRENT_TENANT},
  created timestamptz not null default now(),
  updated timestamptz not null default now(),
  unique (tenant_id, pk)`;

/**
 * Puts a table under row-level security: only rows of the transaction's tenant can be seen or written, by the owner too. The
 * sub-select makes the setting a constant of the plan.
 */
export function enableTenancy(table: string): string[] {
  const own = `tenant_id = (select ${CURRENT_TENANT})`;
  return [
    `alter table ${quote(table)} enable row level security`,
    `alter table ${quote(table)} force row level security`,
    `create policy tenant on ${quote(table)} using (${own}) with check (${own})`,
  ];
}

/**
 * Lets the planner expect that all rows belong to one tenant, until it has counted them. Without a count it takes a tenant for a two hundredth of the
 * table, and rather reads all rows of "the few" than look for the few it is asked for; statements that are prepared keep to that. For tables that grow
 * by the thousand before their first count. It does nothing on servers before PostgreSQL 18.
 */
export function expectOneTenant(table: string): string {
  return expectation(table, 'tenant_id', '16', '1');
}

/**
 * Lets the planner expect that no two rows have the same value in this column, until it has counted them: that the pair with the tenant is unique
 * tells it nothing, where the tenant comes from a policy. Without it, it takes one of a few hundred values for a two hundredth of the table, and
 * joins by reading all rows of the other one. It does nothing on servers before PostgreSQL 18.
 */
export function expectUnique(table: string, column: string): string {
  return expectation(table, column, '32', '-1');
}

function expectation(table: string, column: string, width: string, distinct: string): string {
  const facts = `'attname', '${column}', 'inherited', false, 'null_frac', 0::real, 'avg_width', ${width}, 'n_distinct', ${distinct}::real`;
  return `do $do$ begin
    if current_setting('server_version_num')::int >= 180000 then
      perform pg_restore_attribute_stats('schemaname', current_schema()::text, 'relname', '${table}', ${facts});
    end if;
  end $do$`;
}

/** How a reference ends when the row it points to goes. */
export type ReferenceEnd = 'cascade' | 'set null' | 'restrict';

/**
 * A foreign key between two tables of tenants. It spans the tenant, because the database checks foreign keys without row-level
 * security: a plain one would let a tenant point at, and find out about, another tenant's rows.
 *
 * @param key column of the target that the target declares unique together with `tenant_id`
 */
export function reference(table: string, column: string, target: string, end: ReferenceEnd, key = 'pk'): string {
  const action = end === 'set null' ? `set null (${quote(column)})` : end;
  return `alter table ${quote(table)} add constraint ${quote(`${table}__${column}_fkey`)}
    foreign key (tenant_id, ${quote(column)}) references ${quote(target)} (tenant_id, ${quote(key)}) on delete ${action}`;
}

/**
 * An index that makes `icontains` and search fast on these columns. It does nothing where the server has no pg_trgm or btree_gin: searches
 * then read more rows.
 */
export function trigramIndex(table: string, columns: readonly string[]): string {
  const list = columns.map((column) => `${quote(column)} public.gin_trgm_ops`).join(', ');
  return `do $$ begin
    if (select count(*) from pg_extension where extname in ('pg_trgm', 'btree_gin')) = 2 then
      create index ${quote(`${table}__search`)} on ${quote(table)} using gin (tenant_id, ${list}) with (fastupdate = off);
    end if;
  end $$`;
}

/** An index that answers the filter on free-form properties (`attributes()`). Like those of searches it is there where the server has btree_gin. */
export function attributesIndex(table: string, column = 'attributes'): string {
  return `do $$ begin
    if exists (select from pg_extension where extname = 'btree_gin') then
      create index ${quote(`${table}__${column}`)} on ${quote(table)} using gin (tenant_id, ${quote(column)} jsonb_path_ops);
    end if;
  end $$`;
}

/**
 * Keeps the number of a tenant's rows of this table at hand, by statement triggers. For tables that grow large and whose lists are
 * read without a filter.
 */
export function countedTable(table: string): string[] {
  const counter = (event: string, rows: string, sign: string) =>
    `create trigger count_${event} after ${event} on ${quote(table)} referencing ${rows} table as changed
      for each statement execute function count_rows('${sign}')`;
  return [counter('insert', 'new', '+'), counter('delete', 'old', '-')];
}

/** Quotes a name for SQL. */
export function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
