/** Keys that a blueprint gives its objects, and the keys that the services gave them. */

import type { Json, JsonObject } from '../format/index.ts';
import type { Model } from '../registry/index.ts';
import type { Run } from './session.ts';

/** Numbers are keys of one model only; a UUID is one wherever it stands. */
function nameOf(label: string, key: Json): string {
  const text = String(key).toLowerCase();
  return /^\d+$/.test(text) ? `${label}:${text}` : text;
}

/** The key of an object as other objects hold it. */
export function keyOfReference(model: Model, object: JsonObject): Json {
  return object[model.keyField] ?? null;
}

/** Remembers which key an object has that identifiers call `pk`. */
export function rememberKey({ keys }: Run, model: Model, given: Json | undefined, object: JsonObject): void {
  if (given === undefined || given === null || typeof given === 'object') return;
  for (const label of [model.label, ...(model.family ? [model.family] : [])]) {
    keys.set(nameOf(label, given), keyOfReference(model, object));
  }
}

/** Data in which every reference to a remembered key is the real one. */
export function withRealKeys({ keys }: Run, model: Model, data: JsonObject): JsonObject {
  if (keys.size === 0) return data;
  const real = (label: string, value: Json): Json => {
    if (Array.isArray(value)) return value.map((item: Json) => real(label, item));
    return typeof value === 'object' ? value : (keys.get(nameOf(label, value)) ?? value);
  };
  const entries = Object.entries(data).map(([name, value]): [string, Json] => {
    const label = model.aliases.has(name) ? model.label : model.fields.get(name)?.reference;
    return [name, label === undefined ? value : real(label, value)];
  });
  return Object.fromEntries(entries);
}
