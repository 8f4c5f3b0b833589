import { type Database, DEFAULT_TENANT, type EntityManager } from '@postern/database';
import { ensureMonths } from './event.months.ts';

/** What forgetting events needs. */
export type RetentionDeps = { db: Pick<Database, 'system' | 'write'>; clock: { now(): Date } };

/** Rows in one transaction, so that none lasts long. */
const BATCH = 5_000;

// Counts of hours that are over are put together: sixteen slots are for events that come at once.
const TIDY = `with old as (
    delete from event_count where hour < ?::timestamptz - interval '3 hours' and slot <> 0
    returning tenant_id, action, hour, brand_name, total
  )
  insert into event_count (tenant_id, action, hour, brand_name, slot, total)
  select tenant_id, action, hour, brand_name, 0, sum(total) from old group by 1, 2, 3, 4 order by 1, 2, 3, 4
  on conflict (tenant_id, action, hour, brand_name, slot) do update set total = event_count.total + excluded.total`;

/**
 * Forgets the events whose time is over, of every tenant: whole months by dropping their partitions, the rest row by row. Makes room for the
 * months to come, too. Returns how many events went. Stops between two batches when told to.
 */
export async function forgetExpired({ db, clock }: RetentionDeps, signal?: AbortSignal): Promise<number> {
  const now = clock.now();
  await ensureMonths({ db, clock });
  let total = await db.system(async (em) => {
    const [row] = await em.execute<{ gone: string }[]>('select drop_expired_event_partitions(?) as gone', [now]);
    return Number(row?.gone ?? 0);
  });
  const rows = await db.system((em) => em.execute<{ tenant: string }[]>('select tenant from known_tenant'));
  for (const tenant of new Set([DEFAULT_TENANT, ...rows.map((row) => row.tenant)])) {
    for (let count = BATCH; count === BATCH; total += count) {
      signal?.throwIfAborted();
      count = await db.write({ tenant }, (em) => deleteExpired(em, now));
    }
    await db.write({ tenant }, (em) => em.execute(TIDY, [now]));
  }
  return total;
}

async function deleteExpired(em: EntityManager, now: Date): Promise<number> {
  const gone = await em.execute<unknown[]>(
    `delete from event where (pk, created) in (select pk, created from event where expires <= ? limit ${BATCH}) returning 1`,
    [now],
  );
  return gone.length;
}
