import { type EntityManager, prepared, type SweepBatch } from '@postern/database';

/** How much may be used of something, and how fast it fills up again. */
export type Budget = {
  readonly key: string;
  /** Attempts at most. */
  readonly limit: number;
  /** Milliseconds in which as many become possible again, evenly. */
  readonly window: number;
};

/**
 * Uses one of a budget, where one is left. What was used comes back with time, so that a window slides. The row's lock lets one attempt after
 * the other see what those before it left: of many at once, as many pass as there are left.
 */
const USE = `insert into attempt_budget as budget (key, used, updated, expires)
  select given.key, 1, given.now, given.now + 2 * given.window
  from (select ?::text as key, ?::float8 as most, ?::float8 * interval '1 millisecond' as window, ?::timestamptz as now) as given
  where true /* more */
  on conflict (tenant_id, key) do update set
    used = greatest(0, budget.used - ?::float8 * extract(epoch from greatest(excluded.updated - budget.updated, interval '0'))) + 1,
    updated = greatest(excluded.updated, budget.updated),
    expires = case when budget.expires < excluded.updated + (excluded.expires - excluded.updated) / 2 then excluded.expires else budget.expires end
  where greatest(0, budget.used - ?::float8 * extract(epoch from greatest(excluded.updated - budget.updated, interval '0'))) + 1 <= ?::float8
  returning 1`;

// Always the narrow budget first: two attempts never wait for each other crosswise, and a flood at one account writes nothing.
const USE_BOTH =
  prepared(`with narrow as (${USE}), wide as (${USE.replace('/* more */', 'and exists (select 1 from narrow)')})
  select exists (select 1 from narrow) as narrow, exists (select 1 from wide) as wide`);

const USE_ONE = prepared(USE);

const GIVE_BACK = prepared(`with narrow as (
    update attempt_budget set used = greatest(0, used - ?::float8) where key = ? returning 1
  )
  update attempt_budget set used = greatest(0, used - 1) where key = ? and (select count(*) from narrow) >= 0`);

function valuesOf({ key, limit, window }: Budget, now: Date): unknown[] {
  const perSecond = (limit * 1000) / window;
  return [key, limit, window, now, perSecond, perSecond, limit];
}

/** The budgets of a transaction's tenant. */
export function budgetsIn(em: EntityManager) {
  return {
    /** Uses one of a budget; false when it is used up. */
    async use(budget: Budget, now: Date): Promise<boolean> {
      return (await em.execute<unknown[]>(USE_ONE, valuesOf(budget, now))).length > 0;
    },
    /**
     * Uses one of each budget, in one statement; false when one of them is used up, and then nothing of the other is used either: nobody can use
     * up an account from a network that is refused, nor a network with an account that is.
     */
    async useBoth(narrow: Budget, wide: Budget, now: Date): Promise<boolean> {
      const values = [...valuesOf(narrow, now), ...valuesOf(wide, now)];
      const [used] = await em.execute<{ narrow: boolean; wide: boolean }[]>(USE_BOTH, values);
      if (used?.narrow && !used.wide) await this.giveBack(narrow.key, 1, '');
      return used?.wide === true;
    },
    /** Gives back so much of the narrow budget, and one of the wide one. */
    async giveBack(narrow: string, much: number, wide: string): Promise<void> {
      await em.execute(GIVE_BACK, [much, narrow, wide]);
    },
    /** Removes rows that have filled up again, a few at a time, and answers of how many. */
    async expire({ before, limit }: Pick<SweepBatch, 'before' | 'limit'>): Promise<number> {
      const rows = await em.execute<unknown[]>(
        `delete from attempt_budget where key = any
          (array(select key from attempt_budget where expires <= ? order by expires limit ? for update skip locked)) returning 1`,
        [before, limit],
      );
      return rows.length;
    },
  };
}
