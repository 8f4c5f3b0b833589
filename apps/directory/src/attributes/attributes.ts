/** Any JSON value. */
export type Json = string | number | boolean | null | readonly Json[] | JsonObject;

/** A JSON object, as `attributes` hold it. */
export type JsonObject = { readonly [key: string]: Json };

/** How deep objects are merged; deeper ones replace one another whole. */
const MAX_DEPTH = 20;

/** Adds attributes up, the later over the earlier: objects key by key, lists one after the other, anything else replaced. */
export function mergeAttributes(parts: readonly JsonObject[]): JsonObject {
  return parts.reduce((merged, part) => mergeObjects(merged, part, 0), {});
}

/** The value at a path of object keys; undefined where there is none. */
export function valueAt(attributes: JsonObject, path: readonly string[]): Json | undefined {
  return path.reduce<Json | undefined>((value, key) => (isObject(value) ? own(value, key) : undefined), attributes);
}

/** The object at a path; empty where there is none. */
export function objectAt(attributes: JsonObject, ...path: readonly string[]): JsonObject {
  const value = valueAt(attributes, path);
  return isObject(value) ? value : {};
}

/** The text at a path; empty where there is none. */
export function textAt(attributes: JsonObject, ...path: readonly string[]): string {
  const value = valueAt(attributes, path);
  return typeof value === 'string' ? value : '';
}

function mergeObjects(below: JsonObject, above: JsonObject, depth: number): JsonObject {
  const merged = new Map(Object.entries(below));
  for (const [key, value] of Object.entries(above)) merged.set(key, mergeValues(own(below, key), value, depth));
  return Object.fromEntries(merged);
}

function mergeValues(below: Json | undefined, above: Json, depth: number): Json {
  if (Array.isArray(below) && Array.isArray(above)) return [...below, ...above];
  return isObject(below) && isObject(above) && depth < MAX_DEPTH ? mergeObjects(below, above, depth + 1) : above;
}

function own(object: JsonObject, key: string): Json | undefined {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
