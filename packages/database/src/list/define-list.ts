import type { EntityName } from '@mikro-orm/core';
import type { Filter } from './filters.ts';
import type { SearchColumn } from './search.ts';

/** What a list offers. */
export type List<Entity extends object> = {
  readonly entity: EntityName<Entity>;
  /** Filters by parameter. Parameters that stand here are applied together. */
  readonly filters?: Readonly<Record<string, Filter>>;
  /** Columns that `search` looks into. */
  readonly search?: readonly SearchColumn[];
  /** Names a caller may order by, and the paths they mean: `{ name: 'name', user__username: 'user.username' }`. */
  readonly ordering?: Readonly<Record<string, string>>;
  /** Ordering when the caller names none: `['-created']`. Names of `ordering`. The primary key breaks ties. */
  readonly defaultOrder?: readonly string[];
  /** Names of `ordering` under which no two rows are equal: the key decides nothing after them, and their index need not hold it in its order. */
  readonly unique?: readonly string[];
  /** The table is a `countedTable`: its unfiltered count is at hand. */
  readonly counted?: boolean;
};

/** Declares a list. */
export function defineList<Entity extends object>(list: List<Entity>): List<Entity> {
  const unknown = list.defaultOrder?.find((name) => !list.ordering?.[name.replace(/^-/, '')]);
  if (unknown !== undefined) throw new Error(`the default order names "${unknown}", which is not one of the orderings`);
  return list;
}

/** Parameters of a list request; messages of the contract fit. A `page` that is absent means the first. */
export type ListRequest = {
  readonly page?: unknown;
  readonly page_size?: unknown;
  readonly ordering?: unknown;
  readonly search?: unknown;
};
