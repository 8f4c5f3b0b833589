import type { Pool } from 'pg';
import { asLast, packTransactions } from '../packed-transactions.ts';
import { guardPool } from '../pool-guard.ts';
import type { QueryTiming } from '../query-timing.ts';
import type { Row } from './answer.ts';
import { type LaneDeps, LaneTransaction } from './lane.transaction.ts';
import { createStatements } from './statement.ts';
import { type Beginning, createTalk } from './talk.ts';
import type { Parameter } from './wire.messages.ts';

/** The short way to the database: transactions on the pool of the mapper, without its layers. */
export type Lane = {
  /** Takes the pool that the mapper made. */
  readonly open: (pool: Pool) => void;
  /** Runs one statement that is a transaction of its own. */
  alone(beginning: Pick<Beginning, 'tenant'>, sql: string, values: readonly Parameter[]): Promise<Row[]>;
  /** A transaction that stays open until whoever holds it ends it. */
  hold(beginning: Beginning): LaneTransaction;
  /** Runs `work` in a transaction: committed when it returns, rolled back when it throws. */
  within<Result>(beginning: Beginning, work: (transaction: LaneTransaction) => Promise<Result>): Promise<Result>;
};

export type LaneOptions = {
  readonly searchPath: string;
  /** Writes values into a text. */
  format(sql: string, values: readonly Parameter[]): string;
  readonly onQuery?: ((timing: QueryTiming) => void) | undefined;
};

/** Creates the lane of a database. */
export function createLane({ searchPath, format, onQuery }: LaneOptions): Lane {
  const statementOf = createStatements();
  let deps: LaneDeps | undefined;
  const ready = (): LaneDeps => {
    if (deps === undefined) throw new TypeError('the lane has no connections yet');
    return deps;
  };
  return {
    open(pool) {
      guardPool(pool);
      const owed = packTransactions(pool);
      const talk = createTalk({ searchPath, owed, format });
      deps = { pool, talk, owed, onQuery, statementOf };
    },
    async alone(beginning, sql, values) {
      const transaction = new LaneTransaction(ready(), beginning);
      try {
        return (await transaction.run(asLast(sql), values)).rows;
      } finally {
        // Where it failed, the server has rolled it back: nothing is open.
        await transaction.commit();
      }
    },
    hold: (beginning) => new LaneTransaction(ready(), beginning),
    async within(beginning, work) {
      const transaction = new LaneTransaction(ready(), beginning);
      let result: Awaited<ReturnType<typeof work>>;
      try {
        result = await work(transaction);
        await transaction.commit();
      } catch (error) {
        await transaction.rollback();
        throw error;
      }
      return result;
    },
  };
}
