import type { Json, JsonObject, Tagged } from '../format/index.ts';
import type { Model } from '../registry/index.ts';
import type { OpenChangeSet } from './change-set.client.ts';
import type { AppliedInstance, BlueprintLog, Change } from './outcome.ts';
import type { WholeLists } from './whole-lists.ts';

/** An object, as JSON of the contract. */
export type FoundObject = { readonly model: Model; readonly object: JsonObject };

/** One application, from its first entry to its end, the blueprints that it applies first included. */
export type Session = {
  readonly tenant: string;
  readonly changeSet: OpenChangeSet;
  /** It will be taken back. */
  readonly dryRun: boolean;
  /** Ends it between two entries. */
  readonly signal?: AbortSignal | undefined;
  /** Objects that it made, by their keys in lower case: others cannot see them yet. */
  readonly made: Map<string, FoundObject[]>;
  /** What their owners confirmed of them, by `<model>:<key>`. */
  readonly confirmed: Map<string, boolean>;
  /** Lists that it read to find objects for which no filter looks. */
  readonly lists: WholeLists;
  /** It deleted an object, and perhaps others with it. */
  hasDeleted: boolean;
  /** Users whom `auth` was told of. */
  readonly introduced: Set<Json>;
  readonly logs: BlueprintLog[];
  readonly changes: Change[];
  /** Instances that were applied, or are being applied: each once. */
  readonly visited: Set<string>;
  /** Those of them that are done. */
  readonly first: AppliedInstance[];
};

/** One blueprint of an application. */
export type Run = {
  readonly session: Session;
  readonly context: Tagged;
  /** Objects of entries with an id. */
  readonly ids: Map<string, FoundObject>;
  /** Keys that identifiers gave, and the keys that the objects have. */
  readonly keys: Map<string, Json>;
  /** Name of the instance, where another blueprint applied it first. */
  readonly instance?: string | undefined;
};

/** Remembers an object that others cannot see yet, by every key that they may know it by. */
export function remember({ made }: Session, found: FoundObject): void {
  const { model, object } = found;
  for (const field of new Set([model.keyField, model.targetField])) {
    const key = String(object[field]).toLowerCase();
    made.set(key, [...(made.get(key) ?? []), found]);
  }
}
