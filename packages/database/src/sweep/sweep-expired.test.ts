import { aTenant, testDatabase } from '@postern/testkit';
import pg from 'pg';
import { describe, expect, it } from 'vitest';
import { connectDatabase, type Database, type EntityManager, type SweepBatch, sweepExpired } from '../index.ts';
import { Ticket, tickets } from './sweep.fixture.ts';

const { db, url, sql } = await testDatabase(tickets);
const NOW = new Date('2026-01-01T00:00:00.000Z');
const at = (minutes: number) => new Date(NOW.getTime() + minutes * 60_000);
const log = { debug: () => undefined, info: () => undefined, warn: () => undefined };

/** Gives a tenant tickets that end after so many minutes. */
async function give(to: { tenant: string }, minutes: readonly number[], ending = true, into: Database = db) {
  await into.write(to, async (em) => {
    for (const one of minutes) em.create(Ticket, { secret: 'hush', ends: at(one), ending });
  });
}

const left = (of: { tenant: string }) => db.read(of, (em) => em.count(Ticket));

async function clean(em: EntityManager, { before, limit }: SweepBatch): Promise<number> {
  const rows = await em.execute<unknown[]>(
    'delete from ticket where pk in (select pk from ticket where ends <= ? and ending limit ?) returning 1',
    [before, limit],
  );
  return rows.length;
}

const sweep = { db, table: 'ticket', before: NOW, clean };

/** A connection of the serving role, outside of everything this package does. */
async function asServing<Result>(path: string, work: (client: pg.Client) => Promise<Result>): Promise<Result> {
  const client = new pg.Client({ connectionString: db.url, options: `-c search_path=${path}` });
  await client.connect();
  return work(client).finally(() => client.end());
}

const FIND = "select * from expired_tenants_ticket('2026-01-01', '{}')";

describe('which tenants have rows that are over', () => {
  it('is all that can be learnt: no row of another tenant is seen, whatever is set', async () => {
    const theirs = aTenant();
    await give(theirs, [-1]);
    await asServing('tickets', async (client) => {
      await client.query(`set postern.sweep = 'on'; set postern.tenant = '${aTenant().tenant}'`);
      expect((await client.query('select * from ticket')).rows).toEqual([]);
      const found = await client.query(FIND);
      expect(found.fields.map(({ name }) => name)).toEqual(['expired_tenants_ticket']);
      expect(found.rows).toContainEqual({ expired_tenants_ticket: theirs.tenant });
      // The function leaves nothing open behind it.
      expect((await client.query('select * from ticket')).rows).toEqual([]);
    });
  });

  it('cannot be turned into something else by a table of the same name', async () => {
    const theirs = aTenant();
    await give(theirs, [-1]);
    await asServing('pg_temp,tickets', async (client) => {
      await client.query('create temp table ticket (tenant_id uuid, ends timestamptz, ending boolean)');
      expect((await client.query(FIND)).rows).toContainEqual({ expired_tenants_ticket: theirs.tenant });
    });
  });

  it('is not asked of the rows, but of an index of those that end', async () => {
    const [plan] = await sql<{ plan: string }>(
      `select string_agg(indexdef, '') as plan from pg_indexes where indexname = 'ticket__sweep'`,
    );
    expect(plan?.plan).toMatch(/\(ends, tenant_id\) WHERE ending/);
  });
});

