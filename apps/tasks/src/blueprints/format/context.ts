import type { Blueprint, Tagged, TaggedMap } from './blueprint.ts';
import type { JsonObject } from './json.ts';
import { taggedMap } from './tagged.ts';

/**
 * The context that the tags of a blueprint read: its own defaults, with those of an instance merged over them. Maps merge, lists follow each other,
 * anything else replaces.
 */
export function contextOf({ context }: Pick<Blueprint, 'context'>, overrides: JsonObject): Tagged {
  return merged(context, taggedMap(overrides));
}

function merged(under: Tagged, over: Tagged): Tagged {
  if (under.kind === 'map' && over.kind === 'map') return mergedMaps(under, over);
  if (under.kind === 'list' && over.kind === 'list') {
    return { kind: 'list', items: [...under.items, ...over.items], line: under.line };
  }
  return over;
}

function mergedMaps(under: TaggedMap, over: TaggedMap): TaggedMap {
  const fields = new Map(under.fields);
  for (const [key, value] of over.fields) {
    const before = fields.get(key);
    fields.set(key, before ? merged(before, value) : value);
  }
  return { kind: 'map', fields, line: under.line };
}
