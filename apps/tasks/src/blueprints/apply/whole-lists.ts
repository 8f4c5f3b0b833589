import type { JsonObject } from '../format/index.ts';
import type { Model } from '../registry/index.ts';

/**
 * Lists that no filter narrows, as one application has read them: without it each entry of such a model would read all objects of the tenant, those of the
 * entries before it included.
 */
export type WholeLists = {
  /** All objects of a model, from memory as far as it goes; the rest is read, and remembered. */
  of(model: Model, read: () => AsyncGenerator<JsonObject, void>): AsyncGenerator<JsonObject, void>;
  /** An object was made or changed. */
  written(model: Model, object: JsonObject): void;
  /** Objects were deleted, or changed by more than their own operation. */
  forget(): void;
};

type Known = {
  readonly seen: JsonObject[];
  /** Where each object stands among them, by its key. */
  readonly places: Map<string, number>;
  rest: AsyncGenerator<JsonObject, void> | undefined;
};

/** Objects of one model that are remembered: more are read each time. */
const MOST = 10_000;

/** Creates the memory of an application. */
export function createWholeLists(): WholeLists {
  const lists = new Map<Model, Known>();

  async function readOn(model: Model, known: Known): Promise<void> {
    const next = await known.rest?.next().catch((error: unknown) => {
      lists.delete(model);
      throw error;
    });
    if (next === undefined || next.done) known.rest = undefined;
    // What was written since is known better than the list tells.
    else if (!known.places.has(keyOf(model, next.value))) put(known, model, next.value);
  }

  return {
    async *of(model, read) {
      const known = lists.get(model) ?? { seen: [], places: new Map(), rest: read() };
      lists.set(model, known);
      for (let index = 0; index < known.seen.length || known.rest !== undefined; ) {
        const object = known.seen[index];
        if (object === undefined) await readOn(model, known);
        else {
          index += 1;
          yield object;
        }
      }
      if (known.seen.length > MOST) lists.delete(model);
    },
    written(model, object) {
      // What is made of one model may make or change objects of another.
      for (const other of lists.keys()) if (other !== model) lists.delete(other);
      const known = lists.get(model);
      if (known) put(known, model, object);
    },
    forget: () => lists.clear(),
  };
}

function keyOf(model: Model, object: JsonObject): string {
  return String(object[model.keyField]);
}

function put({ seen, places }: Known, model: Model, object: JsonObject): void {
  const key = keyOf(model, object);
  const place = places.get(key) ?? seen.length;
  places.set(key, place);
  seen[place] = object;
}
