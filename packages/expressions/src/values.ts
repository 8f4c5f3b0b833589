import type { Kept } from './contract.ts';
import type { Json } from './json.ts';
import { ModelObject, type Value } from './model-object.ts';

/**
 * A value as text for the interpreter: JSON in which an object is a dictionary with its kind under `$`. Keys that start with `$` get one more,
 * so that no attribute of a user can pass for an object.
 */
export function encode(value: Value | undefined): string {
  return JSON.stringify(marked(value ?? null));
}

function marked(value: Value): Json {
  if (value === null || typeof value !== 'object') return value;
  if (value instanceof Date) return { $: 'datetime', iso: value.toISOString() };
  if (value instanceof ModelObject) return { $: value.kind, ...markedMembers(value.members) };
  return isList(value) ? value.map(marked) : markedMembers(value);
}

function markedMembers(members: { readonly [key: string]: Value | undefined }): { [key: string]: Json } {
  const entries = Object.entries(members).flatMap(([key, value]) =>
    value === undefined ? [] : [[key.startsWith('$') ? `$${key}` : key, marked(value)] as const],
  );
  return Object.fromEntries(entries);
}

function isList(value: object): value is readonly Value[] {
  return Array.isArray(value);
}

/** What came back, with its objects. */
export function unmarked(value: Json): Kept {
  if (value === null || typeof value !== 'object') return value;
  if (isJsonList(value)) return value.map(unmarked);
  const { $: kind, ...rest } = value;
  const members = Object.fromEntries(Object.entries(rest).map(([key, each]) => [plainKey(key), unmarked(each)]));
  return typeof kind === 'string' ? new ModelObject(kind, members) : members;
}

/** What came back, as JSON alone: objects are their members. */
export function plain(value: Json): Json {
  if (value === null || typeof value !== 'object') return value;
  if (isJsonList(value)) return value.map(plain);
  const { $: _kind, ...rest } = value;
  return Object.fromEntries(Object.entries(rest).map(([key, each]) => [plainKey(key), plain(each)]));
}

function plainKey(key: string): string {
  return key.startsWith('$') ? key.slice(1) : key;
}

function isJsonList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}
