import { type Condition, raw } from '@postern/database';
import { invalidField } from '@postern/errors';

/** Columns that a query of `per_month` may reach into. */
const JSON_COLUMNS: readonly string[] = ['user', 'context', 'brand'];

/** Lookups that are columns of their own. */
const COLUMNS: ReadonlyMap<string, string> = new Map([
  ['action', 'action'],
  ['app', 'app'],
  ['client_ip', 'clientIp'],
  ['user__username', 'username'],
  ['user__pk', 'userPk'],
  ['brand__name', 'brandName'],
  ['context__username', 'attempted'],
  ['context__model__app', 'modelApp'],
  ['context__model__model_name', 'modelName'],
  ['context__model__pk', 'modelPk'],
  ['context__authorized_application__pk', 'application'],
]);

const LONGEST = 200;

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
  const property = COLUMNS.get(path);
  if (property !== undefined && (typeof value === 'string' || typeof value === 'number')) {
    return { [property]: String(value).replaceAll('\0', '').slice(0, LONGEST) };
  }
  const [column = '', ...steps] = path.split('__');
  if (!JSON_COLUMNS.includes(column) || steps.length === 0) {
    throw invalidField('query', `Cannot look up "${path}".`, 'QUERY_INVALID');
  }
  const json = JSON.stringify(value);
  // The database keeps no JSON with such characters.
  if (json.includes('\\u0000') || path.includes('\0')) return { $and: [{ [raw('false')]: [] }] };
  const sql = (alias: string) => `("${alias}"."${column}" #> ?::text[]) = ?::jsonb`;
  return { [raw(sql, [`{${steps.map((step) => JSON.stringify(step)).join(',')}}`, json])]: [] };
}
