import { type Condition, type EntityManager, raw } from '@postern/database';
import { SEPARATORS, STOP_WORDS } from './event-words.migration.ts';

/** A search term, looked up in the dictionary of words. */
export type Term = {
  readonly term: string;
  /** Numbers of words, one list for each part of the term: an event that holds the term has a word of each. */
  readonly lists: readonly (readonly number[])[];
  /** Keys of events that begin with the term. */
  readonly keys?: Condition | undefined;
  /** Whether the words say all that the term does. */
  readonly isExact: boolean;
};

/** Beyond this many words a part of a word says too little. */
const MOST_WORDS = 1_000;
/** Words of a search that count, repeated ones once: who says more has said enough. */
const MOST_TERMS = 32;
/** Shorter parts of words have no index. */
const SHORTEST = 3;
const NOTHING: Condition = { $and: [{ [raw('false')]: [] }] };

/** Terms of a search, as lists read them; at most 32. */
export function termsOf(search: unknown): string[] {
  const text = String(search ?? '').replaceAll('\0', '');
  const terms = new Set(text.replaceAll(',', ' ').split(/\s+/).filter(Boolean));
  return [...terms].slice(0, MOST_TERMS);
}

/** Looks a term up. Each part of it that no separator cuts lies within one word of an event that holds the term. */
export async function readTerm(em: EntityManager, term: string): Promise<Term> {
  const parts = partsOf(term);
  const found = await Promise.all(parts.map((part) => wordsLike(em, part)));
  const lists = found.filter((ids) => ids !== undefined);
  const isWhole = parts.length === 1 && parts[0]?.length === term.length;
  return { term, lists, keys: keysFrom(term.toLowerCase()), isExact: isWhole && lists.length === 1 };
}

/** The condition of a term; undefined when it narrows nothing. As a filter it asks for no index. */
export function conditionOf({ lists, keys }: Term, isFilter = false): Condition | undefined {
  if (lists.length === 0) return undefined;
  const words = lists.map((ids) => has(ids, isFilter));
  return keys ? { $or: [{ $and: words }, keys] } : { $and: words };
}

function has(ids: readonly number[], isFilter: boolean): Condition {
  if (ids.length === 0) return NOTHING;
  const column = (alias: string) => (isFilter ? `("${alias}"."words" || '{}'::int[])` : `"${alias}"."words"`);
  return { [raw((alias) => `${column(alias)} && ?::int[]`, [`{${ids.join(',')}}`])]: [] };
}

function partsOf(term: string): string[] {
  const parts: string[] = [''];
  for (const letter of term) {
    if (SEPARATORS.includes(letter)) parts.push('');
    else parts.push(`${parts.pop() ?? ''}${letter}`);
  }
  return parts.filter(Boolean);
}

/** Numbers of the words that hold a part; undefined when it says too little. */
async function wordsLike(em: EntityManager, part: string): Promise<number[] | undefined> {
  const small = part.toLowerCase();
  if (part.length < SHORTEST || STOP_WORDS.some((word) => word.includes(small))) return undefined;
  const rows = await em.execute<{ id: number }[]>(
    `select id from event_word where word ilike ? limit ${MOST_WORDS + 1}`,
    [`%${part.replaceAll(/[\\%_]/g, '\\$&')}%`],
  );
  return rows.length > MOST_WORDS ? undefined : rows.map(({ id }) => id);
}

/** The key of an event is no word; its beginning is found in order. */
function keysFrom(term: string): Condition | undefined {
  const digits = term.replaceAll('-', '');
  const isBeginning = /^[0-9a-f]{8}(-[0-9a-f-]*)?$/.test(term) && dashed(digits).startsWith(term.replace(/-$/, ''));
  if (!isBeginning) return undefined;
  return { pk: { $gte: dashed(digits.padEnd(32, '0')), $lte: dashed(digits.padEnd(32, 'f')) } };
}

function dashed(digits: string): string {
  const places = [0, 8, 12, 16, 20, 32];
  const groups = places.slice(1).map((end, index) => digits.slice(places[index], end));
  return groups.filter(Boolean).join('-');
}
