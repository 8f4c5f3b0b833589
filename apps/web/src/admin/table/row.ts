import { isWire, listOf, numberOf, textOf, type Wire, wireOf } from '../../executor/wire.codec.ts';

/** An object of a list, as it comes. */
export type Row = Wire;

/** A page of a list, with the length of the whole. */
export type RowPage = { readonly rows: readonly Row[]; readonly count: number };

/** Reads a page, or a list that comes as a whole. */
export function rowPage(body: unknown): RowPage {
  if (Array.isArray(body)) return { rows: body.map(wireOf), count: body.length };
  const wire = wireOf(body);
  const rows = listOf(wire, 'results', wireOf);
  return { rows, count: Math.max(rows.length, numberOf(wireOf(wire.pagination), 'count')) };
}

/** The key of an object, as text. */
export function keyOf(row: Row, key: string): string {
  const value = row[key];
  return typeof value === 'number' ? String(value) : textOf(row, key);
}

/** What is at a path such as `user.username`; undefined where there is nothing. */
export function valueAt(row: Row, path: string): unknown {
  let value: unknown = row;
  for (const name of path.split('.')) value = isWire(value) ? value[name] : undefined;
  return value;
}

/** What the address of a list says of it: the search, the order, and filters by their names. Empty values are left out. */
export type ListState = Readonly<Record<string, string>>;

/** The same with something changed. */
export function changed(state: ListState, change: Readonly<Record<string, string>>): ListState {
  return Object.fromEntries(Object.entries({ ...state, ...change }).filter(([, value]) => value !== ''));
}

/** The next order of a column: up, down, none. */
export function nextOrdering(current: string | undefined, field: string): string {
  if (current === field) return `-${field}`;
  return current === `-${field}` ? '' : field;
}

/** A list that came as a whole, searched and ordered here. */
export function arranged(rows: readonly Row[], { search = '', ordering = '' }: ListState): readonly Row[] {
  const words = search.toLocaleLowerCase();
  const found = words === '' ? rows : rows.filter((row) => JSON.stringify(row).toLocaleLowerCase().includes(words));
  if (ordering === '') return found;
  const [field, sign] = ordering.startsWith('-') ? [ordering.slice(1), -1] : [ordering, 1];
  const comparable = (row: Row) => String(valueAt(row, field) ?? '');
  return found.toSorted((a, b) => sign * comparable(a).localeCompare(comparable(b), undefined, { numeric: true }));
}
