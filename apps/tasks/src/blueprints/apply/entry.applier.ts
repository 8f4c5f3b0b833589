import type { TenantScope } from '@postern/database';
import { BlueprintError, type Entry, type Json, type JsonObject, type ResolvedEntry } from '../format/index.ts';
import { bodyOf, type Decoded, type Model, type Models, type Objects } from '../registry/index.ts';
import type { AppliedValues } from './applied-values.repository.ts';
import { type ExtraField, extrasIn, type GivenExtra } from './extra-fields.client.ts';
import { EntryErrors, type Placed, refusal, translateFailure } from './failures.ts';
import type { Finder } from './finder.ts';
import { type ChangeAction, type FieldChange, MASK } from './outcome.ts';
import { keyOfReference, rememberKey, withRealKeys } from './real-keys.ts';
import { type FoundObject, type Run, remember } from './session.ts';
import { isSameValue, titleOf } from './values.ts';
import type { Vouching } from './vouching.client.ts';

/** What applying entries needs. */
export type EntryApplierDeps = {
  readonly models: Models;
  readonly objects: Objects;
  readonly finder: Finder;
  readonly vouching: Vouching;
  readonly extras: readonly ExtraField[];
  readonly applied: AppliedValues;
};

/** An entry whose conditions hold. */
export type ActiveEntry = Extract<ResolvedEntry, { conditions: true }>;

type Wanted = Placed & { readonly model: Model; readonly data: JsonObject; readonly given: readonly GivenExtra[] };
type Brought = { readonly object: JsonObject; readonly action: ChangeAction; readonly fields: readonly FieldChange[] };

