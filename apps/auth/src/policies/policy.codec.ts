import { boolean, custom, type EntityManager, exact, type Filter, type List, type PlainRow } from '@postern/database';
import type { auth } from '@postern/proto';
import { type JsonObject, readSettings, type SettingsSchema } from '../plans/index.ts';
import { PolicyEntity, type PolicyRow } from './policy.entity.ts';
import type { PolicyModel } from './policy.model.ts';

/** What the API says about every policy. */
export type PolicyHead = Pick<
  auth.Policy,
  | 'pk'
  | 'name'
  | 'execution_logging'
  | 'component'
  | 'verbose_name'
  | 'verbose_name_plural'
  | 'meta_model_name'
  | 'bound_to'
>;

/** The list of a kind: by what all policies have, and by every setting it has. */
export function listOf<S extends object>(settings: SettingsSchema<S>): List<PolicyRow> {
  const own = Object.keys(settings).map((name): readonly [string, Filter] => [name, bySetting(name)]);
  return {
    entity: PolicyEntity,
    filters: {
      name: exact('name'),
      policy_uuid: exact('pk'),
      execution_logging: boolean('executionLogging'),
      created: exact('created'),
      last_updated: exact('updated'),
      ...Object.fromEntries(own),
    },
    search: ['name'],
    ordering: { name: 'name', pk: 'pk', execution_logging: 'executionLogging' },
    defaultOrder: ['name'],
  };
}

function bySetting(name: string): Filter {
  return custom((value) => ({ settings: { $contains: { [name]: value } } }));
}

/** The settings that a message holds, as they are stored; with a mask only those it names, over those that were there. */
export function settingsFrom<S extends object>(
  schema: SettingsSchema<S>,
  message: object,
  before: JsonObject,
  mask: readonly string[] | undefined,
): S {
  const given = Object.entries(message).filter(([name]) => mask?.includes(name) ?? true);
  return readSettings(schema, {
    ...before,
    ...Object.fromEntries(given.map(([name, value]) => [name, value ?? null])),
  });
}

/** What a policy and its kind are called, and how much hangs on it. */
export function headOf(
  row: Pick<PlainRow<PolicyRow>, 'pk' | 'name' | 'executionLogging'>,
  model: PolicyModel | undefined,
  boundTo: number,
): PolicyHead {
  return {
    pk: row.pk,
    name: row.name,
    execution_logging: row.executionLogging,
    component: model?.component ?? '',
    verbose_name: model?.verboseName ?? '',
    verbose_name_plural: model?.verboseNamePlural ?? '',
    meta_model_name: model?.model ?? '',
    bound_to: boundTo,
  };
}

const USES = `select policy.pk,
    (select count(*) from policy_binding where policy_binding.policy = policy.pk)
    + (select count(*) from stage where stage.kind = 'prompt' and stage.settings->'validation_policies' @> to_jsonb(policy.pk::text))
    as uses
  from policy where policy.pk = any (?::uuid[])`;

/** How many bindings and prompt stages use each policy. */
export async function usesOf(em: EntityManager, policies: readonly string[]): Promise<ReadonlyMap<string, number>> {
  if (policies.length === 0) return new Map();
  const rows = await em.execute<{ pk: string; uses: string | number }[]>(USES, [`{${policies.join(',')}}`]);
  return new Map(rows.map(({ pk, uses }) => [pk, Number(uses)]));
}
