import type { TenantScope } from '@postern/database';
import { BlueprintError, type Json, type JsonObject, withoutCredentials } from '../format/index.ts';
import type { Decoded, HiddenValues, Model, Objects } from '../registry/index.ts';
import type { AppliedValues } from './applied-values.repository.ts';
import type { GivenExtra } from './extra-fields.client.ts';
import { type Placed, refusal } from './failures.ts';
import { type ChangeAction, type FieldChange, MASK } from './outcome.ts';
import { type FoundObject, type Run, remember } from './session.ts';
import { isSameValue } from './values.ts';
import type { Vouching } from './vouching.client.ts';

/** What changing objects needs. */
export type WriteDeps = {
  readonly objects: Objects;
  readonly hidden: HiddenValues;
  readonly vouching: Vouching;
  readonly applied: AppliedValues;
};

/** What an entry wants its object to be. */
export type Wanted = Placed & {
  readonly model: Model;
  readonly data: JsonObject;
  readonly given: readonly GivenExtra[];
};

/** What became of an object. */
export type Brought = {
  readonly object: JsonObject;
  readonly action: ChangeAction;
  readonly fields: readonly FieldChange[];
};

/** Makes the object of an entry. */
export async function createObject(deps: WriteDeps, run: Run, wanted: Wanted): Promise<Brought> {
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
  const due = await dueExtras(deps, run, { model, object }, given, true);
  for (const one of due) await setExtra(deps, run, { model, object }, one);
  const fields = [
    ...Object.keys(data).map((field) => shownChange(model, field, {}, object)),
    ...due.map(({ change }) => change),
  ];
  const shown = due.length > 0 ? await reread(deps, run, { model, object }) : object;
  session.lists.written(model, shown);
  return { object: shown, action: 'created', fields };
}

/** Changes the fields of an object that are not what the entry gives. */
export async function updateObject(deps: WriteDeps, run: Run, wanted: Wanted, existing: JsonObject): Promise<Brought> {
  const { objects, vouching, applied } = deps;
  const { model, data, given } = wanted;
  const { session } = run;
  const decoded = objects.decode(model, data, 'update');
  if (decoded.violations.length > 0) throw refusal(decoded.violations, wanted);
  const changed = await changedFields(deps, run, wanted, existing, decoded);
  const due = await dueExtras(deps, run, { model, object: existing }, given, false);
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
    ...due.map(({ change }) => change),
  ];
  const shown = due.length > 0 ? await reread(deps, run, { model, object }) : object;
  session.lists.written(model, shown);
  return { object: shown, action: 'updated', fields };
}

/** An extra field that does not have its value yet. */
type DueExtra = GivenExtra & { readonly change: FieldChange };

/** The extra fields that do not have their values: that they show, or that a blueprint set last. */
async function dueExtras(
  { applied }: WriteDeps,
  run: Run,
  { model, object }: FoundObject,
  given: readonly GivenExtra[],
  isNew: boolean,
): Promise<DueExtra[]> {
  const due: DueExtra[] = [];
  for (const one of given) {
    const { extra, value } = one;
    const { field } = extra;
    if (extra.look) {
      const { isSame, before, after } = await extra.look(object, value, run.session.changeSet.reading(extra.app));
      if (!isSame) due.push({ ...one, change: { field, before: isNew ? null : before, after } });
    } else if (isNew || !(await applied.isLast(scopeOf(run), placeOf(model, object, field), value))) {
      due.push({ ...one, change: { field, before: null, after: MASK } });
    }
  }
  return due;
}

/**
 * Fields whose value is not what the entry gives. Of those that are never answered some services tell; others count as changed unless a blueprint set
 * them so last.
 */
async function changedFields(
  deps: WriteDeps,
  run: Run,
  { model, data, identifiers }: Wanted,
  existing: JsonObject,
  { value, fields }: Decoded,
): Promise<string[]> {
  const shown = deps.objects.show(model, value);
  const key = String(existing[model.keyField]);
  const isHidden = (name: string) => model.fields.get(name)?.readable === false;
  const origin = run.session.changeSet.reading(model.app);
  const told = fields.some(isHidden) ? (await deps.hidden(model, [key], origin)).get(key) : undefined;
  const changed: string[] = [];
  for (const name of fields) {
    const field = model.fields.get(name);
    // It was found by this reference, whichever of its keys the entry and the object name.
    if (field?.reference !== undefined && !field.isList && Object.hasOwn(identifiers, name)) continue;
    const known = told?.get(name);
    const isSame = !isHidden(name)
      ? isSameValue(existing[name], shown[name], field?.reference !== undefined)
      : known
        ? known.value.trim() === String(data[name]).trim()
        : await deps.applied.isLast(scopeOf(run), placeOf(model, existing, name), data[name] ?? null);
    if (!isSame) changed.push(name);
  }
  return changed;
}

/** Deletes an object. */
export async function removeObject({ objects, applied }: WriteDeps, run: Run, model: Model, object: JsonObject) {
  if (!model.operations.remove) throw new BlueprintError(`An object of ${model.label} cannot be deleted.`);
  const origin = await run.session.changeSet.writing(model.app);
  run.session.hasDeleted = true;
  run.session.lists.forget();
  await objects.remove(model, object[model.pathField] ?? null, origin);
  await applied.forget(scopeOf(run), { model: model.label, key: object[model.keyField] ?? null });
}

async function setExtra({ applied }: WriteDeps, run: Run, { model, object }: FoundObject, one: GivenExtra) {
  const { extra, value } = one;
  const { changeSet, dryRun } = run.session;
  await extra.set(object, value, await changeSet.writing(extra.app), dryRun);
  if (!extra.look) await applied.remember(scopeOf(run), placeOf(model, object, extra.field), value);
}

async function reread({ objects }: WriteDeps, run: Run, { model, object }: FoundObject): Promise<JsonObject> {
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
  if (model.fields.get(field)?.secret) return { field, before: null, after: MASK };
  return { field, before: shownValue(before[field]), after: shownValue(after[field]) };
}

function shownValue(value: Json | undefined): Json {
  return typeof value === 'string' ? withoutCredentials(value) : (value ?? null);
}
