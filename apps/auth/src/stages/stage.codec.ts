import { custom, exact, type Filter, type List, type PlainRow, raw } from '@postern/database';
import { durationError } from '@postern/durations';
import { invalidField, type PosternError } from '@postern/errors';
import type { auth } from '@postern/proto';
import type { Call } from '@postern/rpc';
import { type JsonObject, readSettings, type SettingsSchema } from '../plans/index.ts';
import { StageEntity, type StageRow } from './stage.entity.ts';
import type { StageModel } from './stage.model.ts';
import { secretsOf } from './stage.secrets.ts';

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

/** The list of a kind: by name, and by every setting it has that is no secret. */
export function listOf<S extends object>(settings: SettingsSchema<S>, model: StageModel): List<StageRow> {
  const secrets = secretsOf(model);
  const open = Object.keys(settings).filter((name) => !secrets.includes(name));
  const own = open.map((name): readonly [string, Filter] => [name, bySetting(name)]);
  return {
    entity: StageEntity,
    filters: { name: exact('name'), stage_uuid: exact('pk'), no_flows: UNBOUND, ...Object.fromEntries(own) },
    search: ['name'],
    ordering: { name: 'name', pk: 'pk' },
    defaultOrder: ['name'],
  };
}

/** `true` asks for stages that no flow uses, `false` for those that one does. */
const UNBOUND: Filter = custom((value) =>
  typeof value === 'boolean'
    ? {
        [raw((alias) => `(not exists (select 1 from flow_stage_binding as used where used.stage = ${alias}.pk))`)]:
          value,
      }
    : undefined,
);

function bySetting(name: string): Filter {
  return custom((value) => {
    const wanted = Array.isArray(value) ? value : [value];
    const isList = Array.isArray(value);
    return { settings: { $contains: { [name]: isList ? wanted : value } } };
  });
}

/**
 * The settings that a message holds, as they are stored; with a mask only those it names, over those that were there. Without one an empty write-only
 * secret stands for one that was left out.
 */
export function settingsFrom<S extends object>(
  { schema, model }: { readonly schema: SettingsSchema<S>; readonly model: StageModel },
  message: object,
  before: JsonObject,
  mask: readonly string[] | undefined,
): S {
  const hidden = secretsOf(model, 'write_only');
  const isGiven = ([name, value]: readonly [string, unknown]) =>
    mask?.includes(name) ?? !(value === '' && hidden.includes(name));
  const given = Object.entries(message).filter(isGiven);
  const merged = { ...before, ...Object.fromEntries(given.map(([name, value]) => [name, value ?? null])) };
  return readSettings(schema, merged);
}

/** Settings as the API answers them: readable secrets to those who may change the stage, the others to nobody. */
export function shownSettings<S extends object>(settings: S, model: StageModel, context: Call['context']): S {
  const hidden = secretsOf(model, maySeeSecrets(context, model.model) ? 'write_only' : undefined);
  return Object.assign({}, settings, Object.fromEntries(hidden.map((name) => [name, ''])));
}

/** Whether a caller may see the readable secrets of a kind: whoever may change it. */
export function maySeeSecrets({ principal }: Call['context'], model: string): boolean {
  if (principal.kind === 'service') return true;
  if (principal.kind !== 'user') return false;
  return principal.superuser || principal.permissions.includes(model.replace('.', '.change_'));
}

/** What a stage and its kind are called. */
export function headOf(
  row: Pick<PlainRow<StageRow>, 'pk' | 'name'>,
  model: StageModel | undefined,
  flows: auth.FlowSet[],
): StageHead {
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