describe('a sweep', () => {
  it('lets go of what is over, in every tenant, and of nothing else', async () => {
    const [one, other] = [aTenant(), aTenant()];
    await give(one, [-10, -1, 5]);
    await give(other, [-3, 0]);
    await give(other, [-3], false);
    await sweepExpired(sweep);
    expect([await left(one), await left(other)]).toEqual([1, 1]);
    expect(await sweepExpired(sweep)).toBe(0);
  });

  it('takes a backlog in batches of a thousand, and tells of each', async () => {
    const one = aTenant();
    await db.write(one, (em) =>
      em.execute(
        `insert into ticket (pk, secret, ends) select gen_random_uuid(), 'hush', ?::timestamptz from generate_series(1, 2500)`,
        [at(-1)],
      ),
    );
    const batches: number[] = [];
    expect(await sweepExpired({ ...sweep, onBatch: (count) => batches.push(count) })).toBe(2_500);
    expect(batches).toEqual([1_000, 1_000, 500]);
  });

  it('does not touch a tenant that has nothing to let go of', async () => {
    const [idle, busy] = [aTenant(), aTenant()];
    await give(idle, [60]);
    await give(busy, [-1]);
    const asked: string[] = [];
    await sweepExpired({
      ...sweep,
      clean: (em, batch) => {
        asked.push(batch.tenant);
        return clean(em, batch);
      },
    });
    expect(asked).toEqual([busy.tenant]);
  });

  it('goes on after a tenant that fails, and says so at the end', async () => {
    const [broken, fine] = [aTenant(), aTenant()];
    await give(broken, [-9]);
    await give(fine, [-1]);
    const attempt = sweepExpired({
      ...sweep,
      clean: async (em, batch) => {
        if (batch.tenant === broken.tenant) throw new Error('a row that cannot go');
        return clean(em, batch);
      },
    });
    await expect(attempt).rejects.toThrow('ticket: 1 tenants stay unswept');
    expect([await left(broken), await left(fine)]).toEqual([1, 0]);
    await sweepExpired(sweep);
  });

  it('comes to an end where rows stay although their time has passed', async () => {
    await give(aTenant(), [-1]);
    expect(await sweepExpired({ ...sweep, clean: async () => 0 })).toBe(0);
    await sweepExpired(sweep);
  });

  it('stops between two batches when it is told to', async () => {
    const [one, other] = [aTenant(), aTenant()];
    await give(one, [-2]);
    await give(other, [-1]);
    const stop = new AbortController();
    const attempt = sweepExpired({
      ...sweep,
      signal: stop.signal,
      clean: async (em, batch) => {
        stop.abort(new Error('the deadline passed'));
        return clean(em, batch);
      },
    });
    await expect(attempt).rejects.toThrow('the deadline passed');
    expect([await left(one), await left(other)].toSorted()).toEqual([0, 1]);
    await sweepExpired(sweep);
  });
});

describe('an owner', () => {
  /** A database whose schema belongs to a role with these rights. */
  async function ownedBy(rights: string) {
    const role = `owner_${Math.random().toString(36).slice(2)}`;
    const name = `owned_${Math.random().toString(36).slice(2)}`;
    await sql(`create role ${role} login ${rights} password 'x'`);
    await sql(`create database ${name} owner ${role}`);
    const address = new URL(url);
    address.username = role;
    address.password = 'x';
    address.pathname = `/${name}`;
    const schema = `s_${Math.random().toString(36).slice(2)}`;
    const owned = await connectDatabase({ ...tickets, schema, url: address.href, secretKey: 'a secret', log });
    await owned.migrate();
    return {
      owned,
      close: async () => {
        await owned.close();
        await sql(`drop database ${name} with (force)`);
        if (rights === 'createrole') await sql(`drop role postern_${schema}`);
        await sql(`drop role ${role}`);
      },
    };
  }

  it.each([
    ['whom the policies bind, and who makes a role to serve with', 'createrole'],
    ['who may make no role, and serves under its own name', 'nocreaterole'],
  ])('%s, sweeps every tenant and sees none of the others', async (_who, rights) => {
    const { owned, close } = await ownedBy(rights);
    const [one, other] = [aTenant(), aTenant()];
    await owned.system((em) => em.execute('insert into known_tenant values (?), (?)', [one.tenant, other.tenant]));
    await give(one, [-1, 5], true, owned);
    await give(other, [-1], true, owned);
    const open = await owned.read(one, async (em) => {
      await em.execute(`select set_config('postern.sweep', 'on', true)`);
      return em.execute('select * from ticket');
    });
    expect(open).toHaveLength(2);
    expect(await sweepExpired({ ...sweep, db: owned })).toBe(2);
    expect(await owned.read(one, (em) => em.count(Ticket))).toBe(1);
    await close();
  });
});
