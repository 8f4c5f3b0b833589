import type { EntityMetadata, FilterQuery, QueryOrderMap } from '@mikro-orm/core';
import type { EntityManager, QueryBuilder } from '@mikro-orm/postgresql';
import { type Condition, columnOf } from './condition.ts';
import type { List } from './define-list.ts';
import { type OrderStep, orderMap } from './order.ts';

/** What a list is about: its rows under conditions, in an order. */
export type Rows<Entity extends object> = {
  readonly em: EntityManager;
  readonly list: List<Entity>;
  readonly meta: EntityMetadata;
  /** Property of the primary key. */
  readonly key: string;
  readonly conditions: readonly Condition[];
  readonly steps: readonly OrderStep[];
};

/** Which part of the rows, in their order. */
export type Slice = { readonly offset: number; readonly size: number };

/** A key as it comes out of the database. */
export type Key = string | number;

/** How many rows there are, and the keys of those that are asked for. */
export type Found = { readonly total: number; readonly keys: readonly Key[] };

/**
 * A query for these rows, in no order; only for those that another query finds, where there is one. Conditions are put together from
 * declarations, which the mapper's types cannot follow.
 */
export function query<Entity extends object>(
  { em, list, conditions }: Pick<Rows<Entity>, 'em' | 'list' | 'conditions'>,
  within?: QueryBuilder<Entity>,
): QueryBuilder<Entity> {
  const all: QueryBuilder<Entity> = em.createQueryBuilder<Entity>(list.entity);
  const rows = within ? (all.from(within as never) as QueryBuilder<Entity>) : all;
  for (const condition of conditions) rows.andWhere(condition as FilterQuery<Entity> as never);
  return rows;
}

/** The same query in an order. */
export function ordered<Entity extends object>(
  rows: QueryBuilder<Entity>,
  steps: readonly OrderStep[],
  isBackwards = false,
) {
  return rows.orderBy(orderMap(steps, isBackwards) as QueryOrderMap<Entity>[] as never);
}

/** Whether the order is one of columns of the table itself. */
export function isOwnOrder({ steps, meta }: Pick<Rows<object>, 'steps' | 'meta'>): boolean {
  return steps.every(({ path }) => meta.properties[path as never]?.fieldNames?.length === 1);
}

/** What of the rows is looked at. Default: all of them. */
export type Sight = {
  /** The first so many of the order alone. */
  readonly window?: number;
  /** No more than so many and one: of more of them the keys mean nothing. */
  readonly most?: number;
};

/**
 * The rows that are found, as a set that is put in order afterwards: without an order to walk along, and without a number at which it may stop,
 * the planner takes what finds them fastest.
 */
export async function collect<Entity extends object>(
  rows: Rows<Entity>,
  { offset, size }: Slice,
  { window, most }: Sight = {},
): Promise<Found> {
  const { em, list, meta, key, steps } = rows;
  const column = quoted(meta, key);
  const columns = [...new Set([key, ...steps.map(({ path }) => path)])];
  const first = window && ordered(query({ em, list, conditions: [] }), steps).limit(window);
  const all = query(rows, first || undefined).select(columns as never);
  const found = (most === undefined ? all : all.limit(most + 1)).getFormattedQuery();
  const order = steps.map(({ path, descending }) => `${quoted(meta, path)} ${descending ? 'desc' : 'asc'}`).join(', ');
  const [row] = await em.execute<Found[]>(
    `with found as materialized (${found}) select (select count(*)::int from found) as total,
      to_json(array(select ${column} from found order by ${order} limit ${size} offset ${offset})) as keys`,
  );
  return row ?? { total: 0, keys: [] };
}

/** Rows that are looked at, in their order, before the rest of the table is. */
const WINDOWS = [500, 5_000];

/** The keys of a page near the beginning of the order; undefined where the first few thousand rows do not fill it. */
export async function lookAhead<Entity extends object>(
  rows: Rows<Entity>,
  slice: Slice,
): Promise<readonly Key[] | undefined> {
  for (const window of WINDOWS) {
    const { keys } = await collect(rows, slice, { window });
    if (keys.length === slice.size) return keys;
  }
  return undefined;
}

function quoted(meta: EntityMetadata, property: string): string {
  return `"${columnOf(meta, property)}"`;
}
