import { BlueprintError } from './blueprint.error.ts';
import type { Entry, Scope, Tagged, TaggedTag } from './blueprint.ts';
import { isJsonObject, type Json } from './json.ts';
import { evaluators } from './tag.evaluators.ts';

/** How much the evaluation of one entry may make: values, and characters of text. */
const MOST_VALUES = 100_000;
const MOST_TEXT = 4 * 1024 ** 2;
/** How deep values and the tags in them may be: a context that reads itself never ends otherwise. */
const DEEPEST = 150;
/** What a question to a service counts: an entry may ask a thousand. */
const QUESTION = 100;

/** An item of an `!Enumerate` that is being walked. */
export type Item = { readonly index: Json; readonly value: Json };

/** Evaluates values of one entry. */
export type Resolver = {
  readonly entry: Pick<Entry, 'index'>;
  readonly scope: Scope;
  /**
   * Evaluates a value and all that lies in it.
   *
   * @param path where in the entry it stands
   * @param items the `!Enumerate` items around it, innermost first
   */
  resolve(value: Tagged, path: readonly string[], items: readonly Item[], depth?: number): Promise<Json>;
  /** Counts what was made of something else than the document. Throws BlueprintError where it is too much. */
  spend(value: Json): void;
  /** Counts a question to a service as many values. */
  spendQuestion(): void;
};

/** A resolver with the allowance of one entry. */
export function createResolver(entry: Pick<Entry, 'index'>, scope: Scope): Resolver {
  let values = 0;
  let text = 0;

  function spendOne(value: Json, cost = 1): void {
    values += cost;
    if (typeof value === 'string') text += value.length;
    if (values > MOST_VALUES) throw new BlueprintError(`The tags of an entry make no more than ${MOST_VALUES} values.`);
    if (text > MOST_TEXT) throw new BlueprintError(`The tags of an entry make no more than ${MOST_TEXT} characters.`);
  }

  function spend(value: Json): void {
    spendOne(value);
    if (Array.isArray(value)) for (const item of value) spend(item);
    else if (isJsonObject(value)) for (const item of Object.values(value)) spend(item);
  }

  async function evaluate(tag: TaggedTag, path: readonly string[], items: readonly Item[], depth: number) {
    try {
      return await evaluators[tag.tag](tag.args, { resolver, path, items, depth });
    } catch (cause) {
      if (cause instanceof BlueprintError) throw cause.at(placeOf(entry, path, tag));
      throw cause;
    }
  }

  async function resolve(value: Tagged, path: readonly string[], items: readonly Item[], depth = 0): Promise<Json> {
    if (depth > DEEPEST) {
      throw new BlueprintError('Tags that refer to each other never end.').at(placeOf(entry, path, value));
    }
    if (value.kind === 'tag') return evaluate(value, path, items, depth);
    spendOne(value.kind === 'scalar' ? value.value : null);
    if (value.kind === 'scalar') return value.value;
    if (value.kind === 'list') {
      const list: Json[] = [];
      for (const [index, item] of value.items.entries()) {
        list.push(await resolve(item, [...path, String(index)], items, depth + 1));
      }
      return list;
    }
    const fields: [string, Json][] = [];
    for (const [key, item] of value.fields) fields.push([key, await resolve(item, [...path, key], items, depth + 1)]);
    return Object.fromEntries(fields);
  }

  const resolver: Resolver = { entry, scope, resolve, spend, spendQuestion: () => spendOne(null, QUESTION) };
  return resolver;
}

function placeOf({ index }: Pick<Entry, 'index'>, path: readonly string[], { line }: Tagged) {
  return { entry: index, field: path.length > 0 ? path.join('.') : undefined, line: line === 0 ? undefined : line };
}
