import { BlueprintError, type FindCondition, isJsonObject, type Json, type JsonObject } from '../format/index.ts';
import type { Model, Models, Objects } from '../registry/index.ts';
import { type Lookup, lookupOf } from './lookups.ts';
import type { Session } from './session.ts';
import { isSameKey } from './values.ts';

/** What finding objects needs. */
export type FinderDeps = { readonly models: Models; readonly objects: Objects };

/** Finds objects by their fields. */
export type Finder = ReturnType<typeof createFinder>;

type Condition = { readonly lookup: Lookup; readonly field: string; readonly wanted: Json };

/** Objects that a search looks at before it gives up. */
const MOST_OBJECTS = 50_000;
/** Keys that a condition on another model may stand for. */
const MOST_KEYS = 1_000;

/** Creates a finder. Lists are narrowed by the filters that they have; what is left is compared here. */
export function createFinder({ models, objects }: FinderDeps) {
  async function conditionOf(session: Session, model: Model, [name, value]: FindCondition): Promise<Condition> {
    const lookup = lookupOf(name);
    const field = model.aliases.get(lookup.field) ?? lookup.field;
    const known = model.fields.get(field);
    if (!known?.readable) throw new BlueprintError(`${model.label} cannot be found by ${lookup.field}.`);
    const other = known.reference === undefined ? undefined : models.get(known.reference);
    if (other === undefined || lookup.path.length === 0) return { lookup, field, wanted: keyOf(value) };
    // `group__name`: the keys of the groups with that name.
    const inner: FindCondition = [name.slice(lookup.field.length + 2), value];
    const keys: Json[] = [];
    for await (const one of search(session, other, [inner])) {
      keys.push(one[other.keyField] ?? null);
      if (keys.length > MOST_KEYS) throw new BlueprintError(`${name} means more than ${MOST_KEYS} objects.`);
    }
    return { lookup: lookupOf(`${field}__in`), field, wanted: keys };
  }

  async function* search(session: Session, model: Model, given: readonly FindCondition[]): AsyncGenerator<JsonObject> {
    const conditions = await Promise.all(given.map((one) => conditionOf(session, model, one)));
    const origin = session.changeSet.reading(model.app);
    const direct = conditions.find(({ field, lookup }) => field === model.pathField && lookup.isExact);
    if (direct) {
      const object = await objects.get(model, direct.wanted, origin);
      if (object && matches(model, object, conditions)) yield object;
      return;
    }
    let seen = 0;
    const filters = filtersOf(model, conditions);
    // Some objects have more than one key (policies are bound by one of their own): which is the same is for the service to say.
    const rest = conditions.filter(({ field }) => !(Object.hasOwn(filters, field) && isReference(model, field)));
    const read = () => objects.list(model, filters, origin);
    const isWhole = Object.keys(filters).length === 0 && !model.singleton;
    for await (const object of isWhole ? session.lists.of(model, read) : read()) {
      if (matches(model, object, rest)) yield object;
      seen += 1;
      if (seen === MOST_OBJECTS)
        throw new BlueprintError(`There are too many objects of ${model.label} to look at each.`);
    }
  }

  return {
    /** The first object that fits all conditions. Throws BlueprintError for a field that a model does not have. */
    async first(session: Session, model: Model, conditions: readonly FindCondition[]): Promise<JsonObject | undefined> {
      for await (const object of search(session, model, conditions)) return object;
      return undefined;
    },
  };
}

/** An object with a `pk` stands for that key. */
function keyOf(value: Json): Json {
  return isJsonObject(value) && value.pk !== undefined ? value.pk : value;
}

function matches(model: Model, object: JsonObject, conditions: readonly Condition[]): boolean {
  return conditions.every(({ lookup, field, wanted }) => {
    const isKey = field === model.keyField || isReference(model, field);
    const value = object[field];
    if (isKey && lookup.isExact && !Array.isArray(value)) return isSameKey(value, wanted);
    return lookup.test(value, wanted);
  });
}

/** What the list of the service can look for itself. An empty text there means no filter at all. */
function filtersOf(model: Model, conditions: readonly Condition[]): JsonObject {
  const usable = conditions.filter(
    ({ field, lookup, wanted }) => lookup.isExact && model.filters.has(field) && isPlain(wanted) && wanted !== '',
  );
  return Object.fromEntries(usable.map(({ field, wanted }) => [field, wanted]));
}

function isReference(model: Model, field: string): boolean {
  return model.fields.get(field)?.reference !== undefined;
}

function isPlain(value: Json): boolean {
  return value !== null && typeof value !== 'object';
}
