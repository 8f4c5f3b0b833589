import type { EntityMetadata, FilterQuery, QueryOrderMap } from '@mikro-orm/core';
import type { EntityManager, QueryBuilder } from '@mikro-orm/postgresql';
import type { Condition } from './condition.ts';
import { type Count, countAll, countFound } from './count.ts';
import type { List, ListRequest } from './define-list.ts';
import { listErrors } from './list.errors.ts';
import { type OrderStep, orderMap, orderOf } from './order.ts';
import { type Pagination, pagesOf, paginate, readPage, readSize } from './pagination.ts';
import type { PlainRow } from './plain-row.ts';
import { searchConditions } from './search.ts';

/** A page of a list. */
export type Page<Row> = { pagination: Pagination; results: Row[] };

/** What a caller adds to a list. */
export type ListScope = {
  /** Only rows that meet this, such as those the caller may see. */
  where?: Condition;
  /** How many rows there are, where the caller knows without counting. */
  count?: Count | undefined;
};

/** From this offset on, the keys of a page are found first, in the index alone. */
const DEEP = 1_000;

/**
 * Answers one page of a list as plain rows, in the contract's words. Throws INVALID_PAGE (NOT_FOUND) beyond the last page, and
 * field errors for filter values that make no sense.
 */
export async function listPage<Entity extends object>(
  em: EntityManager,
  list: List<Entity>,
  request: ListRequest,
  scope: ListScope = {},
): Promise<Page<PlainRow<Entity>>> {
  const meta: EntityMetadata = em.getMetadata().get<Entity>(list.entity);
  const key = String(meta.primaryKeys[0]);
  const conditions = conditionsOf(list, request, scope, meta);
  const steps = orderOf(list, request.ordering, key);
  const query = () => select(em, list, conditions);
  const isWhole = conditions.length === 0 && list.counted === true;
  const count = scope.count ?? (await (isWhole ? countAll(em, meta.tableName) : countFound(em, query())));
  const size = readSize(request.page_size);
  const current = readPage(request.page, pagesOf(count.total, size));
  if (count.isExact && current > pagesOf(count.total, size)) throw listErrors.INVALID_PAGE();
  const results = await fetchRows({ query, count, steps, key, offset: (current - 1) * size, size });
  if (results.length === 0 && current > 1) throw listErrors.INVALID_PAGE();
  return {
    pagination: paginate(settle(count, (current - 1) * size, size, results.length), size, current, results.length),
    results,
  };
}

/** Answers one page as entities, for lists that show related rows. Costs ten times a page of plain rows. */
export async function listEntities<Entity extends object>(
  em: EntityManager,
  list: List<Entity>,
  request: ListRequest,
  scope: ListScope & { populate?: readonly string[] } = {},
): Promise<Page<Entity>> {
  const { pagination, results } = await listPage(em, list, request, scope);
  const key = String(em.getMetadata().get<Entity>(list.entity).primaryKeys[0]);
  const keyOf = (row: object): unknown => Reflect.get(row, key);
  const keys = results.map(keyOf);
  const where = { [key]: { $in: keys } } as FilterQuery<Entity>;
  const found = await em.find(list.entity, where as never, { populate: scope.populate as never });
  const byKey = new Map(found.map((entity) => [keyOf(entity), entity]));
  return { pagination, results: keys.flatMap((one) => byKey.get(one) ?? []) };
}

/** The rows a list request is about, unordered and unpaged: for counts and series over the same declared filters. */
export function listQuery<Entity extends object>(
  em: EntityManager,
  list: List<Entity>,
  request: ListRequest,
  scope: ListScope = {},
): QueryBuilder<Entity> {
  return select(em, list, conditionsOf(list, request, scope, em.getMetadata().get<Entity>(list.entity)));
}

function conditionsOf<Entity extends object>(
  list: List<Entity>,
  request: ListRequest,
  scope: ListScope,
  meta: EntityMetadata,
): Condition[] {
  const parameters = new Map(Object.entries(request));
  const filtered = Object.entries(list.filters ?? {}).map(([parameter, filter]) => {
    const value = parameters.get(parameter);
    const isGiven =
      value !== undefined && value !== null && value !== '' && !(Array.isArray(value) && value.length === 0);
    return isGiven ? filter(value, parameter, meta) : undefined;
  });
  const all = [scope.where, ...filtered, ...searchConditions(request.search, list.search ?? [], meta)];
  return all.filter((condition) => condition !== undefined);
}

// Conditions are put together from declarations, which the mapper's types cannot follow.
function select<Entity extends object>(
  em: EntityManager,
  list: List<Entity>,
  conditions: readonly Condition[],
): QueryBuilder<Entity> {
  const query: QueryBuilder<Entity> = em.createQueryBuilder<Entity>(list.entity);
  for (const condition of conditions) query.andWhere(condition as FilterQuery<Entity> as never);
  return query;
}

function ordered<Entity extends object>(query: QueryBuilder<Entity>, steps: readonly OrderStep[], isBackwards = false) {
  return query.orderBy(orderMap(steps, isBackwards) as QueryOrderMap<Entity>[] as never);
}

type Fetch<Entity extends object> = {
  query: () => QueryBuilder<Entity>;
  count: Count;
  steps: readonly OrderStep[];
  key: string;
  offset: number;
  size: number;
};

async function fetchRows<Entity extends object>(fetch: Fetch<Entity>): Promise<PlainRow<Entity>[]> {
  const { query, count, steps, key, offset, size } = fetch;
  if (offset < DEEP) return ordered(query(), steps).limit(size, offset).execute('all');
  const isBackwards = count.isExact && offset > count.total / 2;
  const length = isBackwards ? Math.min(size, count.total - offset) : size;
  const start = isBackwards ? count.total - offset - length : offset;
  const deep = ordered(query(), steps, isBackwards)
    .select([key] as never)
    .limit(length, start);
  const keys = (await deep.execute<object[]>('all')).map((row) => Reflect.get(row, key));
  const rows = query().andWhere({ [key]: { $in: keys } } as FilterQuery<Entity> as never);
  return ordered(rows, steps).execute('all');
}

// An estimate gives way to what the page shows: a short page is the last one, a full one has at least its own rows before its end.
function settle({ total, isExact }: Count, offset: number, size: number, length: number): number {
  if (isExact) return total;
  return length < size ? offset + length : Math.max(total, offset + length);
}
