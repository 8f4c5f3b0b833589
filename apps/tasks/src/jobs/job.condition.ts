import type { JobCondition, JobField, Scalar } from './job.queries.ts';

/** Values of a statement, in the order in which their marks were asked for. */
export type Parameters = { readonly values: unknown[]; add(value: unknown): string };

/** Starts the values of a statement. */
export function parameters(): Parameters {
  const values: unknown[] = [];
  return { values, add: (value) => `$${values.push(value)}` };
}

type FieldType = 'text' | 'number' | 'time' | 'boolean';

/** How fields stand in a statement. */
export type Fields = Readonly<Record<JobField, { readonly sql: string; readonly type: FieldType }>>;

const COMPARE = { exact: '=', gt: '>', gte: '>=', lt: '<', lte: '<=' } as const;
const CASTS = { text: 'text', number: 'float8', time: 'timestamptz', boolean: 'boolean' } as const;
const PLACES = {
  contains: (text: string) => `%${text}%`,
  startswith: (text: string) => `${text}%`,
  endswith: (text: string) => `%${text}`,
} as const;
const NOTHING = 'false';

/** A condition as SQL. What no value of the field could fulfil is fulfilled by none. */
export function conditionSql({ field, comparison, value }: JobCondition, fields: Fields, params: Parameters): string {
  const { sql, type } = fields[field];
  const mark = (scalar: Scalar): string | undefined => {
    const fit = fitting(scalar, type);
    return fit === undefined ? undefined : `${params.add(fit)}::${CASTS[type]}`;
  };
  if (comparison === 'isnull') return `${sql} is ${value === true ? '' : 'not '}null`;
  if (comparison === 'in') {
    const marks = listOf(value).flatMap((one) => mark(one) ?? []);
    return marks.length > 0 ? `${sql} in (${marks.join(', ')})` : NOTHING;
  }
  const [scalar = null] = listOf(value);
  if (comparison === 'exact' && scalar === null) return `${sql} is null`;
  if (comparison in COMPARE) {
    const right = mark(scalar);
    return right ? `${sql} ${Reflect.get(COMPARE, comparison)} ${right}` : NOTHING;
  }
  return likeSql(`${sql}::text`, comparison, String(scalar), params);
}

function likeSql(sql: string, comparison: string, text: string, params: Parameters): string {
  if (comparison === 'iexact') return `lower(${sql}) = lower(${params.add(text)})`;
  const isLoose = comparison.startsWith('i');
  const place: ((text: string) => string) | undefined = Reflect.get(PLACES, isLoose ? comparison.slice(1) : comparison);
  if (!place) return NOTHING;
  const pattern = place(text.replaceAll(/[\\%_]/g, '\\$&'));
  return `${sql} ${isLoose ? 'ilike' : 'like'} ${params.add(pattern)}`;
}

function listOf(value: JobCondition['value']): readonly Scalar[] {
  return typeof value === 'object' && value !== null ? value : [value];
}

function fitting(value: Scalar, type: FieldType): Scalar | undefined {
  if (value === null) return undefined;
  if (type === 'text') return String(value);
  if (type === 'boolean') return typeof value === 'boolean' ? value : undefined;
  if (type === 'number') return value !== '' && Number.isFinite(Number(value)) ? Number(value) : undefined;
  const time = typeof value === 'string' ? new Date(value) : undefined;
  return time && !Number.isNaN(time.getTime()) ? time.toISOString() : undefined;
}
