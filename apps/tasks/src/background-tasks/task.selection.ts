import type { JobCondition, JobField, JobSelection } from '../jobs/index.ts';
import { backgroundTaskErrors as errors } from './background-task.errors.ts';

type Scalar = Exclude<JobCondition['value'], readonly unknown[]>;

/** How a filter compares. */
const COMPARISONS: readonly JobCondition['comparison'][] = [
  'exact',
  'iexact',
  'contains',
  'icontains',
  'startswith',
  'istartswith',
  'endswith',
  'iendswith',
  'in',
  'gt',
  'gte',
  'lt',
  'lte',
  'isnull',
];

/** What a request says, as it came. */
export type Asked = { readonly items?: unknown; readonly filters?: unknown; readonly all?: string | undefined };

/** What keys and filters may be. */
export type SelectionRules = {
  /** The form of a key. */
  readonly key: RegExp;
  /** What the fields that a filter may name are called in the queue. */
  readonly fields: Readonly<Record<string, JobField>>;
};

const YES = new Set(['1', 'y', 'yes', 't', 'true', 'ok', 'on', '']);

/** Reads which tasks are meant. Throws what is wrong with the request; an empty list or object counts as none. */
export function readSelection({ items, filters, all }: Asked, rules: SelectionRules): JobSelection {
  if (all !== undefined && !YES.has(all.toLowerCase())) throw errors.TASK_ALL_NOT_TRUE();
  const keys = readKeys(items, rules);
  const conditions = readConditions(filters, rules);
  if (!keys && conditions.length === 0 && all === undefined) throw errors.TASKS_NOT_SELECTED();
  return { ...(keys ? { keys } : {}), conditions };
}

function readKeys(items: unknown, { key }: SelectionRules): string[] | undefined {
  if (items === undefined || items === null) return undefined;
  if (!Array.isArray(items)) throw errors.TASK_ITEMS_NOT_A_LIST();
  if (items.length === 0) return undefined;
  return items.map((item: unknown) => {
    const text = typeof item === 'string' || typeof item === 'number' ? String(item) : '';
    if (!key.test(text)) throw errors.TASK_ITEMS_INVALID();
    return text;
  });
}

function readConditions(filters: unknown, rules: SelectionRules): JobCondition[] {
  if (filters === undefined || filters === null) return [];
  if (typeof filters !== 'object' || Array.isArray(filters)) throw errors.TASK_FILTERS_NOT_A_DICT();
  return Object.entries(filters).map(([name, value]) => readCondition(name, value, rules));
}

function readCondition(name: string, value: unknown, { fields }: SelectionRules): JobCondition {
  const [field = '', comparison = 'exact', ...more] = name.split('__');
  const known = COMPARISONS.find((one) => one === comparison);
  const column = Object.hasOwn(fields, field) ? fields[field] : undefined;
  if (!column || !known || more.length > 0 || !isFit(known, value)) throw errors.TASK_FILTERS_INVALID();
  return { field: column, comparison: known, value };
}

function isFit(comparison: JobCondition['comparison'], value: unknown): value is JobCondition['value'] {
  if (comparison === 'in') return Array.isArray(value) && value.every(isScalar);
  if (comparison === 'isnull') return typeof value === 'boolean';
  return isScalar(value) && (value !== null || comparison === 'exact');
}

function isScalar(value: unknown): value is Scalar {
  return value === null || ['string', 'number', 'boolean'].includes(typeof value);
}
