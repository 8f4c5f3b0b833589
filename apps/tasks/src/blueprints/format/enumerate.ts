import { BlueprintError } from './blueprint.error.ts';
import type { Tagged } from './blueprint.ts';
import { isJsonObject, type Json, type JsonObject } from './json.ts';
import { repr } from './python.values.ts';
import type { Item } from './resolver.ts';
import type { Evaluator, Place } from './tag.evaluators.ts';

/** `!Enumerate [iterable, SEQ or MAP, body]`: the body once for each item, as a list or as a map. */
export const enumerate: Evaluator = async ([iterable, output, body], place) => {
  const kind = await outputOf(output, place);
  const around = await resolved(iterable, place, place.items);
  const results: Json[] = [];
  for (const item of itemsOf(around)) results.push(await resolved(body, place, [item, ...place.items]));
  return kind === 'SEQ' ? results : mergedMap(results.map(asMap));
};

function resolved(value: Tagged | undefined, { resolver, path, depth }: Place, items: readonly Item[]): Promise<Json> {
  return value ? resolver.resolve(value, path, items, depth + 1) : Promise.resolve(null);
}

async function outputOf(given: Tagged | undefined, place: Place): Promise<'SEQ' | 'MAP'> {
  const word = await resolved(given, place, place.items);
  const kind = typeof word === 'string' ? word.toUpperCase() : word;
  if (kind === 'SEQ' || kind === 'MAP') return kind;
  throw new BlueprintError(`Enumerate: the output is SEQ or MAP, not ${repr(word).slice(0, 80)}`);
}

/** Maps give keys and values, lists and texts their places and items or characters. */
function itemsOf(iterable: Json): Item[] {
  if (isJsonObject(iterable)) return Object.entries(iterable).map(([index, value]) => ({ index, value }));
  if (Array.isArray(iterable)) return iterable.map((value: Json, index) => ({ index, value }));
  if (typeof iterable === 'string') return [...iterable].map((value, index) => ({ index, value }));
  throw new BlueprintError("Enumerate's iterable must be an iterable such as a sequence or a mapping");
}

function asMap(result: Json): JsonObject {
  if (isJsonObject(result)) return result;
  if (Array.isArray(result)) {
    const [key, value, ...rest]: readonly Json[] = result;
    const name = typeof key === 'number' ? String(key) : key;
    if (typeof name === 'string' && value !== undefined && rest.length === 0) {
      return { [name]: value };
    }
  }
  throw new BlueprintError('Enumerate: the body of a MAP is [key, value] or a map');
}

type Growing = { [key: string]: Json };

/** Maps merged into one, in place: a copy for each item would take quadratic time. What others may hold is copied once, before it grows. */
function mergedMap(maps: readonly JsonObject[]): JsonObject {
  const growing = new WeakSet<object>();
  const result: Growing = {};
  for (const map of maps) mergeInto(result, map, growing);
  return result;
}

function mergeInto(target: Growing, over: JsonObject, growing: WeakSet<object>): void {
  for (const [key, value] of Object.entries(over)) {
    const before = Object.hasOwn(target, key) ? target[key] : undefined;
    if (isJsonObject(before) && isJsonObject(value)) {
      const own: Growing = growing.has(before) ? before : { ...before };
      target[key] = own;
      growing.add(own);
      mergeInto(own, value, growing);
    } else if (Array.isArray(before) && Array.isArray(value)) {
      const own: Json[] = growing.has(before) ? before : [...before];
      target[key] = own;
      growing.add(own);
      for (const item of value) own.push(item);
    } else if (key !== '__proto__') target[key] = value;
  }
}
