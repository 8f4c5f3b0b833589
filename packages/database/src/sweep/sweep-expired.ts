import type { EntityManager } from '@mikro-orm/postgresql';
import type { Database } from '../connect-database.ts';
import { quote } from '../migration-sql.ts';
import { sweepFunction } from './swept-table.ts';

/** Rows to let go of, a few at a time. */
export type SweepBatch = { readonly tenant: string; readonly before: Date; readonly limit: number };

/** What to sweep, and how. */
export type Sweep = {
  readonly db: Pick<Database, 'system' | 'write'>;
  /** A table that `sweptTable` was told of. */
  readonly table: string;
  /** Rows that end by then are over. */
  readonly before: Date;
  /**
   * Lets go of at most `limit` rows, in a transaction of their tenant together with the facts about it, and answers of how many. Fewer
   * than `limit` means that no more can be let go of now.
   */
  readonly clean: (em: EntityManager, batch: SweepBatch) => Promise<number>;
  /** Stops between two batches; what is done stays done. */
  readonly signal?: AbortSignal;
  /** Told after each batch how many rows it let go of. */
  readonly onBatch?: (count: number) => void;
};

/** Rows of a batch: few enough that nobody waits for its locks, many enough that the commit hardly counts. */
const BATCH = 1_000;

/**
 * Lets go of rows whose time has passed, of every tenant, and answers of how many. A tenant that fails does not keep the others: the
 * failures are thrown together at the end (AggregateError). Throws the signal's reason when it is aborted.
 */
export async function sweepExpired(sweep: Sweep): Promise<number> {
  const done: string[] = [];
  const failures: unknown[] = [];
  let count = 0;
  for (let tenants = await find(sweep, done); tenants.length > 0; tenants = await find(sweep, done)) {
    for (const tenant of tenants) {
      await cleanTenant(sweep, tenant, (cleaned) => {
        count += cleaned;
        sweep.onBatch?.(cleaned);
      }).catch((error: unknown) => {
        sweep.signal?.throwIfAborted();
        failures.push(error);
      });
      done.push(tenant);
    }
  }
  if (failures.length > 0)
    throw new AggregateError(failures, `${sweep.table}: ${failures.length} tenants stay unswept`, {
      cause: failures[0],
    });
  return count;
}

async function find({ db, table, before, signal }: Sweep, done: readonly string[]): Promise<string[]> {
  signal?.throwIfAborted();
  const sql = `select ${quote(sweepFunction(table))}(?, ?::uuid[]) as tenant`;
  const rows = await db.system((em) => em.execute<{ tenant: string }[]>(sql, [before, `{${done.join()}}`]));
  return rows.map(({ tenant }) => tenant);
}

async function cleanTenant(sweep: Sweep, tenant: string, onBatch: (count: number) => void): Promise<void> {
  const { db, before, signal, clean } = sweep;
  for (let cleaned = BATCH; cleaned >= BATCH; ) {
    signal?.throwIfAborted();
    cleaned = await db.write({ tenant }, (em) => clean(em, { tenant, before, limit: BATCH }));
    onBatch(cleaned);
  }
}
