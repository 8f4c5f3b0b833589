import { raw } from '@mikro-orm/core';
import type { EntityManager, QueryBuilder } from '@mikro-orm/postgresql';

/** How many rows a list has. Where counting takes long it is what the planner believes. */
export type Count = { total: number; isExact: boolean };

/** Up to here, filtered rows are counted one by one. */
export const COUNT_CAP = 10_000;

/** What the planner thinks of counting that is not begun: rows of a table of a million that lie apart are about a tenth of a second. */
const DEAR = 25_000;

/** The tenant's rows of a counted table. */
export async function countAll(em: EntityManager, table: string): Promise<Count> {
  const [row] = await em.execute<{ total: number }[]>(
    'select coalesce(sum(total), 0)::int as total from row_counter where relation = ?',
    [table],
  );
  return { total: row?.total ?? 0, isExact: true };
}

/** Counts what a query finds, however long that takes. */
export async function countExactly<Entity extends object>(
  em: EntityManager,
  query: QueryBuilder<Entity>,
): Promise<Count> {
  return { total: await countRows(em, rowsOf(query)), isExact: true };
}

/** What the planner believes about a query: how many rows it finds, and whether they are few enough, and near enough, to count. */
export type Plan = { readonly rows: number; readonly isCountable: boolean };

/** Asks the planner. */
export async function foresee<Entity extends object>(em: EntityManager, query: QueryBuilder<Entity>): Promise<Plan> {
  const [row] = await em.execute<{ 'QUERY PLAN': [{ Plan: { 'Plan Rows': number; 'Total Cost': number } }] }[]>(
    `explain (format json) ${rowsOf(query)}`,
  );
  const { 'Plan Rows': rows = 0, 'Total Cost': cost = 0 } = row?.['QUERY PLAN'][0].Plan ?? {};
  return { rows, isCountable: rows <= COUNT_CAP && cost <= DEAR };
}

/** Counts what a query finds, giving up at the cap; what the planner advises against is not counted. */
export async function countFound<Entity extends object>(
  em: EntityManager,
  query: QueryBuilder<Entity>,
  plan?: Plan,
): Promise<Count> {
  const { rows, isCountable } = plan ?? (await foresee(em, query));
  if (!isCountable) return { total: rows, isExact: false };
  const total = await countRows(em, `${rowsOf(query)} limit ${COUNT_CAP + 1}`);
  return { total: Math.max(total, total > COUNT_CAP ? rows : 0), isExact: total <= COUNT_CAP };
}

function rowsOf<Entity extends object>(query: QueryBuilder<Entity>): string {
  return query.clone().select(raw('1')).getFormattedQuery();
}

async function countRows(em: EntityManager, rows: string): Promise<number> {
  const [row] = await em.execute<{ total: number }[]>(`select count(*)::int as total from (${rows}) as found`);
  return row?.total ?? 0;
}
