import { type Condition, type Count, type EntityManager, raw } from '@postern/database';
import { Event } from './event.entity.ts';
import { conditionOf, type Term } from './event.terms.ts';

/** Up to here events are looked up by their words and put in order. Beyond, walking them in order finds enough for a page sooner. */
const FEW = 5_000;
/** From here on the planner's guess is good enough to say that words are common. */
const COMMON = 300_000;

/** Conditions of search terms, and how many events meet all of them. */
export type Weighed = { readonly where: readonly Condition[]; readonly count: Count | undefined };

/** Puts terms together: where one of them is rare, those that are common only filter what it finds. */
export async function weighTerms(em: EntityManager, terms: readonly Term[]): Promise<Weighed> {
  const narrowing = terms.filter(({ lists }) => lists.length > 0);
  if (narrowing.length === 0) return { where: [], count: undefined };
  const guesses: number[] = [];
  for (const term of narrowing) guesses.push(narrowing.length > 1 ? await guess(em, [conditionOf(term)]) : 0);
  const isMixed = guesses.some((one) => one <= COMMON);
  const where = narrowing.map((term, index) => conditionOf(term, isMixed && (guesses[index] ?? 0) > COMMON));
  const known = where.filter((condition) => condition !== undefined);
  return { where: known, count: await weighWords(em, known) };
}

/**
 * How many events have such words. The planner knows how common a word is only when it is very common, and guesses the same number for all others:
 * where they turn out to be few, the rest of the transaction looks events up instead of walking the log.
 */
async function weighWords(em: EntityManager, where: readonly Condition[]): Promise<Count> {
  const found = queryOf(em, where);
  const likely = await guessRows(em, found);
  if (likely > COMMON) return { total: likely, isExact: false };
  await em.execute('set local enable_indexscan = off');
  const [row] = await em.execute<{ total: number }[]>(
    `select count(*)::int as total from (${found} limit ${FEW + 1}) as found`,
  );
  const total = row?.total ?? 0;
  if (total <= FEW) return { total, isExact: true };
  await em.execute('set local enable_indexscan = on');
  return { total: Math.max(likely, total), isExact: false };
}

function guess(em: EntityManager, where: readonly (Condition | undefined)[]): Promise<number> {
  return guessRows(
    em,
    queryOf(
      em,
      where.filter((condition) => condition !== undefined),
    ),
  );
}

function queryOf(em: EntityManager, where: readonly Condition[]): string {
  return em
    .createQueryBuilder(Event)
    .select(raw('1'))
    .where({ $and: [...where] })
    .getFormattedQuery();
}

async function guessRows(em: EntityManager, sql: string): Promise<number> {
  const [row] = await em.execute<{ 'QUERY PLAN': [{ Plan: { 'Plan Rows': number } }] }[]>(
    `explain (format json) ${sql}`,
  );
  return row?.['QUERY PLAN'][0].Plan['Plan Rows'] ?? 0;
}
