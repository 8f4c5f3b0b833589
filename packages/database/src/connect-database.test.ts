import { aTenant, TEST_SECRET, testDatabase } from '@postern/testkit';
import { afterAll, describe, expect, it } from 'vitest';
import { connectDatabase, type Database, type QueryTiming } from './index.ts';
import { Person, people, Team } from './people.fixture.ts';

const timings: QueryTiming[] = [];
const { db, url, sql } = await testDatabase({ ...people, onQuery: (timing) => timings.push(timing) });
const log = { debug: () => undefined, info: () => undefined, warn: () => undefined };

describe('a write', () => {
  it('runs again when the database chose it as the victim of a deadlock', async () => {
    const scope = aTenant();
    const [a, b] = await db.write(
      scope,
      async (em) => [em.create(Team, { name: 'a' }), em.create(Team, { name: 'b' })] as const,
    );
    const both = [Promise.withResolvers<void>(), Promise.withResolvers<void>()] as const;
    let attempts = 0;
    const crossing = (own: number, first: string, second: string) =>
      db.write(scope, async (em) => {
        attempts++;
        await em.execute('update team set updated = now() where pk = ?', [first]);
        both[own]?.resolve();
        await both[1 - own]?.promise;
        await em.execute('update team set name = name || ? where pk = ?', ['!', second]);
      });
    await Promise.all([crossing(0, a.pk, b.pk), crossing(1, b.pk, a.pk)]);
    expect(attempts).toBe(3);
    const rows = await sql('select name from team where tenant_id = $1 order by name', [scope.tenant]);
    expect(rows).toEqual([{ name: 'a!' }, { name: 'b!' }]);
  });

  it('runs again after a serialization failure, and gives up after five attempts', async () => {
    const scope = aTenant();
    const { pk } = await db.write(scope, async (em) => em.create(Person, { username: 'ann', age: 0 }));
    let attempts = 0;
    const losing = db.write({ ...scope, isolation: 'serializable' }, async (em) => {
      attempts++;
      await em.findOneOrFail(Person, pk);
      await sql('update people.person set age = age + 1 where pk = $1', [pk]);
      await em.execute('update person set age = -1 where pk = ?', [pk]);
    });
    await expect(losing).rejects.toThrow('could not serialize');
    expect(attempts).toBe(5);
  });

  it('does not run again for other failures', async () => {
    let attempts = 0;
    const failing = db.write(aTenant(), async (em) => {
      attempts++;
      await em.execute('select 1 / 0');
    });
    await expect(failing).rejects.toThrow('division by zero');
    expect(attempts).toBe(1);
  });
});

describe('a migration', () => {
  it('may be run by several replicas at once, and again', async () => {
    const name = `fresh_${Date.now()}`;
    await sql(`create database ${name}`);
    const address = new URL(url);
    address.pathname = `/${name}`;
    const replicas = await Promise.all(
      [1, 2, 3].map(() => connectDatabase({ ...people, url: address.href, secretKey: TEST_SECRET, log })),
    );
    await Promise.all(replicas.map((replica) => replica.migrate()));
    expect(await replicas[0]?.checkSchema()).toEqual([]);
    await Promise.all(replicas.map((replica) => replica.close()));
    await sql(`drop database ${name} with (force)`);
  });

  it('is undone as a whole when a statement fails, and says which step it was', async () => {
    const broken = { name: 'people/9999-broken', up: ['create table half (pk uuid)', 'create table half (pk uuid)'] };
    const other = await connectDatabase({ ...people, migrations: [broken], url, secretKey: TEST_SECRET, log });
    afterAll(() => other.close());
    await expect(other.migrate()).rejects.toThrow(
      'migration people/9999-broken failed: relation "half" already exists',
    );
    expect(await sql("select to_regclass('people.half') as half")).toEqual([{ half: null }]);
  });
});

it('reports how long statements took, without their values', async () => {
  timings.length = 0;
  await db.read(aTenant(), (em) => em.findOne(Person, { username: 'a very secret value' }));
  const select = timings.find(({ sql: text }) => text.includes('"person"'));
  expect(select).toMatchObject({ milliseconds: expect.any(Number), failed: false });
  expect(JSON.stringify(timings)).not.toContain('secret');
});

it.each([
  ['a value that no index can hold', "do $$ begin raise exception 'too large' using errcode = '54000'; end $$"],
  ['a NUL', `select ('"' || chr(92) || 'u0000"')::jsonb ->> 0, '{"a":"\\u0000"}'::jsonb ->> 'a'`],
])('refuses %s as a fault of the request', async (_what, statement) => {
  await expect(db.write(aTenant(), (em) => em.execute(statement))).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
});

describe('a server that goes away', () => {
  const dying = (database: Database) =>
    database.read(aTenant(), (em) => em.execute('select pg_terminate_backend(pg_backend_pid())'));

  it('is UNAVAILABLE to the transactions it takes with it, and costs the pool nothing', async () => {
    const small = await connectDatabase({ ...people, url, secretKey: TEST_SECRET, log, poolSize: 2 });
    for (let count = 0; count < 5; count++) await expect(dying(small)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    expect(await small.read(aTenant(), (em) => em.execute('select 1 as one'))).toEqual([{ one: 1 }]);
    await small.close();
    expect(await small.isReady()).toBe(false);
  });

  it('is found out about by the readiness probe', async () => {
    expect(await db.isReady()).toBe(true);
  });
});

describe('the schema check', () => {
  it('finds entities and tables in agreement', async () => {
    expect(await db.checkSchema()).toEqual([]);
  });

  it('names every difference, missing row-level security and references that leave the tenant', async () => {
    const before = await db.checkSchema();
    await sql('alter table team alter name drop not null');
    await sql('delete from team');
    await sql('alter table team drop constraint team__name_key, add column code text not null');
    await sql('alter table person alter age type bigint, drop column tags, drop constraint person__team_pk_fkey');
    await sql('alter table person add constraint plain foreign key (team_pk) references team (pk)');
    await sql('alter table membership no force row level security');
    const problems = await db.checkSchema();
    expect(problems.filter((one) => !before.includes(one)).sort()).toEqual([
      'membership has a tenant, but no forced row-level security with a policy',
      'person.age is bigint, the entity says integer',
      'person.tags does not exist',
      'person: foreign key plain does not include tenant_id',
      'team lacks a unique constraint on tenant_id, name',
      'team.code must have a value, and Team does not know it',
      'team.name may be null, the entity disagrees',
    ]);
  });
});
