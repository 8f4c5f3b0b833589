import { raw } from '@mikro-orm/core';
import type { EntityManager, QueryBuilder } from '@mikro-orm/postgresql';

/** How many rows a list has. Beyond the cap it is what the planner believes. */
export type Count = { total: number; isExact: boolean };

/** Up to here, filtered rows are counted one by one. */
export const COUNT_CAP = 10_000;

/** The tenant's rows of a counted table. */
export async function countAll(em: EntityManager, table: string): Promise<Count> {
  const [row] = await em.execute<{ total: number }[]>(
    'select coalesce(sum(total), 0)::int as total from row_counter where relation = ?',
    [table],
  );
  return { total: row?.total ?? 0, isExact: true };
}

/** Counts what a query finds, giving up at the cap. */
export async function countFound<Entity extends object>(
  em: EntityManager,
  query: QueryBuilder<Entity>,
): Promise<Count> {
  const found = query.clone().select(raw('1')).getFormattedQuery();
  const [row] = await em.execute<{ total: number }[]>(
    `select count(*)::int as total from (${found} limit ${COUNT_CAP + 1}) as found`,
  );
  const total = row?.total ?? 0;
  if (total <= COUNT_CAP) return { total, isExact: true };
  return { total: Math.max(total, await estimate(em, found)), isExact: false };
}

async function estimate(em: EntityManager, sql: string): Promise<number> {
  const [row] = await em.execute<{ 'QUERY PLAN': [{ Plan: { 'Plan Rows': number } }] }[]>(
    `explain (format json) ${sql}`,
  );
  return row?.['QUERY PLAN'][0].Plan['Plan Rows'] ?? 0;
}
