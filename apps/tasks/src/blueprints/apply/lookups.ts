import { isJsonObject, type Json } from '../format/index.ts';
import { contains } from './values.ts';

type Test = (value: Json | undefined, wanted: Json) => boolean;

const text = (value: Json | undefined): string => (value === null || value === undefined ? '' : String(value));
const folded = (value: Json | undefined): string => text(value).toLowerCase();
const within = (value: Json | undefined, wanted: Json): boolean =>
  typeof value === 'string' ? value.includes(text(wanted)) : contains(value, wanted);

/** Comparisons that a name may end with, as `name__iexact`. */
const TESTS: Readonly<Record<string, Test>> = {
  exact: contains,
  iexact: (value, wanted) => folded(value) === folded(wanted),
  contains: within,
  icontains: (value, wanted) => folded(value).includes(folded(wanted)),
  startswith: (value, wanted) => text(value).startsWith(text(wanted)),
  istartswith: (value, wanted) => folded(value).startsWith(folded(wanted)),
  endswith: (value, wanted) => text(value).endsWith(text(wanted)),
  iendswith: (value, wanted) => folded(value).endsWith(folded(wanted)),
  in: (value, wanted) => Array.isArray(wanted) && wanted.some((one: Json) => contains(value, one)),
  isnull: (value, wanted) => ((value ?? null) === null) === (wanted === true),
};

/** A name of a condition, read: the field, a way into its value, and how it is compared. */
export type Lookup = {
  readonly field: string;
  readonly path: readonly string[];
  /** Whether the field has the wanted value, exactly. */
  readonly isExact: boolean;
  test(value: Json | undefined, wanted: Json): boolean;
};

/** Reads `name`, `name__iexact`, `attributes__team__in`. */
export function lookupOf(name: string): Lookup {
  const [field = '', ...rest] = name.split('__');
  const last = rest.at(-1);
  const isTest = last !== undefined && Object.hasOwn(TESTS, last);
  const path = isTest ? rest.slice(0, -1) : rest;
  const test = TESTS[isTest ? last : 'exact'] ?? contains;
  return {
    field,
    path,
    isExact: path.length === 0 && test === contains,
    test: (value, wanted) => test(inside(value, path), wanted),
  };
}

function inside(value: Json | undefined, path: readonly string[]): Json | undefined {
  return path.reduce<Json | undefined>((at, key) => (isJsonObject(at) ? at[key] : undefined), value);
}
