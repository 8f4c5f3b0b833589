import { createHash, randomUUID } from 'node:crypto';
import { connectDatabase, type Database, type DatabaseOptions } from '@postern/database';
import pg from 'pg';
import { afterAll, inject } from 'vitest';

/** What a test says about the database it wants; `url` and `secretKey` come from the run. */
export type TestDatabaseOptions = Pick<DatabaseOptions, 'schema' | 'entities' | 'migrations'> &
  Partial<Pick<DatabaseOptions, 'schemas' | 'secretKey' | 'log' | 'poolSize' | 'changeSets' | 'onQuery'>> & {
    readonly furnished?: Furnishing;
  };

/** What a database holds beside its own tables, made once per run for all files that want what is called so. */
export type Furnishing = {
  readonly name: string;
  /** Fills the database at this address, and leaves no connection to it open. */
  by(url: string): Promise<void>;
};

/** A database of a test file's own. */
export type TestDatabase = {
  db: Database;
  /** Address as the superuser, whom no policy binds. */
  url: string;
  /** Runs raw SQL as the superuser, with the schema on the search path. */
  sql<Row extends object = Record<string, unknown>>(text: string, values?: readonly unknown[]): Promise<Row[]>;
};

/** Secret of every test database. */
export const TEST_SECRET = 'a secret for tests, long enough to derive keys from';

const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined };

/**
 * A fresh, migrated database, cloned from a template that is migrated once per run. Call it at the top of a test file:
 * `const { db } = await testDatabase({ schema, entities, migrations })`; it goes away when the file is done.
 */
export async function testDatabase(options: TestDatabaseOptions): Promise<TestDatabase> {
  const { secretKey = TEST_SECRET, log = silent } = options;
  const server = inject('postgresUrl');
  const connect = (url: string) => connectDatabase({ ...options, secretKey, log, url });
  const template = await ensureTemplate(server, options, connect);
  const url = await clone(server, template);
  const db = await connect(url);
  const pool = new pg.Pool({ connectionString: url, max: 4, options: `-c search_path=${options.schema},public` });
  // The superuser's connections may be cut when the database is dropped.
  pool.on('error', () => undefined);
  afterAll(async () => {
    await Promise.all([db.close(), pool.end()]);
    // Takes a while that nobody has to wait: what is left at the end goes with the server.
    void asSuperuser(server, (client) => client.query(`drop database "${nameOf(url)}" with (force)`)).catch(
      () => undefined,
    );
  });
  return { db, url, sql: async (text, values = []) => (await pool.query(text, [...values])).rows };
}

async function ensureTemplate(
  server: string,
  { schema, migrations, furnished }: TestDatabaseOptions,
  connect: (url: string) => Promise<Database>,
): Promise<string> {
  const digest = createHash('sha256')
    .update(JSON.stringify([schema, migrations, furnished?.name]))
    .digest('hex')
    .slice(0, 16);
  const name = `template_${digest}`;
  await asSuperuser(server, async (client) => {
    await client.query('select pg_advisory_lock(hashtextextended($1, 0))', [name]);
    const { rows } = await client.query('select datistemplate from pg_database where datname = $1', [name]);
    if (rows[0]?.datistemplate) return;
    // One that is no template yet was left by a migration that failed.
    await client.query(`drop database if exists ${name} with (force)`);
    await client.query(`create database ${name}`);
    const db = await connect(addressOf(server, name));
    await db.migrate().finally(() => db.close());
    await furnished?.by(addressOf(server, name));
    await client.query(`alter database ${name} is_template true`);
  });
  return name;
}

/** As files: block by block through the log takes three times the processor. */
async function clone(server: string, template: string): Promise<string> {
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  await asSuperuser(server, (client) =>
    client.query(`create database ${name} template ${template} strategy file_copy`),
  );
  return addressOf(server, name);
}

async function asSuperuser<Result>(url: string, work: (client: pg.Client) => Promise<Result>): Promise<Result> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

function addressOf(server: string, database: string): string {
  const url = new URL(server);
  url.pathname = `/${database}`;
  return url.href;
}

function nameOf(url: string): string {
  return new URL(url).pathname.slice(1);
}
