import { isJsonObject, type JsonObject, type JsonValue } from '../../plans/index.ts';
import type { UserDraft } from '../stage.ports.ts';

/** Segments that would reach into the prototype of an object. */
const FORBIDDEN = new Set(['__proto__', 'constructor', 'prototype']);

type Attributes = { [key: string]: JsonValue };

/**
 * What prompts collected, as changes of a user. `username`, `name` and `email` are fields; `attributes` is merged, `attributes.a_b` is
 * the attribute b of a (`_` counts as a dot); everything else is nobody's and is left out.
 */
export function draftOf(data: { readonly [key: string]: JsonValue }, groups: readonly string[]): UserDraft {
  const fields: { username?: string; name?: string; email?: string } = {};
  const attributes: Attributes = {};
  for (const [key, value] of Object.entries(data)) {
    if (key === 'username' || key === 'name' || key === 'email') fields[key] = String(value).trim();
    else if (key === 'attributes' && isJsonObject(value)) Object.assign(attributes, value);
    else if (/^attributes[._]/.test(key)) put(attributes, key.split(/[._]/).slice(1), value);
  }
  return { fields, attributes, groups };
}

function put(attributes: Attributes, path: readonly string[], value: JsonValue): void {
  if (path.some((segment) => FORBIDDEN.has(segment) || segment === '')) return;
  const [name = '', ...rest] = path;
  if (rest.length === 0) {
    attributes[name] = value;
    return;
  }
  const below: JsonObject | undefined = isJsonObject(attributes[name]) ? attributes[name] : undefined;
  const inner: Attributes = { ...below };
  put(inner, rest, value);
  attributes[name] = inner;
}
