/** How values of the contract compare: pure functions on JSON. */

import { isDeepStrictEqual } from 'node:util';
import { isJsonObject, type Json } from '../format/index.ts';

/** Whether two keys are the same: numbers and texts alike, UUIDs whatever their case. */
export function isSameKey(a: Json | undefined, b: Json): boolean {
  if (a === null || a === undefined || b === null) return (a ?? null) === b;
  return String(a).toLowerCase() === String(b).toLowerCase();
}

/** Whether a value is what an identifier asks for: the same scalar, an object that contains the wanted one, a list with all wanted items. */
export function contains(value: Json | undefined, wanted: Json): boolean {
  if (isJsonObject(wanted)) {
    return isJsonObject(value) && Object.entries(wanted).every(([key, item]) => contains(value[key], item));
  }
  if (Array.isArray(wanted)) {
    return Array.isArray(value) && wanted.every((item: Json) => value.some((one: Json) => contains(one, item)));
  }
  if (typeof wanted === 'boolean' || typeof value === 'boolean') return value === wanted;
  return wanted === null || value === null || value === undefined
    ? (value ?? null) === wanted
    : String(value) === String(wanted);
}

/** Whether a field has its value already. The order of keys of other objects means nothing. */
export function isSameValue(before: Json | undefined, after: Json | undefined, isReference: boolean): boolean {
  if (isReference && Array.isArray(before) && Array.isArray(after))
    return isDeepStrictEqual(sorted(before), sorted(after));
  if (isReference && !Array.isArray(after)) return isSameKey(before, after ?? null);
  return isDeepStrictEqual(before ?? null, after ?? null) || isSameTime(before, after);
}

function sorted(keys: readonly Json[]): string[] {
  return [...new Set(keys.map((key) => String(key).toLowerCase()))].sort();
}

const TIME = /^\d{4}-\d\d-\d\dT/;

function isSameTime(a: Json | undefined, b: Json | undefined): boolean {
  const isTime = [a, b].every((value) => typeof value === 'string' && TIME.test(value));
  return isTime && Date.parse(String(a)) === Date.parse(String(b));
}

const TITLES = ['name', 'username', 'slug', 'identifier', 'domain', 'title', 'field_key'] as const;

/** What an object is called. */
export function titleOf(object: { readonly [field: string]: Json }): string {
  const title = TITLES.map((field) => object[field]).find((value) => typeof value === 'string' && value !== '');
  return String(title ?? object.pk ?? '');
}
