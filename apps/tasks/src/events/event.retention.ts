import { type Database, type EntityManager, type SweepBatch, sweepExpired } from '@postern/database';
import { deletionOf } from './event.deletion.ts';
import { ensureMonths } from './event.months.ts';

/** What forgetting events needs. */
export type RetentionDeps = { db: Pick<Database, 'system' | 'write'>; clock: { now(): Date } };

/**
 * Forgets the events whose time is over, of every tenant: whole months by dropping their partitions, the rest row by row. Makes room for the
 * months to come, too. Returns how many events went. Stops between two batches when told to.
 */
export async function forgetExpired({ db, clock }: RetentionDeps, signal?: AbortSignal): Promise<number> {
  const now = clock.now();
  await ensureMonths({ db, clock });
  const dropped = await db.system(async (em) => {
    const [row] = await em.execute<{ gone: string }[]>('select drop_expired_event_partitions(?) as gone', [now]);
    return Number(row?.gone ?? 0);
  });
  const deleted = await sweepExpired({ db, table: 'event', before: now, clean, ...(signal ? { signal } : {}) });
  return dropped + deleted;
}

const EXPIRED = deletionOf('expires <= ?');

async function clean(em: EntityManager, { before, limit }: SweepBatch): Promise<number> {
  return (await em.execute<unknown[]>(EXPIRED, [before, limit])).length;
}
