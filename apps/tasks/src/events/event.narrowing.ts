import { type Condition, type EntityManager, type ListRequest, raw } from '@postern/database';
import { SEPARATORS, STOP_WORDS } from './event-words.migration.ts';

/** A request whose costly questions were answered from what is small: the actions that occur, and the dictionary of words. */
export type Narrowed = {
  /** What is left to be asked of the events themselves. */
  readonly request: ListRequest;
  /** What the answers come to; undefined for no restriction. */
  readonly where: Condition | undefined;
  /** Actions that the request is about; undefined for all. */
  readonly actions: readonly string[] | undefined;
};

/** Beyond this many words a part of a word says too little. */
const MOST_WORDS = 1_000;
/** Shorter parts of words have no index. */
const SHORTEST = 3;
const NOTHING: Condition = { $and: [{ [raw('false')]: [] }] };

/** Narrows a request down. Nothing that it asks for is lost; only where the words say it all, the events are not asked again. */
export async function narrow(em: EntityManager, { search, ...rest }: ListRequest): Promise<Narrowed> {
  const { action, ...request } = rest as ListRequest & { action?: unknown };
  const actions = action ? await actionsLike(em, String(action)) : undefined;
  const terms = await Promise.all(termsOf(search).map((term) => narrowTerm(em, term)));
  const conditions = [actions && { action: { $in: actions } }, ...terms.map(({ where }) => where)];
  const known = conditions.filter((condition) => condition !== undefined);
  const open = terms.filter(({ isExact }) => !isExact).map(({ term }) => term);
  return {
    request: open.length > 0 ? { ...request, search: open.join(' ') } : request,
    where: known.length > 0 ? { $and: known } : undefined,
    actions,
  };
}

/** The actions of the tenant's events that contain a text: hops from one to the next, as there are few. */
export async function actionsLike(em: EntityManager, text: string): Promise<string[]> {
  const rows = await em.execute<{ action: string }[]>(
    `with recursive found (action) as (
       (select action from event_count order by action limit 1)
       union all
       select (select c.action from event_count c where c.action > found.action order by c.action limit 1)
       from found where found.action is not null
     ) select action from found where action ilike ?`,
    [`%${text.replaceAll('\0', '').replaceAll(/[\\%_]/g, '\\$&')}%`],
  );
  return rows.map(({ action }) => action);
}

type Term = { readonly term: string; readonly where: Condition | undefined; readonly isExact: boolean };

function termsOf(search: unknown): string[] {
  const text = String(search ?? '').replaceAll('\0', '');
  return text.replaceAll(',', ' ').split(/\s+/).filter(Boolean);
}

/** Each part of a term that no separator cuts lies within one word of an event that holds the term. */
async function narrowTerm(em: EntityManager, term: string): Promise<Term> {
  // It may be part of the key of an event, which is no word.
  if (/^[0-9a-f-]+$/i.test(term) && term.length <= 36) return narrowKey(em, term);
  const parts = partsOf(term);
  const found = await Promise.all(parts.map((part) => wordsLike(em, part)));
  const isExact = found.length === 1 && found[0] !== undefined && parts[0]?.length === term.length;
  return { term, where: allOf(found), isExact };
}

/** Hexadecimal digits: a word, or the beginning of a key. */
async function narrowKey(em: EntityManager, term: string): Promise<Term> {
  const words = await wordsLike(em, term.toLowerCase());
  if (words === undefined) return { term, where: undefined, isExact: false };
  const keys = keysFrom(term.toLowerCase());
  return { term, where: keys ? { $or: [has(words), keys] } : has(words), isExact: true };
}

function keysFrom(term: string): Condition | undefined {
  const digits = term.replaceAll('-', '');
  const looksLikeIt = /^[0-9a-f]{8}(-|$)/.test(term) && dashed(digits).startsWith(term);
  if (!looksLikeIt) return undefined;
  return { pk: { $gte: dashed(digits.padEnd(32, '0')), $lte: dashed(digits.padEnd(32, 'f')) } };
}

function dashed(digits: string): string {
  return [
    [0, 8],
    [8, 12],
    [12, 16],
    [16, 20],
    [20, 32],
  ]
    .map(([from, to]) => digits.slice(from, to))
    .filter(Boolean)
    .join('-');
}

function partsOf(term: string): string[] {
  const parts: string[] = [''];
  for (const letter of term.toLowerCase()) {
    if (SEPARATORS.includes(letter)) parts.push('');
    else parts.push(`${parts.pop() ?? ''}${letter}`);
  }
  return parts.filter(Boolean);
}

/** Numbers of the words that hold a part; undefined when it says too little. */
async function wordsLike(em: EntityManager, part: string): Promise<number[] | undefined> {
  if (part.length < SHORTEST || STOP_WORDS.some((word) => word.includes(part))) return undefined;
  const rows = await em.execute<{ id: number }[]>(
    `select id from event_word where word ilike ? limit ${MOST_WORDS + 1}`,
    [`%${part.replaceAll(/[\\%_]/g, '\\$&')}%`],
  );
  return rows.length > MOST_WORDS ? undefined : rows.map(({ id }) => id);
}

function allOf(found: readonly (number[] | undefined)[]): Condition | undefined {
  const conditions = found.filter((ids) => ids !== undefined).map(has);
  return conditions.length > 0 ? { $and: conditions } : undefined;
}

function has(ids: readonly number[]): Condition {
  if (ids.length === 0) return NOTHING;
  return { [raw((alias) => `"${alias}"."words" && ?::int[]`, [`{${ids.join(',')}}`])]: [] };
}
