import { BlueprintError } from './blueprint.error.ts';
import type { FindCondition, Tagged, TagName } from './blueprint.ts';
import { isConditionMode, testCondition } from './condition.modes.ts';
import { enumerate } from './enumerate.ts';
import type { Json } from './json.ts';
import { FormatError, formatText } from './python.format.ts';
import { isTruthy, repr } from './python.values.ts';
import type { Item, Resolver } from './resolver.ts';

/** Where a tag is evaluated. */
export type Place = {
  readonly resolver: Resolver;
  readonly path: readonly string[];
  readonly items: readonly Item[];
  readonly depth: number;
};

/** Evaluates one kind of tag. Throws BlueprintError; the resolver adds the place. */
export type Evaluator = (args: readonly Tagged[], place: Place) => Promise<Json>;

/** What every tag means. */
export const evaluators: Readonly<Record<TagName, Evaluator>> = {
  async KeyOf([id], place) {
    const name = await textOf(id, 'KeyOf', place);
    const key = place.resolver.scope.keyOf(name);
    if (key !== undefined) return key;
    throw new BlueprintError(`KeyOf: failed to find entry with \`id\` of \`${name}\` and a model instance`);
  },

  async Find([model, ...conditions], place) {
    const name = await textOf(model, 'Find', place);
    const fits: FindCondition[] = [];
    for (const condition of conditions) fits.push(findCondition(await inner(condition, place)));
    place.resolver.spendQuestion();
    return place.resolver.scope.find(name.toLowerCase(), fits);
  },

  async Context([key, fallback], place) {
    const name = await textOf(key, 'Context', place);
    const { context } = place.resolver.scope;
    const value = context.kind === 'map' ? context.fields.get(name) : undefined;
    return inner(value ?? fallback, place);
  },

  async Env([name, fallback], place) {
    const value = place.resolver.scope.env(await textOf(name, 'Env', place));
    // A variable that is set to nothing counts as not set.
    return value ? spent(value, place) : inner(fallback, place);
  },

  async File([path, fallback], place) {
    const name = await textOf(path, 'File', place);
    try {
      return spent(await place.resolver.scope.file(name), place);
    } catch (cause) {
      if (cause instanceof BlueprintError && fallback) return inner(fallback, place);
      throw cause;
    }
  },

  async Format([text, ...given], place) {
    const format = await textOf(text, 'Format', place);
    const args: Json[] = [];
    for (const argument of given) args.push(await inner(argument, place));
    try {
      return spent(formatText(format, args), place);
    } catch (cause) {
      throw cause instanceof FormatError ? new BlueprintError(`Format: ${cause.message}`) : cause;
    }
  },

  async If([condition, whenTrue, whenFalse], place) {
    const holds = isTruthy(await inner(condition, place));
    if (!whenTrue) return holds;
    return inner(holds ? whenTrue : whenFalse, place);
  },

  async Condition([mode, ...given], place) {
    const name = (await textOf(mode, 'Condition', place)).toUpperCase();
    if (!isConditionMode(name)) throw new BlueprintError(`Condition: ${repr(name)} is not a mode`);
    const values: boolean[] = [];
    for (const value of given) values.push(isTruthy(await inner(value, place)));
    return testCondition(name, values);
  },

  Enumerate: enumerate,

  async Index([depth], place) {
    return spent(itemAt(await inner(depth, place), 'Index', place).index, place);
  },

  async Value([depth], place) {
    return spent(itemAt(await inner(depth, place), 'Value', place).value, place);
  },
};

function inner(value: Tagged | undefined, { resolver, path, items, depth }: Place): Promise<Json> {
  return value ? resolver.resolve(value, path, items, depth + 1) : Promise.resolve(null);
}

function spent(value: Json, { resolver }: Place): Json {
  resolver.spend(value);
  return value;
}

/** An argument that has to be a text; numbers and truth values count by their text. */
async function textOf(value: Tagged | undefined, tag: TagName, place: Place): Promise<string> {
  const text = await inner(value, place);
  if (typeof text === 'string') return text;
  if (typeof text === 'number' || typeof text === 'boolean') return String(text);
  throw new BlueprintError(`${tag}: ${repr(text).slice(0, 80)} is not a text`);
}

function findCondition(pair: Json): FindCondition {
  if (Array.isArray(pair)) {
    const [field, value, ...rest]: readonly Json[] = pair;
    if (typeof field === 'string' && value !== undefined && rest.length === 0) return [field, value];
  }
  throw new BlueprintError('Find: a condition is [field, value]');
}

function itemAt(given: Json, tag: TagName, { items }: Place): Item {
  const depth = typeof given === 'string' && /^\d+$/.test(given) ? Number(given) : given;
  if (typeof depth !== 'number' || !Number.isInteger(depth) || depth < 0) {
    throw new BlueprintError(`${tag}: the depth is a whole number, zero or more`);
  }
  const item = items[depth];
  if (item) return item;
  if (items.length === 0) throw new BlueprintError(`${tag} tags are only usable inside an Enumerate tag`);
  throw new BlueprintError(`${tag}: invalid depth ${depth}, there are ${items.length} Enumerate tags around it`);
}
