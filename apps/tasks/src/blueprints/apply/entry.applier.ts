import type { Violation } from '@postern/errors';
import { BlueprintError, type Entry, type JsonObject, type ResolvedEntry } from '../format/index.ts';
import { bodyOf, type Model, type Models } from '../registry/index.ts';
import { type ExtraField, extrasIn } from './extra-fields.client.ts';
import { EntryErrors, type Placed, refusal, translateFailure } from './failures.ts';
import type { Finder } from './finder.ts';
import {
  type Brought,
  createObject,
  removeObject,
  updateObject,
  type Wanted,
  type WriteDeps,
} from './object.writes.ts';
import type { ChangeAction, FieldChange } from './outcome.ts';
import { keyOfReference, rememberKey, withRealKeys } from './real-keys.ts';
import type { Run } from './session.ts';
import { titleOf } from './values.ts';

/** What applying entries needs. */
export type EntryApplierDeps = WriteDeps & {
  readonly models: Models;
  readonly finder: Finder;
  readonly extras: readonly ExtraField[];
};

/** An entry whose conditions hold. */
export type ActiveEntry = Extract<ResolvedEntry, { conditions: true }>;

/** Brings the object of an entry to what the entry wants. Throws BlueprintError and EntryErrors for what is wrong with the entry. */
export function createEntryApplier(deps: EntryApplierDeps) {
  const { models, finder } = deps;

  async function applyTo(run: Run, wanted: Wanted, resolved: ActiveEntry): Promise<void> {
    const { model, identifiers, entry } = wanted;
    if (model.singleton) requireSingleton(wanted, resolved);
    else if (Object.keys(identifiers).length === 0) {
      throw new BlueprintError('No or invalid identifiers', { field: 'identifiers' });
    }
    const existing = await find(run, model, identifiers);
    if (resolved.state === 'absent') {
      if (existing) await removeObject(deps, run, model, existing);
      return report(run, entry, model, existing, existing ? 'deleted' : 'unchanged', []);
    }
    if (existing && resolved.state === 'must_created') {
      throw new BlueprintError('The object exists already, and the entry says that it must not.', { field: 'state' });
    }
    const { object, action, fields } = await bring(run, wanted, existing, resolved);
    if (resolved.id !== undefined) run.ids.set(resolved.id, { model, object });
    rememberKey(run, model, resolved.identifiers.pk, object);
    report(run, entry, model, object, action, fields);
  }

  /** The object with that key, or else the one that all the other identifiers fit: keys of another installation mean nothing here. */
  async function find({ session }: Run, model: Model, { pk, ...others }: JsonObject): Promise<JsonObject | undefined> {
    const byKey = pk === undefined ? undefined : await finder.first(session, model, [['pk', pk]]);
    const rest = Object.entries(others);
    if (byKey || (pk !== undefined && rest.length === 0)) return byKey;
    return finder.first(session, model, rest);
  }

  async function bring(
    run: Run,
    wanted: Wanted,
    existing: JsonObject | undefined,
    { state }: ActiveEntry,
  ): Promise<Brought> {
    if (!existing) return createObject(deps, run, wanted);
    // Of what is always there nobody could make more than this.
    if (state === 'created' && !wanted.model.singleton) return { object: existing, action: 'unchanged', fields: [] };
    return updateObject(deps, run, wanted, existing);
  }

  return async (run: Run, entry: Entry, resolved: ActiveEntry): Promise<void> => {
    const model = models.get(resolved.model);
    if (!model) {
      const place = { entry: entry.index, field: 'model', line: entry.model.line };
      throw new BlueprintError(`Model ${resolved.model} not allowed`, place);
    }
    const identifiers = withRealKeys(run, model, resolved.identifiers);
    const attrs = withRealKeys(run, model, resolved.attrs);
    const placed = { entry, identifiers, attrs };
    try {
      await applyTo(run, { ...placed, model, ...dataOf(deps, run, model, placed) }, resolved);
    } catch (error) {
      if (error instanceof EntryErrors) throw error;
      translateFailure(
        error,
        placed,
        bodyOf(model.operations.create ?? model.operations.update ?? model.operations.get),
      );
    }
  };
}

/** Applies one entry. */
export type EntryApplier = ReturnType<typeof createEntryApplier>;

/** What the services are given: attrs, with the identifiers over them. */
function dataOf({ extras }: EntryApplierDeps, run: Run, model: Model, placed: Placed) {
  const all: JsonObject = { ...placed.attrs, ...placed.identifiers };
  const { given, wrong } = extrasIn(extras, model.label, all);
  if (wrong.length > 0) {
    throw refusal(
      wrong.map(({ field = '', message }) => ({ field, description: message, reason: '' })),
      placed,
    );
  }
  const extra = new Set(given.map((one) => one.extra.field));
  const isTaken = (name: string) => {
    const field = model.fields.get(name);
    // A secret that nobody gave (`!Context`, `!Env`, `!File`) is left as it is.
    if (field?.secret && !field.nullable && all[name] === null) return false;
    return field?.writable === true && !extra.has(name);
  };
  for (const name of Object.keys(placed.attrs)) {
    if (model.fields.has(name) || model.aliases.has(name) || extra.has(name)) continue;
    // Whoever misspells a setting shall not believe that it is set.
    if (model.singleton) throw refusal([unknownField(model, name)], placed);
    run.session.logs.push({
      level: 'warning',
      message: `${model.label} has no field ${name}: it is left out.`,
      entry: placed.entry.index,
      field: `attrs.${name}`,
    });
  }
  const data = Object.fromEntries(Object.entries(all).filter(([name]) => isTaken(name)));
  return { data, given };
}

/** Refuses entries that do not know that there is one, and only one. */
function requireSingleton({ model: { label }, entry, identifiers }: Wanted, { state }: ActiveEntry): void {
  const [identifier] = Object.keys(identifiers);
  if (identifier !== undefined) {
    const place = { field: `identifiers.${identifier}`, line: entry.identifiers.line };
    throw new BlueprintError(`There is one ${label} in each tenant: its identifiers are empty.`, place);
  }
  const place = { field: 'state', line: entry.state.line || entry.line };
  if (state === 'absent') throw new BlueprintError(`${label} is always there: it cannot be absent.`, place);
  if (state === 'must_created') throw new BlueprintError(`${label} is always there: it cannot be created.`, place);
}

function unknownField({ label }: Model, name: string): Violation {
  return { field: name, description: `${label} has no field ${name}.`, reason: '' };
}

function report(
  { session, instance }: Run,
  { index }: Entry,
  model: Model,
  object: JsonObject | undefined,
  action: ChangeAction,
  fields: readonly FieldChange[],
): void {
  const pk = object ? keyOfReference(model, object) : null;
  const title = object ? titleOf(object) : '';
  session.changes.push({
    entry: index,
    model: model.label,
    pk,
    title,
    action,
    fields,
    ...(instance !== undefined && { instance }),
  });
}
