import type { Condition, Count, EntityManager, ListRequest } from '@postern/database';
import { readTerm, termsOf } from './event.terms.ts';
import { weighTerms } from './event.weight.ts';

/** A request whose costly questions were answered from what is small: the actions that occur, and the dictionary of words. */
export type Narrowed = {
  /** What is left to be asked of the events themselves. */
  readonly request: ListRequest;
  /** What the answers come to; undefined for no restriction. */
  readonly where: Condition | undefined;
  /** Actions that the request is about; undefined for all. */
  readonly actions: readonly string[] | undefined;
  /** How many events that is, where the words alone say so. */
  readonly count: Count | undefined;
};

/** Parameters that restrict nothing. */
const PAGING: ReadonlySet<string> = new Set(['page', 'page_size', 'ordering']);

/** Narrows a request down. Nothing that it asks for is lost; only where the words say it all, the events are not asked again. */
export async function narrow(em: EntityManager, { search, ...rest }: ListRequest): Promise<Narrowed> {
  const { action, ...request } = rest as ListRequest & { action?: unknown };
  const actions = action ? await actionsLike(em, String(action)) : undefined;
  const terms = await Promise.all(termsOf(search).map((term) => readTerm(em, term)));
  const words = await weighTerms(em, terms);
  const conditions = [...(actions ? [{ action: { $in: actions } }] : []), ...words.where];
  const open = terms.filter(({ isExact }) => !isExact).map(({ term }) => term);
  const isAll =
    open.length === 0 && !actions && !Object.entries(request).some(([name, value]) => value && !PAGING.has(name));
  return {
    request: open.length > 0 ? { ...request, search: open.join(' ') } : request,
    where: conditions.length > 0 ? { $and: conditions } : undefined,
    actions,
    count: isAll ? words.count : undefined,
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
