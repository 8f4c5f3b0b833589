import { createHash } from 'node:crypto';
import pg from 'pg';
import type { DatabaseLog } from './log.ts';
import { quote } from './migration-sql.ts';
import { BASE_MIGRATIONS } from './row-counter.migrations.ts';

/** One step of a schema. Append-only: a step that was released never changes. */
export type Migration = {
  /** Unique and permanent, such as `directory/0001-users`. Applied in the order of the list. */
  name: string;
  /** Statements, all in one transaction, with the app's schema first on the search path. */
  up: readonly string[];
};

/** What a migration run needs. */
export type MigrateOptions = {
  url: string;
  schema: string;
  /** Further schemas that the steps make. */
  further: readonly string[];
  role: string;
  migrations: readonly Migration[];
  log: DatabaseLog;
};

/**
 * Brings a schema up to date as its owner, under a lock, so that replicas may start at once; then lets the serving role read and
 * write its tables. Steps that only a later release knows are left alone.
 */
export async function migrate(options: MigrateOptions): Promise<void> {
  const client = new pg.Client({
    connectionString: options.url,
    application_name: `postern ${options.schema} migrate`,
  });
  await client.connect();
  try {
    await client.query('select pg_advisory_lock(hashtextextended($1, 0))', [`postern.migrate.${options.schema}`]);
    await client.query(`create schema if not exists ${quote(options.schema)}`);
    await client.query(`set search_path to ${quote(options.schema)}, public`);
    await prepareExtensions(client, options.log);
    await applyAll(client, options);
    await grant(client, options);
  } finally {
    await client.end();
  }
}

async function applyAll(client: pg.Client, { schema, migrations, log }: MigrateOptions): Promise<void> {
  await client.query(
    'create table if not exists migration (name text primary key, checksum text not null, applied timestamptz not null default now())',
  );
  const { rows } = await client.query<{ name: string; checksum: string }>('select name, checksum from migration');
  const applied = new Map(rows.map(({ name, checksum }) => [name, checksum]));
  for (const step of [...BASE_MIGRATIONS, ...migrations]) {
    const checksum = createHash('sha256').update(step.up.join('\0')).digest('hex');
    const known = applied.get(step.name);
    if (known === undefined) await apply(client, step, checksum);
    if (known === undefined) log.info({ schema, migration: step.name }, 'migration applied');
    if (known !== undefined && known !== checksum)
      log.warn({ schema, migration: step.name }, 'migration differs from what was applied');
    applied.set(step.name, checksum);
  }
}

async function apply(client: pg.Client, { name, up }: Migration, checksum: string): Promise<void> {
  await client.query('begin');
  try {
    for (const statement of up) await client.query(statement);
    await client.query('insert into migration (name, checksum) values ($1, $2)', [name, checksum]);
    await client.query('commit');
  } catch (cause) {
    await client.query('rollback');
    throw new Error(`migration ${name} failed: ${cause instanceof Error ? cause.message : cause}`, { cause });
  }
}

// Search works without these, only slower; a managed server may not offer them. `ilike` may use an index under row-level security
// only when its function counts as leak-proof, which a superuser can say: its one error depends on the pattern, which is ours. So may
// `@>` on JSON, which has no error at all.
async function prepareExtensions(client: pg.Client, log: DatabaseLog): Promise<void> {
  await client.query("select pg_advisory_lock(hashtextextended('postern.extensions', 0))");
  const statements = [
    'create extension if not exists pg_trgm schema public',
    'create extension if not exists btree_gin schema public',
    'alter function pg_catalog.texticlike(text, text) leakproof',
    'alter function pg_catalog.jsonb_contains(jsonb, jsonb) leakproof',
  ];
  for (const statement of statements) {
    await client
      .query(statement)
      .catch((error: Error) => log.info({ reason: error.message }, 'search stays unindexed'));
  }
  await client.query("select pg_advisory_unlock(hashtextextended('postern.extensions', 0))");
}

async function grant(client: pg.Client, { schema, further, role }: MigrateOptions): Promise<void> {
  const { rows } = await client.query<{ owner: string }>('select current_user as owner');
  if (rows[0]?.owner === role) return;
  const user = quote(role);
  for (const space of [schema, ...further].map(quote)) {
    await client.query(`grant usage on schema ${space} to ${user};
      grant select, insert, update, delete on all tables in schema ${space} to ${user};
      grant usage, select on all sequences in schema ${space} to ${user}`);
  }
  await client.query(`revoke insert, update, delete on migration from ${user}`);
}
