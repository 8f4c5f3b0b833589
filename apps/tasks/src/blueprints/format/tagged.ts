import type { Tagged, TaggedMap, TagName } from './blueprint.ts';
import { isJsonObject, type Json, type JsonObject } from './json.ts';

/** JSON as data of a blueprint, without tags. */
export function tagged(value: Json, line = 0): Tagged {
  if (Array.isArray(value)) return { kind: 'list', items: value.map((item: Json) => tagged(item, line)), line };
  if (isJsonObject(value)) return taggedMap(value, line);
  return { kind: 'scalar', value: value as string | number | boolean | null, line };
}

/** A tag with its arguments: `tag('KeyOf', tagged('flow'))`. */
export function tag(name: TagName, ...args: readonly Tagged[]): Tagged {
  return { kind: 'tag', tag: name, args, line: 0 };
}

/** A JSON object as a map. */
export function taggedMap(value: JsonObject, line = 0): TaggedMap {
  const fields = new Map(Object.entries(value).map(([key, item]) => [key, tagged(item, line)]));
  return { kind: 'map', fields, line };
}

/** What lies directly below a value. */
export function childrenOf(value: Tagged): readonly Tagged[] {
  if (value.kind === 'list') return value.items;
  if (value.kind === 'map') return [...value.fields.values()];
  return value.kind === 'tag' ? value.args : [];
}
