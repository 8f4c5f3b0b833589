import { setTimeout as sleep } from 'node:timers/promises';
import type { Database, TenantScope } from '@postern/database';
import { common } from '@postern/errors';

/** One application at a time for each tenant, whichever process runs it. */
export type TenantLock = {
  /** Waits for others of this process, then runs the work. */
  inTurn<Result>(tenant: string, work: () => Promise<Result>): Promise<Result>;
  /** Waits for those of other processes. Held until the change set of the scope ends. Throws UNAVAILABLE after a minute. */
  take(scope: TenantScope): Promise<void>;
};

const PAUSE_MS = 200;
const PATIENCE_MS = 60_000;

/** Creates the lock. */
export function createTenantLock({ db }: { db: Pick<Database, 'write'> }): TenantLock {
  const last = new Map<string, Promise<unknown>>();

  async function isMine(scope: TenantScope): Promise<boolean> {
    return db.write(scope, async (em) => {
      const statement = 'select pg_try_advisory_xact_lock(hashtextextended(?, 0)) as mine';
      const [row] = await em.execute<{ mine: boolean }[]>(statement, [`postern.blueprints.apply.${scope.tenant}`]);
      return row?.mine === true;
    });
  }

  return {
    async inTurn(tenant, work) {
      const before = last.get(tenant) ?? Promise.resolve();
      const mine = before.then(work);
      const settled = mine.catch(() => undefined);
      last.set(tenant, settled);
      try {
        return await mine;
      } finally {
        if (last.get(tenant) === settled) last.delete(tenant);
      }
    },
    async take(scope) {
      // Asked for again and again instead of waited for: a statement that waits keeps the transaction from being kept alive.
      for (let waited = 0; !(await isMine(scope)); waited += PAUSE_MS) {
        if (waited >= PATIENCE_MS) throw common.UNAVAILABLE();
        await sleep(PAUSE_MS);
      }
    },
  };
}
