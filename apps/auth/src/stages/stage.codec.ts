import { custom, exact, type Filter, type List, type PlainRow } from '@postern/database';
import { invalidField, type PosternError } from '@postern/errors';
import type { auth } from '@postern/proto';
import { type JsonObject, readSettings, type SettingsSchema } from '../plans/index.ts';
import { durationError } from './duration.ts';
import { StageEntity, type StageRow } from './stage.entity.ts';
import type { StageModel } from './stage.model.ts';

/** What the API says about every stage. */
export type StageHead = Pick<
  auth.Stage,
  'pk' | 'name' | 'component' | 'verbose_name' | 'verbose_name_plural' | 'meta_model_name' | 'flow_set'
>;

/** A kind of stage as a resource: its settings are the fields of its message. */
export type StageResource<S extends object, Message extends StageHead> = {
  readonly model: StageModel;
  /** Full name of the message. */
  readonly type: string;
  readonly settings: SettingsSchema<S>;
  readonly message: (head: StageHead, settings: S) => Message;
  /** What is wrong with settings that the proto's rules let pass. */
  readonly check?: (settings: S) => PosternError | undefined;
};

/** The list of a kind: by name, and by every setting it has. */
export function listOf<S extends object>(settings: SettingsSchema<S>): List<StageRow> {
  const own = Object.keys(settings).map((name): readonly [string, Filter] => [name, bySetting(name)]);
  return {
    entity: StageEntity,
    filters: { name: exact('name'), stage_uuid: exact('pk'), ...Object.fromEntries(own) },
    search: ['name'],
    ordering: { name: 'name', pk: 'pk' },
    defaultOrder: ['name'],
  };
}

function bySetting(name: string): Filter {
  return custom((value) => {
    const wanted = Array.isArray(value) ? value : [value];
    const isList = Array.isArray(value);
    return { settings: { $contains: { [name]: isList ? wanted : value } } };
  });
}

/** The settings that a message holds, as they are stored; with a mask only those it names, over those that were there. */
export function settingsFrom<S extends object>(
  schema: SettingsSchema<S>,
  message: object,
  before: JsonObject,
  mask: readonly string[] | undefined,
): S {
  const given = Object.entries(message).filter(([name]) => mask?.includes(name) ?? true);
  const merged = { ...before, ...Object.fromEntries(given.map(([name, value]) => [name, value ?? null])) };
  return readSettings(schema, merged);
}

/** What a stage and its kind are called. */
export function headOf(row: PlainRow<StageRow>, model: StageModel | undefined, flows: auth.FlowSet[]): StageHead {
  return {
    pk: row.pk,
    name: row.name,
    component: model?.component ?? '',
    verbose_name: model?.verboseName ?? '',
    verbose_name_plural: model?.verboseNamePlural ?? '',
    meta_model_name: model?.model ?? '',
    flow_set: flows,
  };
}

/** The first setting that should be a duration and is none. */
export function checkDurations(settings: Readonly<Record<string, unknown>>, names: readonly string[]) {
  for (const name of names) {
    const wrong = durationError(String(settings[name]));
    if (wrong !== undefined) return invalidField(name, wrong, 'DURATION_INVALID');
  }
  return undefined;
}
