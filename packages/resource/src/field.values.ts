import { isDeepStrictEqual } from 'node:util';
import type { Allowed } from '@postern/database';

/** Fields by name, as a row has them. */
export type Values = Readonly<Record<string, unknown>>;

/** What a change did to the fields of a row. */
export type FieldChange = {
  /** Names of the fields that have another value, and of those whose value cannot be compared. */
  readonly changed: string[];
  /** The values of those that anyone may read who reads the audit log. */
  readonly before: Values;
  readonly after: Values;
};

/** Texts that name an object: events show them already. Any other text may hold a secret somewhere. */
const NAMES: ReadonlySet<string> = new Set(['name', 'slug', 'title', 'domain', 'username', 'identifier']);

/** The values of the fields that a resource keeps as they come. */
export function valuesOf<Row extends object, Message>(row: Row, fields: Allowed<Row, Message>): Values {
  const kept = Object.entries(fields).filter((entry): entry is [string, string] => typeof entry[1] === 'string');
  return Object.fromEntries(kept.map(([field, property]) => [field, Reflect.get(row, property) ?? null]));
}

/** Compares two readings of a row. `applied` are the fields that the caller gave. */
export function changeOf(applied: readonly string[], before: Values, after: Values): FieldChange {
  const changed = applied.filter((field) => !(field in before) || !isDeepStrictEqual(before[field], after[field]));
  return { changed, before: harmless(changed, before), after: harmless(changed, after) };
}

function harmless(fields: readonly string[], values: Values): Values {
  return Object.fromEntries(
    fields.filter((field) => isHarmless(field, values[field])).map((field) => [field, values[field]]),
  );
}

function isHarmless(field: string, value: unknown): boolean {
  if (typeof value === 'boolean' || typeof value === 'number') return true;
  return typeof value === 'string' && NAMES.has(field);
}
