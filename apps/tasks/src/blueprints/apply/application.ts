import {
  type Blueprint,
  BlueprintError,
  contextOf,
  type Entry,
  isJsonObject,
  type JsonObject,
  resolveEntry,
  type Scope,
} from '../format/index.ts';
import type { Models } from '../registry/index.ts';
import type { OpenChangeSet } from './change-set.client.ts';
import type { ActiveEntry, EntryApplier } from './entry.applier.ts';
import type { Finder } from './finder.ts';
import type { Run, Session } from './session.ts';
import { createWholeLists } from './whole-lists.ts';

/** A blueprint of an instance, for entries that want another one applied first. */
export type KnownInstance = {
  readonly key: string;
  readonly name: string;
  readonly enabled: boolean;
  readonly blueprint: Blueprint;
  readonly context: JsonObject;
  /** Hash of its text. */
  readonly hash: string;
};

/** What applying the entries of blueprints needs. */
export type ApplicationDeps = {
  readonly models: Models;
  readonly finder: Finder;
  readonly applyEntry: EntryApplier;
  /** The first instance whose fields are these; undefined where there is none. Throws BlueprintError for one that cannot be read. */
  readonly findInstance: (tenant: string, identifiers: JsonObject) => Promise<KnownInstance | undefined>;
  /** What blueprints may read besides their own text. */
  readonly surroundings: {
    env(tenant: string, name: string): string | undefined;
    file(path: string): Promise<string>;
  };
};

const META_MODEL = 'authentik_blueprints.metaapplyblueprint';

/** A new session around a change set. */
export function createSession(
  tenant: string,
  changeSet: OpenChangeSet,
  { dryRun = false, signal }: { readonly dryRun?: boolean; readonly signal?: AbortSignal | undefined } = {},
): Session {
  return {
    tenant,
    changeSet,
    dryRun,
    signal,
    made: new Map(),
    confirmed: new Map(),
    introduced: new Set(),
    lists: createWholeLists(),
    hasDeleted: false,
    logs: [],
    changes: [],
    visited: new Set(),
    first: [],
  };
}

/** Applies the entries of a blueprint in a session, one after the other, those of the blueprints it wants applied first before them. */
export function createApplication(deps: ApplicationDeps) {
  async function applyAll(
    session: Session,
    blueprint: Blueprint,
    context: JsonObject,
    instance?: string,
  ): Promise<void> {
    const run: Run = {
      session,
      context: contextOf(blueprint, context),
      ids: new Map(),
      keys: new Map(),
      ...(instance !== undefined && { instance }),
    };
    for (const entry of blueprint.entries) {
      session.signal?.throwIfAborted();
      await applyOne(run, entry);
    }
  }

  async function applyOne(run: Run, entry: Entry): Promise<void> {
    const resolved = await resolveEntry(entry, scopeOf(deps, run, entry));
    if (!resolved.conditions) {
      const model = entry.model.kind === 'scalar' ? String(entry.model.value) : '';
      const { session, instance } = run;
      const skipped = { entry: entry.index, model, pk: null, title: '', action: 'skipped', fields: [] } as const;
      session.changes.push({ ...skipped, ...(instance !== undefined && { instance }) });
    } else if (resolved.model === META_MODEL) await applyFirst(run, entry, resolved);
    else await deps.applyEntry(run, entry, resolved);
  }

  /** Applies the blueprint of another instance, in the same change set. */
  async function applyFirst({ session }: Run, entry: Entry, { attrs }: ActiveEntry): Promise<void> {
    const place = { entry: entry.index, field: 'attrs.identifiers', line: entry.line };
    const identifiers = attrs.identifiers;
    if (!isJsonObject(identifiers)) throw new BlueprintError('This field is required.', place);
    const found = await deps.findInstance(session.tenant, identifiers);
    if (!found) {
      if (attrs.required !== false) throw new BlueprintError('Required blueprint does not exist', place);
      session.logs.push({ level: 'info', message: 'An optional blueprint does not exist.', ...place });
      return;
    }
    // Once is enough, and in a circle there is no first.
    if (!found.enabled || session.visited.has(found.key)) return;
    session.visited.add(found.key);
    try {
      await applyAll(session, found.blueprint, found.context, found.name);
      session.first.push({ key: found.key, hash: found.hash });
    } catch (error) {
      throw error instanceof BlueprintError ? within(found.name, error) : error;
    }
  }

  return applyAll;
}

/** Applies the entries of a blueprint. */
export type Application = ReturnType<typeof createApplication>;

function within(name: string, error: BlueprintError): BlueprintError {
  const { entry, field, line } = error;
  return new BlueprintError(`${name}: ${error.message}`, { entry, field, line });
}

function scopeOf({ models, finder, surroundings }: ApplicationDeps, run: Run, entry: Entry): Scope {
  const isBinding =
    entry.model.kind === 'scalar' && String(entry.model.value).toLowerCase() === 'authentik_policies.policybinding';
  return {
    env: (name) => surroundings.env(run.session.tenant, name),
    file: (path) => surroundings.file(path),
    context: run.context,
    keyOf(id) {
      const found = run.ids.get(id);
      // A policy is bound to the key that an object has for policies.
      return found && (found.object[isBinding ? found.model.targetField : found.model.keyField] ?? undefined);
    },
    async find(label, conditions) {
      const model = models.get(label.toLowerCase());
      if (!model) throw new BlueprintError(`Model ${label} not allowed`);
      if (model.singleton) throw new BlueprintError(`${label} has no key, and nothing refers to it.`);
      const found = await finder.first(run.session, model, conditions);
      return found?.[model.keyField] ?? null;
    },
  };
}
