import { scheduler } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, beforeEach, describe, expect, inject, it, vi } from 'vitest';
import { asLast, packTransactions } from './packed-transactions.ts';

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
packTransactions(pool);
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

const READ = 'start transaction isolation level repeatable read read only';
const SETTING = "select set_config('postern.tenant', 'north', true)";
const TENANT = "select current_setting('postern.tenant', true) as tenant";

describe('a transaction', () => {
  beforeEach(async () => {
    await scheduler.wait(10);
    sent.splice(0);
  });

  it('begins in one message with whose rows it sees and with its first statement, which answers with its own rows', async () => {
    expect(await run(['begin'], [SETTING], [TENANT, []])).toEqual([{ tenant: 'north' }]);
    expect(sent).toEqual([`begin; ${SETTING}; ${TENANT}`, 'rollback']);
  });

  it('that only reads leaves its commit to the one after it', async () => {
    const client = await pool.connect();
    for (const text of [READ, SETTING, TENANT, 'commit']) await client.query(text);
    client.release();
    expect(await run([READ], [TENANT])).toEqual([{ tenant: '' }]);
    expect(sent).toEqual([`${READ}; ${SETTING}; ${TENANT}`, `commit; ${READ}; ${TENANT}`, 'rollback']);
  });

  it('that only reads is committed when nothing comes after it', async () => {
    const client = await pool.connect();
    for (const text of [READ, TENANT, 'commit']) await client.query(text);
    client.release();
    await vi.waitFor(() => expect(sent).toEqual([`${READ}; ${TENANT}`, 'commit']));
  });

  it('that has only begun is not opened by the commit of the one before it', async () => {
    const client = await pool.connect();
    for (const text of [READ, TENANT, 'commit', 'begin', SETTING]) await client.query(text);
    await vi.waitFor(() => expect(sent).toEqual([`${READ}; ${TENANT}`, 'commit']));
    client.release();
    expect(await run(['select now() = statement_timestamp() as alone'])).toEqual([{ alone: true }]);
    expect(sent.slice(2)).toEqual(['select now() = statement_timestamp() as alone', 'rollback']);
  });

  it('that writes is committed before it says so', async () => {
    const client = await pool.connect();
    for (const text of ['begin', 'create table packed (pk int)', 'commit']) await client.query(text);
    client.release();
    expect(sent).toEqual(['begin; create table packed (pk int)', 'commit']);
    expect(await run(['select count(*)::int as rows from packed'])).toEqual([{ rows: 0 }]);
  });

  it('that knows its last statement is committed with it, and not at all where it fails', async () => {
    const client = await pool.connect();
    for (const text of ['begin', SETTING, 'create table last_words (pk int)']) await client.query(text);
    const { rows } = await client.query(asLast('insert into last_words values (1) returning pk'));
    await client.query('commit');
    expect(rows).toEqual([{ pk: 1 }]);
    await client.query('begin');
    await expect(client.query(asLast('insert into last_words values (2), (1 / 0)'))).rejects.toThrow(
      'division by zero',
    );
    await client.query('rollback');
    client.release();
    expect(await run(['select pk from last_words'])).toEqual([{ pk: 1 }]);
    expect(sent.filter((text) => text === 'commit')).toEqual([]);
  });

  it('holds for the statements that follow', async () => {
    const write = 'create temporary table note (pk int)';
    await expect(run(['begin read only'], ['select 1'], ['create table note (pk int)'])).rejects.toThrow('read-only');
    await run(['begin'], [write], ['insert into note values (1)']);
    await expect(run(['select * from note'])).rejects.toThrow('does not exist');
  });

  it('begins ahead of a statement with parameters', async () => {
    const isolation = "select current_setting('transaction_isolation') as level, $1::int as one";
    const rows = await run(['begin isolation level serializable'], [isolation, [1]]);
    expect(rows).toEqual([{ level: 'serializable', one: 1 }]);
  });

  it.each(['commit', 'rollback'])('that says nothing is never sent: %s', async (end) => {
    const client = await pool.connect();
    for (const text of ['begin', SETTING, end]) await client.query(text);
    await client.query('begin');
    client.release();
    await pool.query('select 1');
    expect(sent).toEqual(['select 1']);
  });

  it('leaves a connection that serves on when its first statement fails', async () => {
    await expect(run(['begin'], ['select no_such_column'])).rejects.toThrow('does not exist');
    expect(await run(['select 2 as two'])).toEqual([{ two: 2 }]);
  });
});
