import type { EntityManager } from '@mikro-orm/postgresql';

/** A table as the database describes it. */
export type Table = {
  name: string;
  columns: Map<string, { type: string; isNullable: boolean; isRequired: boolean }>;
  uniques: string[][];
  foreignKeys: { name: string; columns: string[]; isToOwned: boolean }[];
  /** Row-level security is on, forced, and has a policy. */
  isSecured: boolean;
};

const COLUMNS = `select c.relname as table, a.attname as column, format_type(a.atttypid, a.atttypmod) as type, not a.attnotnull as nullable,
    a.attnotnull and not a.atthasdef and a.attidentity = '' and a.attgenerated = '' as required,
    c.relrowsecurity and c.relforcerowsecurity and exists (select from pg_policy where polrelid = c.oid) as secured
  from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
  where c.relnamespace = to_regnamespace(?) and c.relkind in ('r', 'p')`;

const KEYS = `select c.relname as table, i.indexrelid::regclass::text as name, 'unique' as kind, false as owned,
    array(select attname::text from pg_attribute where attrelid = i.indrelid and attnum = any ((i.indkey::int2[])[0:i.indnkeyatts - 1])) as columns
  from pg_index i join pg_class c on c.oid = i.indrelid
  where i.indisunique and c.relnamespace = to_regnamespace(?)
  union all
  select c.relname, k.conname, 'foreign', exists (select from pg_attribute where attrelid = k.confrelid and attname = 'tenant_id' and attnotnull),
    array(select attname::text from pg_attribute where attrelid = k.conrelid and attnum = any (k.conkey))
  from pg_constraint k join pg_class c on c.oid = k.conrelid
  where k.contype = 'f' and c.relnamespace = to_regnamespace(?)`;

type ColumnRow = {
  table: string;
  column: string;
  type: string;
  nullable: boolean;
  required: boolean;
  secured: boolean;
};
type KeyRow = { table: string; name: string; kind: string; owned: boolean; columns: string[] };

/** Reads the tables of a schema from the catalogue. */
export async function readTables(em: EntityManager, schema: string): Promise<Map<string, Table>> {
  const tables = new Map<string, Table>();
  for (const row of await em.execute<ColumnRow[]>(COLUMNS, [quoted(schema)])) {
    const table = tables.get(row.table) ?? {
      name: row.table,
      columns: new Map(),
      uniques: [],
      foreignKeys: [],
      isSecured: row.secured,
    };
    table.columns.set(row.column, { type: row.type, isNullable: row.nullable, isRequired: row.required });
    tables.set(row.table, table);
  }
  for (const { table, name, kind, owned, columns } of await em.execute<KeyRow[]>(KEYS, [
    quoted(schema),
    quoted(schema),
  ])) {
    if (kind === 'unique') tables.get(table)?.uniques.push(columns);
    else tables.get(table)?.foreignKeys.push({ name, columns, isToOwned: owned });
  }
  return tables;
}

function quoted(schema: string): string {
  return `"${schema.replaceAll('"', '""')}"`;
}
