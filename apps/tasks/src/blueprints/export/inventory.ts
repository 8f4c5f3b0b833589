import type { Origin } from '@postern/rpc';
import type { Json, JsonObject } from '../format/index.ts';
import type { HiddenValue, HiddenValues, Model, Models, Objects, Picture, Pictures } from '../registry/index.ts';

/** An object of the configuration. */
export type Held = {
  readonly model: Model;
  readonly object: JsonObject;
  /** What of it is never answered, by field. */
  readonly hidden: ReadonlyMap<string, HiddenValue>;
  /** The picture that it shows. */
  readonly picture?: Picture | undefined;
};

/** What is there, and what a key means. */
export type Inventory = {
  /** All objects that belong to the configuration. */
  readonly held: readonly Held[];
  /** The object that a field refers to, also one that is no part of the configuration; undefined where there is none. */
  find(reference: string, key: Json): Held | undefined;
};

/** What taking an inventory needs. */
export type InventoryDeps = {
  readonly models: Models;
  readonly objects: Objects;
  readonly hidden: HiddenValues;
  readonly pictures: Pick<Pictures, 'read'>;
};

/** Which objects count. */
export type InventoryOptions = {
  /** People as well. */
  readonly users: boolean;
};

/** The models whose objects are configuration, in the order of their labels. */
export function configuredModels(models: Models, { users }: InventoryOptions): Model[] {
  const all = [...models.values()].filter(
    ({ identifiedBy, operations, personal, singleton }) =>
      singleton || (identifiedBy.length > 0 && operations.create !== undefined && (users || !personal)),
  );
  return all.sort((a, b) => (a.label < b.label ? -1 : 1));
}

/** Reads all objects of a tenant that are configuration, and those that they refer to. */
export async function takeInventory(
  deps: InventoryDeps,
  origin: Origin,
  options: InventoryOptions,
): Promise<Inventory> {
  const held = new Map<string, Held>();
  const index = new Map<string, Held>();
  const keep = (one: Held) => {
    for (const name of namesOf(one)) index.set(name, one);
  };
  const find = (reference: string, key: Json) => index.get(nameOf(reference, key));
  for (const model of configuredModels(deps.models, options)) {
    for await (const one of read(deps, model, origin)) {
      held.set(`${model.label} ${one.object[model.keyField]}`, one);
      keep(one);
    }
  }
  const inventory = { held: [...held.values()], find };
  for (const outside of await readOutside(deps, inventory, origin)) keep(outside);
  return inventory;
}

const AT_ONCE = 500;

async function* read({ objects, hidden, pictures }: InventoryDeps, model: Model, origin: Origin): AsyncGenerator<Held> {
  const all: JsonObject[] = [];
  for await (const object of objects.list(model, {}, origin)) all.push(object);
  for (let start = 0; start < all.length; start += AT_ONCE) {
    const some = all.slice(start, start + AT_ONCE);
    const keys = some.map((object) => String(object[model.keyField]));
    const known = await hidden(model, keys, origin);
    const shown = await pictures.read(model, keys, origin);
    for (const object of some) {
      const key = String(object[model.keyField]);
      yield { model, object, hidden: known.get(key) ?? new Map<string, HiddenValue>(), picture: shown.get(key) };
    }
  }
}

/** Objects that are no configuration, such as users, and that configuration refers to. */
async function readOutside({ models, objects }: InventoryDeps, inventory: Inventory, origin: Origin): Promise<Held[]> {
  const found = new Map<string, Held>();
  for (const { model, object } of inventory.held) {
    for (const field of model.fields.values()) {
      const other = field.reference === undefined ? undefined : models.get(field.reference);
      // Keys name the objects of these models in paths.
      if (!other || field.derived || other.identifiedBy.length === 0 || other.pathField !== other.keyField) continue;
      for (const key of keysIn(object[field.name])) {
        const name = nameOf(other.label, key);
        if (found.has(name) || inventory.find(other.label, key)) continue;
        const missing = await objects.get(other, key, origin);
        if (missing) found.set(name, { model: other, object: missing, hidden: new Map() });
      }
    }
  }
  return [...found.values()];
}

/** Keys that a field holds: of one that refers to others. */
export function keysIn(value: Json | undefined): Json[] {
  const keys: readonly Json[] = Array.isArray(value) ? value : [value ?? null];
  return keys.filter((key) => key !== null && key !== '' && key !== 0);
}

/** A UUID means one object wherever it stands, a number one of its model or family. */
function nameOf(label: string, key: Json): string {
  const text = String(key).toLowerCase();
  return /^\d+$/.test(text) ? `${label} ${text}` : text;
}

function namesOf({ model, object }: Held): string[] {
  const labels = [model.label, ...(model.family ? [model.family] : [])];
  const keys = [object[model.keyField], object[model.targetField]].filter((key) => key !== undefined);
  return keys.flatMap((key) => labels.map((label) => nameOf(label, key)));
}
