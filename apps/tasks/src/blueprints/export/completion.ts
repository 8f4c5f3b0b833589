import { type Blueprint, type Entry, type Tagged, tagged } from '../format/index.ts';
import type { Model, Models, Objects } from '../registry/index.ts';

/** Names in every entry what it leaves to the defaults. */
export type Completion = (blueprint: Blueprint) => Blueprint;

/**
 * Creates it. An export leaves out what has its default; where an object is there already, as in a new installation, that alone would leave it with what it
 * has. A later entry of the same object sets what is left of it, and is no whole.
 */
export function createCompletion({ models, objects }: { models: Models; objects: Objects }): Completion {
  const defaults = new Map<string, ReadonlyMap<string, Tagged>>();

  function defaultsOf(model: Model): ReadonlyMap<string, Tagged> {
    const known = defaults.get(model.label);
    if (known) return known;
    const own = [...model.fields.values()].flatMap(({ name, writable, immutable, secret, derived, default: unset }) => {
      if (!writable || immutable || secret || derived || unset === undefined) return [];
      // What a new object has is not always what somebody may say.
      const isLegal = objects.decode(model, { [name]: unset }, 'update').violations.length === 0;
      return isLegal ? [[name, tagged(unset)] as const] : [];
    });
    const picture = model.picture === undefined ? [] : [[model.picture, tagged('')] as const];
    const found = new Map([...own, ...picture]);
    defaults.set(model.label, found);
    return found;
  }

  function completed(entry: Entry, seen: Set<string>): Entry {
    const { attrs, identifiers, model } = entry;
    const known = model.kind === 'scalar' ? models.get(String(model.value).toLowerCase()) : undefined;
    const state = entry.state.kind === 'scalar' ? entry.state.value : '';
    if (!known || state !== 'present' || attrs.kind !== 'map' || identifiers.kind !== 'map') return entry;
    const object = JSON.stringify([known.label, withoutLines(identifiers)]);
    if (seen.has(object)) return entry;
    seen.add(object);
    const missing = [...defaultsOf(known)].filter(([name]) => !attrs.fields.has(name) && !identifiers.fields.has(name));
    return { ...entry, attrs: { ...attrs, fields: new Map([...attrs.fields, ...missing]) } };
  }

  return (blueprint) => {
    const seen = new Set<string>();
    return { ...blueprint, entries: blueprint.entries.map((entry) => completed(entry, seen)) };
  };
}

function withoutLines(value: Tagged): unknown {
  if (value.kind === 'scalar') return value.value;
  if (value.kind === 'list') return value.items.map(withoutLines);
  if (value.kind === 'tag') return [value.tag, ...value.args.map(withoutLines)];
  return [...value.fields].map(([name, item]) => [name, withoutLines(item)]);
}
