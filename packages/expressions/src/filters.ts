import type { Filters } from './contract.ts';
import type { Json } from './json.ts';
import type { GroupFacts } from './people.ts';

type Comparison = (held: string, wanted: string) => boolean;

const COMPARISONS: Readonly<Record<string, Comparison>> = {
  exact: (held, wanted) => held === wanted,
  iexact: (held, wanted) => held.toLowerCase() === wanted.toLowerCase(),
  contains: (held, wanted) => held.includes(wanted),
  icontains: (held, wanted) => held.toLowerCase().includes(wanted.toLowerCase()),
  startswith: (held, wanted) => held.startsWith(wanted),
  istartswith: (held, wanted) => held.toLowerCase().startsWith(wanted.toLowerCase()),
  endswith: (held, wanted) => held.endsWith(wanted),
  iendswith: (held, wanted) => held.toLowerCase().endsWith(wanted.toLowerCase()),
};

/** Whether an object meets every condition: `{ name: 'x', username__startswith: 'a', pk__in: [1] }`. Unknown ones are met by nothing. */
export function matches(row: object, filters: Filters): boolean {
  return Object.entries(filters).every(([lookup, wanted]) => {
    const [field = '', comparison = 'exact', ...further] = lookup.split('__');
    const name = field === 'id' ? 'pk' : field;
    if (further.length > 0 || !Object.hasOwn(row, name)) return false;
    const held: unknown = Reflect.get(row, name);
    if (comparison === 'in') return Array.isArray(wanted) && wanted.some((one) => isSame(held, one));
    if (comparison === 'exact' && typeof wanted !== 'string') return isSame(held, wanted);
    const compare = Object.hasOwn(COMPARISONS, comparison) ? COMPARISONS[comparison] : undefined;
    return compare !== undefined && typeof wanted === 'string' && isText(held) && compare(String(held), wanted);
  });
}

/** Whether a group, or one above it, meets every condition. */
export function matchesWithin(group: GroupFacts, filters: Filters): boolean {
  if (matches(withoutParent(group), filters)) return true;
  return group.parent ? matchesWithin(group.parent, filters) : false;
}

function withoutParent({ parent, ...group }: GroupFacts): object {
  return { ...group, group_uuid: group.pk };
}

function isText(value: unknown): boolean {
  return typeof value === 'string' || typeof value === 'number';
}

function isSame(held: unknown, wanted: Json): boolean {
  return held === wanted || (isText(held) && isText(wanted) && String(held) === String(wanted));
}
