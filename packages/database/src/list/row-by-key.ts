import type { EntityName } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/postgresql';
import { prepared } from '../lane/statement.ts';
import type { PlainRow } from './plain-row.ts';

/** A row by its primary key, as lists read it, in one prepared statement; undefined where there is none. The key has to be one of its type. */
export async function rowByKey<Entity extends object>(
  em: EntityManager,
  entity: EntityName<Entity>,
  key: string | number,
): Promise<PlainRow<Entity> | undefined> {
  const meta = em.getMetadata().get<Entity>(entity);
  const [column] = meta.getPrimaryProps().flatMap(({ fieldNames }) => fieldNames);
  if (column === undefined) throw new TypeError('a row needs a primary key');
  const sql = prepared(`select * from "${meta.tableName}" where "${column}" = ?`);
  const [row] = await em.execute<Record<string, unknown>[]>(sql, [key]);
  const mapped: unknown = row && em.getDriver().mapResult<Entity>(row as never, meta);
  return (mapped ?? undefined) as PlainRow<Entity> | undefined;
}