/** Brings the object of an entry to what the entry wants. Throws BlueprintError and EntryErrors for what is wrong with the entry. */
export function createEntryApplier(deps: EntryApplierDeps) {
  const { models, finder } = deps;

  async function applyTo(run: Run, wanted: Wanted, resolved: ActiveEntry): Promise<void> {
    const { model, identifiers, entry } = wanted;
    const conditions = Object.entries(identifiers);
    if (conditions.length === 0) throw new BlueprintError('No or invalid identifiers', { field: 'identifiers' });
    const existing = await finder.first(run.session, model, conditions);
    if (resolved.state === 'absent') {
      if (existing) await remove(deps, run, model, existing);
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

  async function bring(
    run: Run,
    wanted: Wanted,
    existing: JsonObject | undefined,
    { state }: ActiveEntry,
  ): Promise<Brought> {
    if (!existing) return create(deps, run, wanted);
    if (state === 'created') return { object: existing, action: 'unchanged', fields: [] };
    return update(deps, run, wanted, existing);
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
      translateFailure(error, placed, bodyOf(model.operations.create ?? model.operations.get));
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
  const isTaken = (name: string) => model.fields.get(name)?.writable === true && !extra.has(name);
  for (const name of Object.keys(placed.attrs)) {
    if (model.fields.has(name) || model.aliases.has(name) || extra.has(name)) continue;
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

async function create(deps: EntryApplierDeps, run: Run, wanted: Wanted): Promise<Brought> {
  const { objects, vouching } = deps;
  const { model, data, given } = wanted;
  const { session } = run;
  if (!model.operations.create) throw new BlueprintError(`An object of ${model.label} cannot be created.`);
  const decoded = objects.decode(model, data, 'create');
  if (decoded.violations.length > 0) throw refusal(decoded.violations, wanted);
  const vouched = await vouching.vouchFor(session, model, decoded.value);
  const object = await objects.create(model, decoded, await session.changeSet.writing(model.app, vouched));
  remember(session, { model, object });
  const hidden = Object.keys(data).filter((name) => model.fields.get(name)?.readable === false);
  for (const field of hidden)
    await deps.applied.remember(scopeOf(run), placeOf(model, object, field), data[field] ?? null);
  for (const one of given) await setExtra(deps, run, { model, object }, one);
  const fields = [
    ...Object.keys(data).map((field) => shownChange(model, field, {}, object)),
    ...given.map(({ extra, value }) => extraChange(extra, value, null)),
  ];
  const shown = given.length > 0 ? await reread(deps, run, { model, object }) : object;
  return { object: shown, action: 'created', fields };
}

async function update(deps: EntryApplierDeps, run: Run, wanted: Wanted, existing: JsonObject): Promise<Brought> {
  const { objects, vouching, applied } = deps;
  const { model, data, given } = wanted;
  const { session } = run;
  const decoded = objects.decode(model, data, 'update');
  if (decoded.violations.length > 0) throw refusal(decoded.violations, wanted);
  const changed = await changedFields(deps, run, wanted, existing, decoded);
  const due: GivenExtra[] = [];
  for (const one of given) {
    const where = placeOf(model, existing, one.extra.field);
    if (!(await applied.isLast(scopeOf(run), where, one.value))) due.push(one);
  }
  if (changed.length === 0 && due.length === 0) return { object: existing, action: 'unchanged', fields: [] };
  let object = existing;
  if (changed.length > 0) {
    if (!model.operations.update) throw new BlueprintError(`An object of ${model.label} cannot be changed.`);
    const vouched = await vouching.vouchFor(session, model, pick(decoded.value, changed));
    const origin = await session.changeSet.writing(model.app, vouched);
    object = await objects.update(model, existing[model.pathField] ?? null, decoded, changed, origin);
  }
  for (const field of changed.filter((name) => model.fields.get(name)?.readable === false)) {
    await applied.remember(scopeOf(run), placeOf(model, object, field), data[field] ?? null);
  }
  for (const one of due) await setExtra(deps, run, { model, object }, one);
  const fields = [
    ...changed.map((field) => shownChange(model, field, existing, object)),
    ...due.map(({ extra, value }) => extraChange(extra, value, existing[extra.field] ?? null)),
  ];
  return { object: due.length > 0 ? await reread(deps, run, { model, object }) : object, action: 'updated', fields };
}

/** Fields whose value is not what the entry gives. Those that cannot be read count as changed unless a blueprint set them so last. */
async function changedFields(
  { objects, applied }: EntryApplierDeps,
  run: Run,
  { model, data }: Wanted,
  existing: JsonObject,
  { value, fields }: Decoded,
): Promise<string[]> {
  const shown = objects.show(model, value);
  const changed: string[] = [];
  for (const name of fields) {
    const field = model.fields.get(name);
    const isSame =
      field?.readable === false
        ? await applied.isLast(scopeOf(run), placeOf(model, existing, name), data[name] ?? null)
        : isSameValue(existing[name], shown[name], field?.reference !== undefined);
    if (!isSame) changed.push(name);
  }
  return changed;
}

async function remove({ objects, applied }: EntryApplierDeps, run: Run, model: Model, object: JsonObject) {
  if (!model.operations.remove) throw new BlueprintError(`An object of ${model.label} cannot be deleted.`);
  const origin = await run.session.changeSet.writing(model.app);
  await objects.remove(model, object[model.pathField] ?? null, origin);
  await applied.forget(scopeOf(run), { model: model.label, key: object[model.keyField] ?? null });
}

async function setExtra({ applied }: EntryApplierDeps, run: Run, { model, object }: FoundObject, one: GivenExtra) {
  const { extra, value } = one;
  await extra.set(object, value, await run.session.changeSet.writing(extra.app));
  await applied.remember(scopeOf(run), placeOf(model, object, extra.field), value);
}

async function reread({ objects }: EntryApplierDeps, run: Run, { model, object }: FoundObject): Promise<JsonObject> {
  const origin = run.session.changeSet.reading(model.app);
  return (await objects.get(model, object[model.pathField] ?? null, origin)) ?? object;
}

function scopeOf({ session: { tenant, changeSet } }: Run): TenantScope {
  return { tenant, changeSet };
}

function placeOf(model: Model, object: JsonObject, field: string) {
  return { model: model.label, key: object[model.keyField] ?? null, field };
}

function pick(value: Readonly<Record<string, unknown>>, names: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(names.map((name) => [name, value[name]]));
}

function shownChange(model: Model, field: string, before: JsonObject, after: JsonObject): FieldChange {
  if (model.fields.get(field)?.readable === false) return { field, before: null, after: MASK };
  return { field, before: before[field] ?? null, after: after[field] ?? null };
}

function extraChange({ field, isSecret }: ExtraField, value: string, before: Json): FieldChange {
  return isSecret ? { field, before: null, after: MASK } : { field, before, after: value };
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
