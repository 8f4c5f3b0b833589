import { isJsonObject, type JsonObject, type JsonValue } from '../../plans/index.ts';
import type { AttributeChange } from '../stage.ports.ts';

/** Segments that would reach into the prototype of an object. */
const FORBIDDEN = new Set(['__proto__', 'constructor', 'prototype', '']);

type Attributes = { [key: string]: JsonValue };

/** The change that a key such as `attributes.a_b` means: `_` counts as a dot. Undefined for one that leads nowhere. */
export function nestedChange(key: string, value: JsonValue): AttributeChange | undefined {
  const path = key.split(/[._]/).slice(1);
  return path.some((segment) => FORBIDDEN.has(segment)) ? undefined : { kind: 'set', path, value };
}

/** Attributes after changes, in their order. What a change does not name stays. */
export function changedAttributes(before: JsonObject, changes: readonly AttributeChange[]): JsonObject {
  return changes.reduce<JsonObject>((attributes, change) => changed(attributes, change), before);
}

function changed(attributes: JsonObject, change: AttributeChange): JsonObject {
  if (change.kind === 'merge') return { ...attributes, ...change.value };
  if (change.kind === 'set') return put(attributes, change.path, change.value);
  return { ...attributes, [change.key]: withItem(attributes[change.key], change.value) };
}

function put(attributes: JsonObject, [name = '', ...rest]: readonly string[], value: JsonValue): Attributes {
  const below = Object.hasOwn(attributes, name) ? attributes[name] : undefined;
  return { ...attributes, [name]: rest.length === 0 ? value : put(isJsonObject(below) ? below : {}, rest, value) };
}

function withItem(list: JsonValue | undefined, item: JsonValue): JsonValue {
  const before = Array.isArray(list) ? list : [];
  return before.includes(item) ? before : [...before, item];
}
