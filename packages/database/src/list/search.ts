import type { EntityMetadata } from '@mikro-orm/core';
import { raw } from '@mikro-orm/core';
import { at, type Condition, columnOf, containing } from './condition.ts';

/** A column that is searched: a text by its path, or one whose text form needs thought. */
export type SearchColumn = string | ((term: string, meta: EntityMetadata) => Condition | undefined);

/** Searches a boolean by its text, without spoiling the index of the others. */
export function booleanText(path: string): SearchColumn {
  return (term) => {
    const values = [true, false].filter((value) => String(value).includes(term.toLowerCase()));
    return values.length > 0 ? at(path, { $in: values }) : undefined;
  };
}

/** Searches a column of another type (UUID, JSON) by its text. */
export function textOf(property: string, isPossible: (term: string) => boolean = () => true): SearchColumn {
  return (term, meta) => {
    if (!isPossible(term)) return undefined;
    const column = columnOf(meta, property);
    return { [raw((alias) => `"${alias}"."${column}"::text`)]: containing(term) };
  };
}

/** Searches a UUID by its text; a term that cannot be part of one costs nothing. */
export function uuidText(property: string): SearchColumn {
  return textOf(property, (term) => /^[0-9a-f-]+$/i.test(term));
}

/** Terms of a search that count, repeated ones once: a statement with thousands of conditions would be planned for minutes. */
const MOST_TERMS = 32;

/** Every term, of the first 32, must be found in some column. Commas part terms as blanks do; there is no quoting. */
export function searchConditions(search: unknown, columns: readonly SearchColumn[], meta: EntityMetadata): Condition[] {
  if (columns.length === 0 || typeof search !== 'string') return [];
  const words = search.replaceAll('\0', '').replaceAll(',', ' ').split(/\s+/).filter(Boolean);
  const terms = [...new Set(words)].slice(0, MOST_TERMS);
  return terms.map((term) => {
    const places = columns.map((column) =>
      typeof column === 'string' ? at(column, containing(term)) : column(term, meta),
    );
    const possible = places.filter((place) => place !== undefined);
    return possible.length > 0 ? { $or: possible } : NOTHING;
  });
}

const NOTHING: Condition = { $and: [{ [raw('false')]: [] }] };
