import type { Database } from '@postern/database';

/** What making room for events needs. */
export type MonthDeps = { db: Pick<Database, 'system'>; clock: { now(): Date } };

/** Makes the partitions of this month and the next two, where they are missing. */
export async function ensureMonths({ db, clock }: MonthDeps): Promise<void> {
  const now = clock.now();
  const months = [0, 1, 2].map((ahead) => new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + ahead, 1)));
  await db.system(async (em) => {
    for (const month of months) {
      await em.execute('select ensure_event_partition(?::date)', [month.toISOString().slice(0, 10)]);
    }
  });
}
