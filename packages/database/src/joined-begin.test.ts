import pg from 'pg';
import { afterAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { joinBegins } from './joined-begin.ts';

const pool = new pg.Pool({ connectionString: inject('postgresUrl'), max: 1 });
const sent: unknown[] = [];
pool.on('connect', (client) => {
  const { query } = client;
  const record = (...args: unknown[]): unknown => {
    sent.push(args[0]);
    return Reflect.apply(query, client, args);
  };
  Object.defineProperty(client, 'query', { value: record, configurable: true, writable: true });
});
joinBegins(pool);
afterAll(() => pool.end());

/** Runs statements one after the other on one connection; answers with the rows of the last. */
async function run(...statements: readonly (readonly [string, unknown[]?])[]): Promise<unknown[]> {
  const client = await pool.connect();
  try {
    let rows: unknown[] = [];
    for (const [text, values] of statements) ({ rows } = await client.query(text, values));
    return rows;
  } finally {
    await client.query('rollback');
    client.release();
  }
}

describe('a begin', () => {
  beforeEach(() => void sent.splice(0));

  it('goes in one message with the statement after it, which answers with its own rows', async () => {
    expect(await run(['start transaction read only'], ['select 1 as one', []])).toEqual([{ one: 1 }]);
    expect(sent).toEqual(['start transaction read only; select 1 as one', 'rollback']);
  });

  it('holds for the statement after it, and for those that follow', async () => {
    const write = 'create temporary table note (pk int)';
    await expect(run(['begin read only'], ['select 1'], ['create table note (pk int)'])).rejects.toThrow('read-only');
    await run(['begin'], [write], ['insert into note values (1)']);
    await expect(run(['select * from note'])).rejects.toThrow('does not exist');
  });

  it('goes ahead of a statement with parameters', async () => {
    const isolation = "select current_setting('transaction_isolation') as level, $1::int as one";
    const rows = await run(['begin isolation level serializable'], [isolation, [1]]);
    expect(rows).toEqual([{ level: 'serializable', one: 1 }]);
  });

  it('is forgotten when nothing follows it', async () => {
    const client = await pool.connect();
    await client.query('begin');
    client.release();
    await pool.query('select 1');
    expect(sent).toEqual(['select 1']);
  });

  it('leaves a connection that serves on when the statement after it fails', async () => {
    await expect(run(['begin'], ['select no_such_column'])).rejects.toThrow('does not exist');
    expect(await run(['select 2 as two'])).toEqual([{ two: 2 }]);
  });
});
