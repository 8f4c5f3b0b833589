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
      typeof column === 'string' ? inText(column, term, meta) : column(term, meta),
    );
    const possible = places.filter((place) => place !== undefined);
    return possible.length > 0 ? { $or: possible } : NOTHING;
  });
}

/**
 * A column of the list's own table holds a term. An index of trigrams is asked for the words of the term alone, and whole texts are looked
 * at afterwards: it would also look for the ends of words, which nearly every row has, and for a domain that all addresses share.
 */
export function holding(column: string, term: string): Condition {
  const [local = '', domain] = term.split('@');
  const words = (domain !== undefined && WORD.test(local) ? local : term).split(NO_WORD).filter(Boolean);
  const held = { [raw((alias) => `"${alias}"."${column}"`)]: containing(term) };
  if (words[0] === term || !words.some((word) => WORD.test(word))) return held;
  const { $ilike } = containing(term);
  // No index answers a case, and the planner takes it for true every other time.
  const whole = (alias: string) => `case when "${alias}"."${column}" ilike ? then true else false end`;
  return {
    $and: [
      { [raw((alias) => `"${alias}"."${column}"`)]: { $ilike: `%${words.join('%')}%` } },
      { [raw(whole, [$ilike])]: [] },
    ],
  };
}

/** What an index of trigrams can look for. */
const WORD = /[\p{L}\p{N}]{3}/u;
const NO_WORD = /[^\p{L}\p{N}]+/u;

function inText(path: string, term: string, meta: EntityMetadata): Condition {
  return Object.hasOwn(meta.properties, path) ? holding(columnOf(meta, path), term) : at(path, containing(term));
}

const NOTHING: Condition = { $and: [{ [raw('false')]: [] }] };
