import { PosternError, type Violation } from '@postern/errors';
import { BlueprintError, type Entry, isJsonObject, type JsonObject, type Tagged } from '../format/index.ts';

/** What a service refuses because of what it was asked; all else is no fault of the blueprint. */
const FAULTS = new Set([
  'INVALID_ARGUMENT',
  'ALREADY_EXISTS',
  'FAILED_PRECONDITION',
  'NOT_FOUND',
  'OUT_OF_RANGE',
  'PERMISSION_DENIED',
  'UNIMPLEMENTED',
]);

/** Where the values of an entry stand. */
export type Placed = { readonly entry: Entry; readonly identifiers: JsonObject; readonly attrs: JsonObject };

/** What is wrong with an entry, with entry, field and line: one error for each violation. */
export class EntryErrors extends Error {
  override readonly name = 'EntryErrors';
  readonly errors: readonly BlueprintError[];

  constructor(errors: readonly BlueprintError[]) {
    super(errors.map((error) => error.describe()).join('\n'));
    this.errors = errors;
  }
}

/**
 * The refusal of a service, or violations of a decoder, in the terms of the entry.
 *
 * @param body field of the request that the object was, which a service may name before the field
 */
export function refusal(violations: readonly Violation[], placed: Placed, body = ''): EntryErrors {
  return new EntryErrors(
    violations.map(({ field, description }) => {
      const own = body !== '' && field.startsWith(`${body}.`) ? field.slice(body.length + 1) : field;
      return new BlueprintError(description, placeOf(own, placed));
    }),
  );
}

/** Translates what a service threw. What is no fault of the entry passes as it is. */
export function translateFailure(error: unknown, placed: Placed, body = ''): never {
  if (error instanceof BlueprintError) throw error.at(placeOf('', placed));
  if (!(error instanceof PosternError) || !FAULTS.has(error.code)) throw error;
  const { violations, message } = error;
  throw refusal(violations.length > 0 ? violations : [{ field: '', description: message, reason: '' }], placed, body);
}

function placeOf(path: string, { entry, identifiers, attrs }: Placed) {
  const [name = ''] = path.split('.');
  if (path === '') return { entry: entry.index, line: entry.line };
  const isIdentifier = Object.hasOwn(identifiers, name) && isJsonObject(identifiers);
  const part = isIdentifier || !Object.hasOwn(attrs, name) ? isIdentifier : false;
  const where = part ? 'identifiers' : 'attrs';
  return { entry: entry.index, field: `${where}.${path}`, line: lineOf(entry[where], path.split('.')) || entry.line };
}

/** Line of the innermost value on a path that the document holds. */
function lineOf(value: Tagged, [name, ...rest]: readonly string[]): number {
  if (name === undefined) return value.line;
  const inner =
    value.kind === 'map' ? value.fields.get(name) : value.kind === 'list' ? value.items[Number(name)] : undefined;
  return inner === undefined ? value.line : lineOf(inner, rest);
}
