import type pg from 'pg';

const SCHEMAS = ['directory', 'auth', 'providers', 'tasks'];
/** What happened in a tenant is not copied: a tenant of the bench is as fresh as the one it is made of. */
const LEFT_OUT = ['outbox', 'inbox', 'dead_letters', 'event', 'event_count', 'event_word', 'row_counter', 'flow_plan'];
/** Tenants of one statement. */
const AT_ONCE = 500;

type Column = { readonly name: string; readonly type: string; readonly generated: boolean };

/** Copies a tenant so many times, row by row, with keys of its own: `t1.bench.example` leads to the first copy. */
export async function cloneTenant(sql: pg.Pool, model: string, times: number): Promise<void> {
  const client = await sql.connect();
  try {
    // Foreign keys hold by the way of copying; checking each would take longer than the rest.
    await client.query("set session_replication_role = 'replica'");
    await client.query('create temp table copy (number integer primary key, tenant uuid not null)');
    await client.query('insert into copy select i, gen_random_uuid() from generate_series(1, $1::int) i', [times]);
    const tables = await tablesOf(client);
    for (let from = 1; from <= times; from += AT_ONCE) {
      for (const [table, columns] of tables) await client.query(copying(table, columns), [model, from, from + AT_ONCE]);
    }
    await register(client, model);
  } finally {
    client.release(true);
  }
}

/** Lets the planner know what there is now. */
export async function vacuum(sql: pg.Pool): Promise<void> {
  await sql.query('vacuum analyze');
}

/** Tables of tenants. Numbers are keys of people, who are one in each tenant: the copies do without them. */
async function tablesOf(client: pg.PoolClient): Promise<[string, Column[]][]> {
  const { rows } = await client.query<Column & { table: string }>(
    `select format('%I.%I', c.table_schema, c.table_name) as table, quote_ident(c.column_name) as name, c.udt_name as type,
       c.is_identity = 'YES' or c.is_generated = 'ALWAYS' as generated
     from information_schema.columns c join pg_class r on r.oid = format('%I.%I', c.table_schema, c.table_name)::regclass
     where c.table_schema = any ($1) and not c.table_name = any ($2) and r.relkind = 'r' and not r.relispartition
       and exists (select from information_schema.columns t
         where (t.table_schema, t.table_name, t.column_name) = (c.table_schema, c.table_name, 'tenant_id'))
     order by 1, c.ordinal_position`,
    [SCHEMAS, LEFT_OUT],
  );
  const byTable = [...Map.groupBy(rows, ({ table }) => table)];
  return byTable.filter(([, columns]) => !columns.some(({ name }) => name === 'user_pk' || name === 'user_id'));
}

/** A key of a copy follows from the key of the model and the copy's tenant, the same in every table. */
function copying(table: string, columns: readonly Column[]): string {
  const kept = columns.filter(({ generated }) => !generated);
  const values = kept.map(({ name, type }) => {
    if (name === 'tenant_id') return 'copy.tenant';
    return type === 'uuid' ? `md5(row.${name}::text || copy.tenant::text)::uuid` : `row.${name}`;
  });
  return `insert into ${table} (${kept.map(({ name }) => name).join(', ')})
    select ${values.join(', ')} from ${table} as row cross join copy
    where row.tenant_id = $1 and copy.number >= $2 and copy.number < $3`;
}

/** Every service knows the copies, and each has a host. */
async function register(client: pg.PoolClient, model: string): Promise<void> {
  await client.query(
    `insert into directory.tenant (pk, name, schema_name, ready) select tenant, 'Copy ' || number, 't_copy' || number, true from copy`,
  );
  await client.query(
    `insert into directory.domain (domain, is_primary, tenant_pk) select 't' || number || '.bench.example', true, tenant from copy`,
  );
  for (const schema of SCHEMAS) {
    await client.query(
      `insert into ${schema}.known_tenant (tenant, seed_version)
       select copy.tenant, known.seed_version from copy cross join ${schema}.known_tenant as known where known.tenant = $1`,
      [model],
    );
  }
}
