import { defineConfig } from '@postern/config';
import { type Database, DEFAULT_TENANT, enableTenancy, reference, TENANT_COLUMNS } from '@postern/database';
import { defineEvent, fact, type Outbox } from '@postern/messaging';
import { createLogger } from '@postern/observability';
import { conformance } from '@postern/proto';
import { TEST_SECRET, testDatabase } from '@postern/testkit';
import { afterEach, expect, it } from 'vitest';
import { defineApp, migrationsOf, type RunningProcess, startProcess, TENANT_CREATED, TENANT_DELETED } from './index.ts';
import { referrersFirst } from './tenant-ends.ts';

const TYPE = 'postern.conformance.v1.Echo';
const CREATED = defineEvent(TENANT_CREATED, conformance.Echo, TYPE);
const DELETED = defineEvent(TENANT_DELETED, conformance.Echo, TYPE);
const [ONE, OTHER] = ['0197c0de-0000-7000-8000-00000000000a', '0197c0de-0000-7000-8000-00000000000b'];
const PART = "create table happened_all partition of happened for values from ('2020-01-01') to ('2040-01-01')";

/** Tables as apps have them: one refers to another and keeps it, one is in parts, one counts, one has no `tenant_id`. */
const MIGRATIONS = [
  {
    name: 'test/0001-things',
    up: [
      `create table shelf (${TENANT_COLUMNS})`,
      ...enableTenancy('shelf'),
      `create table book (${TENANT_COLUMNS}, shelf_pk uuid not null, next_pk uuid)`,
      ...enableTenancy('book'),
      reference('book', 'shelf_pk', 'shelf', 'restrict'),
      reference('book', 'next_pk', 'book', 'set null'),
      'create index book__next on book (tenant_id, next_pk)',
      `create trigger count_insert after insert on book referencing new table as changed for each statement execute function count_rows('+')`,
      `create trigger count_delete after delete on book referencing old table as changed for each statement execute function count_rows('-')`,
      `create table happened (tenant_id uuid not null default current_setting('postern.tenant')::uuid, at timestamptz not null) partition by range (at)`,
      PART,
      ...enableTenancy('happened'),
      'create table note (whose text not null)',
      'create table seeded (tenant uuid not null, version integer not null)',
    ],
  },
];

const running: RunningProcess[] = [];
afterEach(async () => {
  for (const each of running.splice(0)) await each.stop();
});

/** Starts an app whose seed is of this version, and hands out what it works with. */
async function start(url: string, seedVersion = 1): Promise<{ db: Database; outbox: Outbox }> {
  const parts = Promise.withResolvers<{ db: Database; outbox: Outbox }>();
  const app = defineApp({
    name: 'directory',
    settings: defineConfig({}),
    database: { entities: [], migrations: MIGRATIONS },
    build({ database, messaging }) {
      parts.resolve({ db: database, outbox: messaging.outbox });
      return {
        seedVersion,
        async seed(tenant, em) {
          await em.execute('insert into seeded (tenant, version) values (?, ?)', [tenant, seedVersion]);
        },
        async forget(tenant, em) {
          await em.execute('delete from note where whose = ?', [tenant]);
        },
      };
    },
  });
  const env = {
    POSTERN_SECRET_KEY: TEST_SECRET,
    POSTERN_DATABASE__URL: url,
    POSTERN_LISTEN__METRICS: '127.0.0.1:0',
    POSTERN_LISTEN__GRPC: '127.0.0.1:0',
  };
  running.push(await startProcess({ manifests: [app], env, log: createLogger({ level: 'silent' }) }));
  return parts.promise;
}

const freshDatabase = () =>
  testDatabase({
    schema: 'directory',
    entities: [],
    migrations: migrationsOf({ name: 'directory', database: { entities: [], migrations: MIGRATIONS } }),
  });

async function fill(db: Database, tenant: string): Promise<void> {
  await db.write({ tenant }, async (em) => {
    await em.execute('insert into shelf (pk) values (gen_random_uuid())');
    await em.execute(
      `insert into book (pk, shelf_pk) select gen_random_uuid(), pk from shelf, generate_series(1, 6000)`,
    );
    await em.execute('update book set next_pk = (select min(pk::text)::uuid from book)');
    await em.execute(`insert into happened (at) select '2026-01-01'::timestamptz from generate_series(1, 6000)`);
    await em.execute('insert into note (whose) values (?)', [tenant]);
  });
}

it('deletes all of a tenant that is deleted and nothing of another, and gives it nothing any more', async () => {
  const { url, sql } = await freshDatabase();
  const { db, outbox } = await start(url);
  await fill(db, ONE);
  await fill(db, OTHER);
  const tell = (event: typeof CREATED, tenant: string) =>
    db.write({ tenant }, (em) => outbox.record(em, { tenant }, fact(event, conformance.Echo.fromPartial({}))));
  const counts = async (tenant: string) => {
    const [row] = await sql<Record<string, number>>(
      `select (select count(*)::int from shelf where tenant_id = $1) as shelves, (select count(*)::int from book where tenant_id = $1) as books,
         (select count(*)::int from happened where tenant_id = $1) as happened, (select count(*)::int from row_counter where tenant_id = $1) as counters,
         (select count(*)::int from note where whose = $1::text) as notes, (select count(*)::int from known_tenant where tenant = $1) as known`,
      [tenant],
    );
    return row;
  };
  await tell(CREATED, ONE);
  await tell(CREATED, OTHER);
  await expect.poll(() => counts(OTHER)).toMatchObject({ known: 1 });
  const before = await counts(OTHER);
  await tell(DELETED, ONE);
  await expect
    .poll(() => counts(ONE), { timeout: 20_000 })
    .toEqual({ shelves: 0, books: 0, happened: 0, counters: 0, notes: 0, known: 0 });
  expect(await counts(OTHER)).toEqual(before);
  expect(before).toMatchObject({ books: 6_000, happened: 6_000, notes: 1 });
  // Late news of its beginning.
  await tell(CREATED, ONE);
  const third = '0197c0de-0000-7000-8000-00000000000c';
  await tell(CREATED, third);
  await expect.poll(() => counts(third)).toMatchObject({ known: 1 });
  expect(await sql('select count(*)::int as count from seeded where tenant = $1', [ONE])).toEqual([{ count: 1 }]);
});

it('seeds at a start the default tenant, and of the others those that an earlier release seeded with less', async () => {
  const { url, sql } = await freshDatabase();
  await sql('insert into known_tenant (tenant, seed_version) values ($1, 1), ($2, 2)', [ONE, OTHER]);
  await start(url, 2);
  expect(await sql('select tenant, version from seeded order by tenant')).toEqual([
    { tenant: DEFAULT_TENANT, version: 2 },
    { tenant: ONE, version: 2 },
  ]);
  await running.splice(0)[0]?.stop();
  await sql('delete from seeded');
  await start(url, 2);
  expect(await sql('select tenant from seeded')).toEqual([{ tenant: DEFAULT_TENANT }]);
});

it('empties tables that refer to others before these, and cuts circles', () => {
  const table = (name: string, ...refers: string[]) => ({ name, refers });
  const order = (...tables: ReturnType<typeof table>[]) => referrersFirst(tables).map(({ name }) => name);
  expect(order(table('a'), table('b', 'a'), table('c', 'b', 'a'))).toEqual(['c', 'b', 'a']);
  expect(order(table('c', 'b', 'elsewhere'), table('b', 'a'), table('a'))).toEqual(['c', 'b', 'a']);
  expect(order(table('a', 'b'), table('b', 'a'), table('c', 'a')).indexOf('c')).toBe(0);
});
