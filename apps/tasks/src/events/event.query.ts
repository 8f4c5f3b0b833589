import { type Condition, raw } from '@postern/database';
import { invalidField } from '@postern/errors';

/** Columns that a query of `per_month` may reach into, and those it may compare. */
const JSON_COLUMNS: readonly string[] = ['user', 'context', 'brand'];
const TEXT_COLUMNS: Readonly<Record<string, string>> = { action: 'action', app: 'app', client_ip: 'client_ip' };

/**
 * Reads a JSON object of lookups such as `{"context__authorized_application__pk": "..."}`: equality, with `__` reaching into free-form
 * properties. Throws a field error that names `query`.
 */
export function readEventQuery(query: string): Condition | undefined {
  const conditions = Object.entries(parse(query)).map(([path, value]) => lookup(path, value));
  return conditions.length > 0 ? { $and: conditions } : undefined;
}

function parse(query: string): object {
  if (query === '') return {};
  try {
    const value: unknown = JSON.parse(query);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  } catch {
    // Falls through: the answer is the same for what is no JSON and for what is no object.
  }
  throw invalidField('query', 'Value must be a JSON object.', 'QUERY_INVALID');
}

function lookup(path: string, value: unknown): Condition {
  const [column = '', ...steps] = path.split('__');
  const text = TEXT_COLUMNS[column];
  if (text !== undefined && steps.length === 0) return { [raw((alias) => `"${alias}"."${text}"`)]: String(value) };
  if (!JSON_COLUMNS.includes(column) || steps.length === 0) {
    throw invalidField('query', `Cannot look up "${path}".`, 'QUERY_INVALID');
  }
  const sql = (alias: string) => `("${alias}"."${column}" #> ?::text[]) = ?::jsonb`;
  return { [raw(sql, [`{${steps.map((step) => JSON.stringify(step)).join(',')}}`, JSON.stringify(value)])]: [] };
}
