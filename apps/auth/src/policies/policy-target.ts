import { type EntityManager, isUuid } from '@postern/database';
import { type ModelObject, object } from '@postern/expressions';
import type { JsonValue } from '../plans/index.ts';

// Flows and stages in their places are known by keys of their own; their policies are bound under another.
const OWN = `select pk, policy_target as bound from flow where pk = any (?::uuid[]) or policy_target = any (?::uuid[])
  union all
  select pk, policy_target from flow_stage_binding where pk = any (?::uuid[]) or policy_target = any (?::uuid[])`;

/** The keys of something that policies are bound to. */
export type PolicyTarget = {
  /** Key by which the API knows it. */
  readonly pk: string;
  /** Key under which its policies are bound. */
  readonly bound: string;
};

/** Those of the keys, of either form, that name a flow or a stage in its place. */
export async function ownTargets(em: EntityManager, keys: readonly string[]): Promise<readonly PolicyTarget[]> {
  const wanted = `{${[...new Set(keys)].filter(isUuid).join(',')}}`;
  return wanted === '{}' ? [] : em.execute<PolicyTarget[]>(OWN, [wanted, wanted, wanted, wanted]);
}

/** What policies guard, as events name objects. */
export type TargetTitle = {
  /** Key under which the policies are bound. */
  readonly target: string;
  readonly app: string;
  readonly model_name: string;
  readonly pk: string;
  readonly name: string;
};

const TITLES = `select policy_target as target, 'authentik_flows' as app, 'flow' as model_name, pk::text, name
    from flow where policy_target = any (?::uuid[])
  union all
  select place.policy_target, 'authentik_flows', 'flowstagebinding', place.pk::text, stage.name
    from flow_stage_binding place join stage on stage.pk = place.stage where place.policy_target = any (?::uuid[])`;

/** What flows and stages in their places are called, by the keys under which their policies are bound. */
export async function titlesOf(
  em: EntityManager,
  targets: readonly string[],
): Promise<ReadonlyMap<string, TargetTitle>> {
  const wanted = `{${[...new Set(targets)].filter(isUuid).join(',')}}`;
  const rows = wanted === '{}' ? [] : await em.execute<TargetTitle[]>(TITLES, [wanted, wanted]);
  return new Map(rows.map((row) => [row.target, row]));
}

const OBJECT = `select to_jsonb(flow) as flow, to_jsonb(place) as place, to_jsonb(stage) as stage
  from (select ?::uuid as key) as asked
  left join flow_stage_binding place on place.policy_target = asked.key
  left join stage on stage.pk = place.stage
  left join flow on flow.policy_target = asked.key or flow.pk = place.target`;

type Columns = { readonly [column: string]: JsonValue } | null;

/** What policies under a key guard, as expressions know it: a flow, a stage in its place, or something of another service, by its key. */
export async function boundObject(em: EntityManager, target: string): Promise<ModelObject> {
  const [row] = isUuid(target)
    ? await em.execute<{ flow: Columns; place: Columns; stage: Columns }[]>(OBJECT, [target])
    : [];
  const flow = row?.flow && objectOf('authentik_flows.flow', row.flow, ['pk', 'name', 'slug', 'title', 'designation']);
  if (!flow) return object('policybindingmodel', { pk: target });
  if (!row.place) return flow;
  const stage = row.stage && objectOf('authentik_flows.stage', row.stage, ['pk', 'name']);
  const place = objectOf('authentik_flows.flowstagebinding', row.place, ['pk', 'order']);
  return object(place.kind, { ...place.members, target: flow, stage });
}

function objectOf(label: string, columns: NonNullable<Columns>, fields: readonly string[]): ModelObject {
  const [app = '', model_name = ''] = label.split('.');
  const members = Object.fromEntries(fields.map((field) => [field, columns[field]]));
  return object(model_name, { app, model_name, ...members });
}

/** SQL that is true where a column holds the key of a target, in either form. Takes the keys three times, as arrays. */
export function boundUnder(column: string): string {
  return `${column} in (
    select unnest(?::uuid[])
    union all select policy_target from flow where pk = any (?::uuid[])
    union all select policy_target from flow_stage_binding where pk = any (?::uuid[]))`;
}
