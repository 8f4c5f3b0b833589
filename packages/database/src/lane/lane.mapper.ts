import type { AnyEntity, Dictionary, EntityData, LoggingOptions, QueryResult, RawQueryFragment } from '@mikro-orm/core';
import { type EmExecuteOptions, EntityManager, type NativeQueryBuilder } from '@mikro-orm/postgresql';
import type { Answer } from './answer.ts';
import { LaneTransaction } from './lane.transaction.ts';

type Method = 'all' | 'get' | 'run';
type Executed = QueryResult | EntityData<AnyEntity> | EntityData<AnyEntity>[];

/** The mapper's entity manager, whose plain SQL goes straight to the transaction. What the mapper writes itself takes its own way there. */
export class LaneEntityManager extends EntityManager {
  override async execute<T extends Executed = EntityData<AnyEntity>[]>(
    query: string | NativeQueryBuilder | RawQueryFragment,
    params: unknown[] | Dictionary = [],
    how: Method | EmExecuteOptions = 'all',
    loggerContext?: LoggingOptions,
  ): Promise<T> {
    const transaction = this.getTransactionContext();
    if (typeof how !== 'string') return super.execute<T>(query, params, how);
    if (!(transaction instanceof LaneTransaction) || typeof query !== 'string' || !Array.isArray(params))
      return super.execute<T>(query, params, how, loggerContext);
    const answer = await transaction.run(query, params).catch((error: Error) => {
      throw this.getDriver().convertException(error);
    });
    return resultOf(answer, how) as T;
  }
}

function resultOf({ rows, affected }: Answer, method: Method): Executed {
  if (method === 'all') return rows;
  const [row] = rows;
  // The mapper, too, answers undefined where there is no row.
  if (method === 'get') return row as EntityData<AnyEntity>;
  return { affectedRows: affected ?? rows.length, insertId: 0, row, rows };
}
