import { at, type Condition } from './condition.ts';
import type { List } from './define-list.ts';

/** One step of an ordering. */
export type OrderStep = { path: string; descending: boolean };

type Orderings = Pick<List<object>, 'ordering' | 'defaultOrder' | 'unique'>;

/**
 * Reads `ordering=name,-created`. Unknown names are dropped; when none is left, the default counts. The key comes last, in the direction of the step
 * before it, so that one index serves the ordering forwards and backwards; not where an order before it leaves nothing to decide.
 */
export function orderOf(list: Orderings, ordering: unknown, key: string): OrderStep[] {
  const asked = [ordering ?? []].flat().flatMap((names) => String(names).split(','));
  const chosen = known(list, asked);
  const steps = chosen.length > 0 ? chosen : known(list, list.defaultOrder ?? []);
  const descending = steps.at(-1)?.descending ?? false;
  const decisive = new Set([key, ...(list.unique ?? []).map((name) => list.ordering?.[name])]);
  return steps.some(({ path }) => decisive.has(path)) ? steps : [...steps, { path: key, descending }];
}

/** The ordering in the mapper's words; backwards when a page is nearer to the end of the list. */
export function orderMap(steps: readonly OrderStep[], isBackwards = false): Condition[] {
  return steps.map(({ path, descending }) => at(path, descending === isBackwards ? 'asc' : 'desc'));
}

function known({ ordering = {} }: Orderings, names: readonly string[]): OrderStep[] {
  return names.flatMap((name) => {
    const descending = name.trim().startsWith('-');
    const plain = name.trim().replace(/^-/, '');
    const path = Object.hasOwn(ordering, plain) ? ordering[plain] : undefined;
    return path === undefined ? [] : [{ path, descending }];
  });
}
