import type { EntityMetadata, FilterQuery } from '@mikro-orm/core';
import type { EntityManager, QueryBuilder } from '@mikro-orm/postgresql';
import type { Condition } from './condition.ts';
import { COUNT_CAP, type Count, countAll, countExactly, countFound, foresee } from './count.ts';
import type { List, ListRequest } from './define-list.ts';
import {
  collect,
  type Found,
  isOwnOrder,
  type Key,
  lookAhead,
  ordered,
  query,
  type Rows,
  type Slice,
} from './found.ts';
import { listErrors } from './list.errors.ts';
import { orderOf } from './order.ts';
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

/** So many are put in order as they are found; of more, those that come first are looked for. */
const FEW = 1_000;
/** From this offset on, the keys of a page are found first, in the index alone. */
const DEEP = 1_000;
/** More rows than this are not put in order for the sake of one page. */
const SORTABLE = 200_000;

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
  const rows = { em, list, meta, key, conditions, steps: orderOf(list, request.ordering, key) };
  const size = readSize(request.page_size);
  const { count, slice, found } = await (isSought(rows, scope) && request.page !== 'last'
    ? seek(rows, request.page, size)
    : read(rows, scope, request.page, size));
  if (found.length === 0 && slice.offset > 0) throw listErrors.INVALID_PAGE();
  const results = found.slice(0, size);
  const total = settle(count, slice.offset, size, found.length);
  return { pagination: paginate(total, size, slice.offset / size + 1, results.length), results };
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
  return query({ em, list, conditions: conditionsOf(list, request, scope, em.getMetadata().get<Entity>(list.entity)) });
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

type Part<Entity extends object> = { count: Count; slice: Slice; found: PlainRow<Entity>[] };

function isSought<Entity extends object>(rows: Rows<Entity>, { count }: ListScope): boolean {
  return rows.conditions.length > 0 && count === undefined && isOwnOrder(rows);
}

/** Counts the rows, and reads a page of them along their order. */
async function read<Entity extends object>(
  rows: Rows<Entity>,
  scope: ListScope,
  page: unknown,
  size: number,
): Promise<Part<Entity>> {
  const count = scope.count ?? (await countOf(rows, page));
  const slice = sliceOf(readPage(page, pagesOf(count.total, size)), size);
  if (count.isExact && slice.offset >= Math.max(1, count.total)) throw listErrors.INVALID_PAGE();
  return { count, slice, found: await fetchRows(rows, count, readOf(count, slice)) };
}

/**
 * Finds a page of rows under conditions. Few are found first and put in order afterwards; along the order of many the page is full soon, unless
 * they stand far from its beginning: walking there takes longer than putting them in order.
 */
async function seek<Entity extends object>(rows: Rows<Entity>, page: unknown, size: number): Promise<Part<Entity>> {
  const slice = sliceOf(readPage(page, 1), size);
  const plan = await foresee(rows.em, query(rows));
  const few = plan.isCountable && plan.rows <= FEW ? await collect(rows, slice, { most: COUNT_CAP }) : undefined;
  if (few && few.total <= COUNT_CAP) return partOf(rows, slice, few);
  const count = few ? { total: few.total, isExact: false } : await countFound(rows.em, query(rows), plan);
  const isNear = slice.offset < DEEP;
  const wanted = readOf(count, slice);
  const keys = isNear ? await lookAhead(rows, wanted) : undefined;
  if (keys) return { count, slice, found: await fetchKeys(rows, keys) };
  if (count.isExact || (isNear && count.total <= SORTABLE)) return partOf(rows, slice, await collect(rows, slice));
  return { count, slice, found: await fetchRows(rows, count, wanted) };
}

/** What is read of a page: one row more where the count is an estimate, of which nothing follows: it says whether there is a next page. */
function readOf({ isExact }: Count, { offset, size }: Slice): Slice {
  return { offset, size: isExact ? size : size + 1 };
}

async function partOf<Entity extends object>(rows: Rows<Entity>, slice: Slice, found: Found): Promise<Part<Entity>> {
  return { count: { total: found.total, isExact: true }, slice, found: await fetchKeys(rows, found.keys) };
}

/** Throws INVALID_PAGE where no list is that long. */
function sliceOf(page: number, size: number): Slice {
  const offset = (page - 1) * size;
  if (!Number.isSafeInteger(offset)) throw listErrors.INVALID_PAGE();
  return { offset, size };
}

async function countOf<Entity extends object>(rows: Rows<Entity>, page: unknown): Promise<Count> {
  const { em, list, meta, conditions } = rows;
  if (conditions.length === 0 && list.counted === true) return countAll(em, meta.tableName);
  // Where the last page begins only a real count tells.
  return page === 'last' ? countExactly(em, query(rows)) : countFound(em, query(rows));
}

async function fetchRows<Entity extends object>(
  rows: Rows<Entity>,
  count: Count,
  slice: Slice,
): Promise<PlainRow<Entity>[]> {
  if (slice.offset >= DEEP) return fetchDeep(rows, count, slice);
  return ordered(query(rows), rows.steps).limit(slice.size, slice.offset).execute('all');
}

async function fetchDeep<Entity extends object>(
  rows: Rows<Entity>,
  count: Count,
  { offset, size }: Slice,
): Promise<PlainRow<Entity>[]> {
  const { key, steps } = rows;
  const isBackwards = count.isExact && offset > count.total / 2;
  const length = isBackwards ? Math.min(size, count.total - offset) : size;
  const start = isBackwards ? count.total - offset - length : offset;
  const deep = ordered(query(rows), steps, isBackwards)
    .select([key] as never)
    .limit(length, start);
  return fetchKeys(
    rows,
    (await deep.execute<object[]>('all')).map((row) => Reflect.get(row, key)),
  );
}

async function fetchKeys<Entity extends object>(
  { em, list, key, steps }: Rows<Entity>,
  keys: readonly Key[],
): Promise<PlainRow<Entity>[]> {
  if (keys.length === 0) return [];
  return ordered(query({ em, list, conditions: [{ [key]: { $in: [...keys] } }] }), steps).execute('all');
}

// An estimate gives way to what is there: no row beyond the page makes it the last one, and one more makes it end later.
function settle({ total, isExact }: Count, offset: number, size: number, length: number): number {
  if (isExact) return total;
  return length <= size ? offset + length : Math.max(total, offset + length);
}
