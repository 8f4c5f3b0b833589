import { aTenant, testDatabase } from '@postern/testkit';
import pg from 'pg';
import { describe, expect, it } from 'vitest';
import { connectDatabase, DEFAULT_TENANT, seedId } from './index.ts';
import { Person, people, Team } from './people.fixture.ts';

const { db, url, sql } = await testDatabase(people);
const [ours, theirs] = [aTenant(), aTenant()];
await db.write(ours, async (em) => {
  em.create(Team, { name: 'ours' });
});
const theirTeam = await db.write(theirs, async (em) => em.create(Team, { name: 'theirs' }));

/** Raw SQL on a connection of the serving role, outside of everything this package does. */
async function raw(text: string): Promise<pg.QueryResult> {
  const client = new pg.Client({ connectionString: db.url, options: '-c search_path=people' });
  await client.connect();
  try {
    return await client.query(text);
  } finally {
    await client.end();
  }
}

describe('raw SQL without a tenant', () => {
  it.each([
    'select * from team',
    "insert into team (pk, name) values (gen_random_uuid(), 'x')",
    "update team set name = 'x'",
    'delete from team',
    'select * from row_counter',
  ])('fails: %s', async (statement) => {
    await expect(raw(statement)).rejects.toThrow('unrecognized configuration parameter "postern.tenant"');
    await expect(db.system((em) => em.execute(statement))).rejects.toThrow(
      /postern.tenant|invalid input syntax for type uuid: ""/,
    );
  });

  it('cannot turn the policies off or become someone else', async () => {
    await expect(raw('set row_security = off; select * from team')).rejects.toThrow('row-level security');
    await expect(raw('alter table team disable row level security')).rejects.toThrow('must be owner');
    await expect(raw('set role postgres')).rejects.toThrow('permission denied');
    await expect(raw('drop policy tenant on team')).rejects.toThrow('must be owner');
    await expect(raw('delete from migration')).rejects.toThrow('permission denied');
  });
});

describe('rows of another tenant', () => {
  it('are invisible', async () => {
    expect(await db.read(ours, (em) => em.find(Team, {}))).toMatchObject([{ name: 'ours' }]);
    expect(await db.read(ours, (em) => em.execute('select name from team'))).toEqual([{ name: 'ours' }]);
  });

  it('cannot be updated, deleted or taken over', async () => {
    const changes = [
      `update team set name = 'x' where pk = '${theirTeam.pk}'`,
      `delete from team where pk = '${theirTeam.pk}'`,
      `update team set tenant_id = '${ours.tenant}' where pk = '${theirTeam.pk}'`,
    ];
    for (const statement of changes) await db.write(ours, (em) => em.execute(statement));
    const rows = await sql('select name, tenant_id from team where pk = $1', [theirTeam.pk]);
    expect(rows).toEqual([{ name: 'theirs', tenant_id: theirs.tenant }]);
  });

  it('cannot be made, nor can own rows be given away', async () => {
    const gift = `insert into team (pk, tenant_id, name) values (gen_random_uuid(), '${theirs.tenant}', 'gift')`;
    await expect(db.write(ours, (em) => em.execute(gift))).rejects.toThrow('row-level security');
    const away = `update team set tenant_id = '${theirs.tenant}'`;
    await expect(db.write(ours, (em) => em.execute(away))).rejects.toThrow('row-level security');
  });

  it('cannot be referred to, although foreign keys are checked without the policies', async () => {
    const refer = db.write(ours, async (em) => {
      em.create(Person, { username: 'spy', team: em.getReference(Team, theirTeam.pk) });
    });
    await expect(refer).rejects.toThrow('person__team_pk_fkey');
  });
});

describe('the serving role', () => {
  it('is refused when it is a superuser or may bypass the policies', async () => {
    const log = { debug: () => undefined, info: () => undefined, warn: () => undefined };
    const role = `bypassing_${Date.now()}`;
    await sql(`create role ${role} login bypassrls password 'x'`);
    const address = new URL(url);
    address.username = role;
    address.password = 'x';
    const start = connectDatabase({ ...people, url: address.href, secretKey: 'secret', log });
    await expect(start).rejects.toThrow(`the database role "${role}" can look past row-level security`);
    await sql(`drop role ${role}`);
  });

  it('has no rights beyond its rows', async () => {
    const { rows } = await raw(
      'select rolsuper, rolbypassrls, rolcreaterole, rolcreatedb from pg_roles where rolname = current_user',
    );
    expect(rows).toEqual([{ rolsuper: false, rolbypassrls: false, rolcreaterole: false, rolcreatedb: false }]);
  });
});

describe('transactions', () => {
  it('leave no tenant behind on their connection', async () => {
    await db.read(ours, (em) => em.count(Team));
    await expect(db.system((em) => em.count(Team))).rejects.toThrow('uuid: ""');
  });

  it('may nest, each with its own tenant', async () => {
    const [outer, inner] = await db.read(ours, async (em) => {
      const other = await db.read(theirs, (nested) => nested.find(Team, {}));
      return [await em.find(Team, {}), other];
    });
    expect([outer[0]?.name, inner[0]?.name]).toEqual(['ours', 'theirs']);
  });

  it('refuse to write where they only read', async () => {
    await expect(db.read(ours, (em) => em.execute("update team set name = 'x'"))).rejects.toThrow('read-only');
  });

  it('keep nothing of a failed change', async () => {
    const failing = db.write(ours, async (em) => {
      await em.execute("update team set name = 'half'");
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect(await db.read(ours, (em) => em.count(Team, { name: 'half' }))).toBe(0);
  });
});

it('derives the keys of seeded objects from tenant, kind and name alone', () => {
  const key = seedId(DEFAULT_TENANT, 'authentik_flows.flow', 'default-authentication-flow');
  expect(key).toBe(seedId(DEFAULT_TENANT, 'authentik_flows.flow', 'default-authentication-flow'));
  expect(key).not.toBe(seedId(ours.tenant, 'authentik_flows.flow', 'default-authentication-flow'));
  expect(key).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5/);
});
