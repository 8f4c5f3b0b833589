import type { Database, EntityManager } from '@postern/database';
import { createJobs, defineJob, handles, type JobHandler, job } from '@postern/jobs';
import { type EventHandler, type Outbox, onSubject } from '@postern/messaging';
import type { Logger } from '@postern/observability';

/** The event by which the directory announces the end of a tenant. Its envelope carries the tenant's id as its tenant. */
export const TENANT_DELETED = 'directory.v1.tenant.deleted';

/** Rows of one statement: few enough that nobody waits for its locks. */
const BATCH = 5_000;
/** For so long something of a deleted tenant may still arrive: as long as consumers remember events. */
const REMEMBERED_DAYS = 15;
/** What is under way when a tenant is deleted has ended by then, as a rule. */
const LATE_MS = 120_000;
const NIGHTLY = '34 4 * * *';

/** Deletes what names a tenant in tables without a `tenant_id`. Runs more than once. */
export type Forget = (tenant: string, em: EntityManager) => Promise<void>;

/** What the end of tenants needs. */
export type TenantEndsDeps = {
  readonly database: Pick<Database, 'schema' | 'system' | 'write'>;
  readonly outbox: Outbox;
  readonly forget?: Forget | undefined;
  readonly clock: { now(): Date };
  readonly log: Logger;
};

/**
 * Deletes what an app keeps of a tenant when the tenant is deleted, a few thousand rows at a time, each time in a transaction of its own: whoever is
 * stopped in between goes on where they were, because the event comes again. Calls and events that were under way may leave something behind: a job looks
 * two minutes later, and every night.
 */
export function onTenantDeleted(deps: TenantEndsDeps): EventHandler<EntityManager> {
  const { database, outbox, clock, log } = deps;
  const jobs = createJobs({ outbox });
  return onSubject(TENANT_DELETED, async ({ tenant }, em: EntityManager) => {
    await database.system(async (own) => {
      await own.execute('insert into ended_tenant (tenant) values (?) on conflict do nothing', [tenant]);
    });
    const rows = await forgetTenant(deps, tenant);
    await em.execute('delete from known_tenant where tenant = ?', [tenant]);
    const now = clock.now().getTime();
    // Those who are deleted in the same minute share a look.
    const order = { uniqueKey: `late ${Math.floor(now / 60_000)}`, startAfter: new Date(now + LATE_MS) };
    await jobs.enqueue(em, {}, job(sweepJob(database), {}, order));
    log.info({ tenant, rows }, 'a deleted tenant is forgotten');
  });
}

/** The job that deletes what came of tenants after they were deleted, and forgets those of whom nothing can come any more. */
export function sweepingEnded(deps: Pick<TenantEndsDeps, 'database' | 'forget'>): JobHandler {
  const { database } = deps;
  return handles(
    sweepJob(database),
    async (_args, { signal, log }) => {
      const ended = await database.system((em) => em.execute<{ tenant: string }[]>('select tenant from ended_tenant'));
      for (const { tenant } of ended) {
        signal.throwIfAborted();
        const rows = await forgetTenant(deps, tenant);
        if (rows > 0) log.info({ tenant, rows }, 'something came of a deleted tenant, and is gone');
      }
      await database.system(async (em) => {
        await em.execute('delete from ended_tenant where ended < now() - make_interval(days => ?)', [REMEMBERED_DAYS]);
      });
    },
    { description: 'Forget what was left of deleted tenants', schedule: { cron: NIGHTLY } },
  );
}

function sweepJob({ schema }: Pick<Database, 'schema'>) {
  return defineJob({ name: `${schema}.sweep_ended_tenants`, deadlineMs: 3_600_000 });
}

/** Passes over all tables at most: triggers count what is deleted, in rows that are deleted then. */
const PASSES = 5;

/** Deletes all rows of a tenant, of every table of the app's schema that has a tenant, and answers how many. */
async function forgetTenant({ database, forget }: Pick<TenantEndsDeps, 'database' | 'forget'>, tenant: string) {
  const tables = await database.system((em) => tablesOf(em, database.schema));
  let rows = 0;
  for (let pass = 0, found = 1; found > 0 && pass < PASSES; pass++) {
    found = 0;
    for (const table of tables) found += await emptyTable(database, table, tenant);
    rows += found;
  }
  if (forget) await database.system((em) => forget(tenant, em));
  return rows;
}

async function emptyTable(database: TenantEndsDeps['database'], table: Table, tenant: string): Promise<number> {
  let rows = 0;
  for (let deleted = BATCH; deleted >= BATCH; rows += deleted)
    deleted = await database.write({ tenant }, async (em) => {
      const found = await em.execute<unknown[]>(deletion(table), [tenant, tenant]);
      return found.length;
    });
  return rows;
}

/** Partitions have row addresses of their own. */
function deletion({ name, isPartitioned }: Table): string {
  return isPartitioned
    ? `with chosen as materialized (select tableoid as part, ctid as place from ${name} where tenant_id = ? limit ${BATCH})
       delete from ${name} as t using chosen where t.tableoid = chosen.part and t.ctid = chosen.place and t.tenant_id = ? returning 1`
    : `delete from ${name} where ctid = any (array(select ctid from ${name} where tenant_id = ? limit ${BATCH}))
       and tenant_id = ? returning 1`;
}

/** A table, and those that it refers to; names are quoted. */
type Table = { readonly name: string; readonly refers: readonly string[]; readonly isPartitioned: boolean };

/**
 * The tables of a schema that have a `tenant_id`; those that refer to others come before these, so that no row is kept by one that needs it. What
 * waits to be published or handled, of any tenant, is left to messaging.
 */
async function tablesOf(em: EntityManager, schema: string): Promise<Table[]> {
  const rows = await em.execute<{ name: string; refers: string; partitioned: boolean }[]>(
    `select quote_ident(c.relname) as name, c.relkind = 'p' as partitioned, coalesce((
       select string_agg(distinct quote_ident(target.relname), ' ') from pg_constraint f join pg_class target on target.oid = f.confrelid
       where f.conrelid = c.oid and f.contype = 'f' and f.confrelid <> c.oid), '') as refers
     from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id' and not a.attisdropped
     where c.relnamespace = ?::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
       and c.relname not in ('outbox', 'inbox')
     order by c.relname`,
    [`"${schema}"`],
  );
  return referrersFirst(
    rows.map(({ name, refers, partitioned }) => ({ name, refers: refers.split(' '), isPartitioned: partitioned })),
  );
}

/** Tables in an order in which each comes before those it refers to. Circles are cut anywhere: their foreign keys cascade, or set null. */
export function referrersFirst<Named extends Pick<Table, 'name' | 'refers'>>(tables: readonly Named[]): Named[] {
  const byName = new Map(tables.map((table) => [table.name, table]));
  const seen = new Set<string>();
  const targetsFirst: Named[] = [];
  const visit = (table: Named): void => {
    if (seen.has(table.name)) return;
    seen.add(table.name);
    for (const name of table.refers) {
      const target = byName.get(name);
      if (target) visit(target);
    }
    targetsFirst.push(table);
  };
  for (const table of tables) visit(table);
  return targetsFirst.toReversed();
}
