import { isDeepStrictEqual } from 'node:util';
import type { Origin } from '@postern/rpc';
import {
  type Blueprint,
  type Entry,
  type Json,
  type JsonObject,
  type Model,
  type ModelField,
  type Models,
  type Objects,
  type Tagged,
  tag,
  tagged,
} from '../blueprints/index.ts';
import type { FlowContents, Part } from './flow-contents.client.ts';

/** What writing flows needs. */
export type FlowWriterDeps = {
  readonly models: Models;
  readonly objects: Objects;
  readonly clock: { now(): Date };
};

/** Objects that are told apart by others, such as groups by their parents, are followed so far. */
const DEEPEST = 8;

const GENERATED = { 'blueprints.goauthentik.io/generated': 'true' };

/**
 * Creates the writer of flows. An entry names its object by its key, and by what it is found by where that key means nothing; other objects of the file are
 * named by their keys, those outside of it by what tells them apart. Fields with their defaults and secrets are left out.
 */
export function createFlowWriter({ models, objects, clock }: FlowWriterDeps) {
  /** The object with a key, also where paths name objects by something else. */
  async function find(model: Model, key: Json, origin: Origin): Promise<JsonObject | undefined> {
    if (model.singleton) return undefined;
    if (model.pathField === model.keyField) return objects.get(model, key, origin);
    for await (const object of objects.list(model, { [model.keyField]: key }, origin)) {
      if (object[model.keyField] === key) return object;
    }
    return undefined;
  }

  /** An object that is no part of the file, as another installation can find it; its key where nothing tells it apart. */
  async function outside(reference: string, key: Json, origin: Origin, depth = 0): Promise<Tagged> {
    const model = models.get(reference);
    const object = model && depth < DEEPEST ? await find(model, key, origin) : undefined;
    if (!model || !object || model.identifiedBy.length === 0) return tagged(key);
    const conditions: Tagged[] = [];
    for (const alternatives of model.identifiedBy) {
      const names = alternatives.split('|');
      const name = names.find((one) => object[one] !== null && object[one] !== '') ?? alternatives;
      const value = object[name] ?? null;
      const other = value === null ? undefined : model.fields.get(name)?.reference;
      const wanted = other === undefined ? tagged(value) : await outside(other, value, origin, depth + 1);
      conditions.push({ kind: 'list', items: [tagged(name), wanted], line: 0 });
    }
    return tag('Find', tagged(model.label), ...conditions);
  }

  async function taggedValue(
    field: ModelField,
    value: Json,
    within: ReadonlySet<Json>,
    origin: Origin,
  ): Promise<Tagged> {
    const { reference } = field;
    if (reference === undefined || value === null || within.has(value)) return tagged(value);
    if (!Array.isArray(value)) return outside(reference, value, origin);
    const items = await Promise.all(value.map((item: Json) => taggedValue(field, item, within, origin)));
    return { kind: 'list', items, line: 0 };
  }

  async function entryOf({ model, object }: Part, names: readonly string[], within: ReadonlySet<Json>, origin: Origin) {
    const identifiers = new Map<string, Tagged>([['pk', tagged(object.pk ?? null)]]);
    const attrs = new Map<string, Tagged>();
    for (const field of model.fields.values()) {
      const { name, writable, derived, secret } = field;
      const value = object[name] ?? null;
      if (!writable || derived || secret) continue;
      const isIdentifier = names.includes(name) && value !== null;
      if (!isIdentifier && isDefault(field, value)) continue;
      const written = await taggedValue(field, value, within, origin);
      (isIdentifier ? identifiers : attrs).set(name, written);
    }
    return { model: tagged(model.label), identifiers, attrs };
  }

  return async (contents: FlowContents, origin: Origin): Promise<Blueprint> => {
    const { flow, prompts, policies, stages, stageBindings, policyBindings } = contents;
    const parts = [
      { all: [flow], names: ['slug'] },
      { all: prompts, names: ['name'] },
      { all: policies, names: ['name'] },
      { all: stages, names: ['name'] },
      { all: stageBindings, names: ['target', 'stage', 'order'] },
      { all: policyBindings, names: ['policy', 'group', 'user', 'target', 'order'] },
    ];
    const within = new Set(parts.flatMap(({ all }) => all.map(({ object }) => object.pk ?? null)));
    const entries: Entry[] = [];
    for (const { all, names } of parts) {
      for (const part of all) {
        const { model, identifiers, attrs } = await entryOf(part, names, within, origin);
        entries.push({
          index: entries.length,
          line: 0,
          model,
          state: tagged('present'),
          conditions: [],
          identifiers: { kind: 'map', fields: identifiers, line: 0 },
          attrs: { kind: 'map', fields: attrs, line: 0 },
        });
      }
    }
    const name = `Postern Export - ${clock.now().toISOString()}`;
    return { version: 1, metadata: { name, labels: GENERATED }, context: NOTHING, entries };
  };
}

/** Writes flows. */
export type WriteFlow = ReturnType<typeof createFlowWriter>;

const NOTHING: Tagged = { kind: 'map', fields: new Map(), line: 0 };

function isDefault({ default: unset }: ModelField, value: Json): boolean {
  return value === null || (unset !== undefined && isDeepStrictEqual(value, unset));
}
