import type { Database } from '@postern/database';
import type { Logger } from '@postern/observability';

const DAY_MS = 24 * 3600 * 1000;

/** What making room for events needs. */
export type PartitionDeps = { db: Database; log: Logger; clock: { now(): Date } };

/** Keeps the partitions of this month and the next two ready. */
export function createPartitions({ db, log, clock }: PartitionDeps) {
  let timer: NodeJS.Timeout | undefined;

  async function ensure(): Promise<void> {
    const now = clock.now();
    const months = [0, 1, 2].map((ahead) => new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + ahead, 1)));
    await db.system(async (em) => {
      for (const month of months) await em.execute('select ensure_event_partition(?::date)', [month.toISOString()]);
    });
  }

  return {
    async start() {
      await ensure();
      timer = setInterval(
        () => void ensure().catch((err) => log.error({ err }, 'no partition for the next months')),
        DAY_MS,
      );
      timer.unref();
    },
    async stop() {
      clearInterval(timer);
    },
  };
}
