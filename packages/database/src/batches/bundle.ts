import { AsyncLocalStorage } from 'node:async_hooks';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { Database, TenantScope, Work, WriteScope } from '../connect-database.ts';
import { translateFailure } from '../failure.ts';
import { LaneTransaction } from '../lane/lane.transaction.ts';
import { isTransient } from '../retry.ts';

/** Several changes in one transaction. */
export type Bundle = {
  /** The mapper of the transaction. */
  readonly em: EntityManager;
  /**
   * Runs `work` as a part that is taken back alone when it throws: what it did by {@link Bundles.database}, and by {@link Bundle.em}. One after the
   * other. Sixty of them in a transaction are as many as the server keeps at hand: with more, reading gets slower for everybody.
   */
  piece<Result>(work: () => Promise<Result>): Promise<Result>;
};

/** Changes that share a transaction although each of them is written to have its own. */
export type Bundles = {
  /** What such changes are given: inside of a bundle their transactions are part of that one, elsewhere they are their own. */
  readonly database: Database;
  /** Runs `work` in a transaction, committed at the end; again after a deadlock, so it changes nothing else. */
  run<Result>(scope: WriteScope, work: (bundle: Bundle) => Promise<Result>): Promise<Result>;
  /** The bundle that whoever asks works in. */
  current(): Bundle | undefined;
};

type Open = Bundle & {
  readonly tenant: string;
  /** Why the transaction has to be begun anew: whoever called the change was told something else. */
  lost?: unknown;
};

/** Creates bundles over a database. */
export function createBundles(db: Database): Bundles {
  const inside = new AsyncLocalStorage<Open>();

  const join = <Result>(scope: TenantScope, alone: () => Promise<Result>, work: Work<Result>): Promise<Result> => {
    const bundle = inside.getStore();
    return bundle === undefined ? alone() : within(bundle, scope, work);
  };

  return {
    database: {
      ...db,
      read: (scope, work) => join(scope, () => db.read(scope, work), work),
      write: (scope, work) => join(scope, () => db.write(scope, work), work),
      statement: <Result extends object>(
        scope: TenantScope | undefined,
        sql: string,
        values: readonly unknown[],
      ): Promise<Result[]> => {
        const alone = () => db.statement<Result>(scope, sql, values);
        return scope === undefined ? alone() : join(scope, alone, (em) => em.execute<Result[]>(sql, [...values]));
      },
    },
    run: (scope, work) =>
      db.write(scope, async (em) => {
        const bundle = open(em, scope.tenant);
        const result = await inside.run(bundle, () => work(bundle));
        if (bundle.lost !== undefined) throw bundle.lost;
        return result;
      }),
    current: () => inside.getStore(),
  };
}

function open(em: EntityManager, tenant: string): Open {
  const transaction = em.getTransactionContext();
  if (!(transaction instanceof LaneTransaction)) throw new TypeError('a bundle needs a transaction');
  const bundle: Open = {
    em,
    tenant,
    piece: async (work) => {
      if (bundle.lost !== undefined) throw bundle.lost;
      try {
        return await transaction.piece(work);
      } catch (error) {
        throw bundle.lost ?? error;
      }
    },
  };
  return bundle;
}

/** Does the work with a mapper of its own, as if it were a transaction. */
async function within<Result>(bundle: Open, { tenant, changeSet }: TenantScope, work: Work<Result>): Promise<Result> {
  if (tenant !== bundle.tenant || changeSet !== undefined) throw new TypeError('a bundle is of one tenant');
  const em = bundle.em.fork({ disableContextResolution: true, keepTransactionContext: true }) as EntityManager;
  try {
    const result = await work(em);
    await em.flush();
    return result;
  } catch (error) {
    if (isTransient(error)) bundle.lost = error;
    return translateFailure(error);
  }
}
