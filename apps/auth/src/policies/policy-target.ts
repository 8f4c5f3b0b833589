import { type EntityManager, isUuid } from '@postern/database';

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

/** SQL that is true where a column holds the key of a target, in either form. Takes the keys three times, as arrays. */
export function boundUnder(column: string): string {
  return `${column} in (
    select unnest(?::uuid[])
    union all select policy_target from flow where pk = any (?::uuid[])
    union all select policy_target from flow_stage_binding where pk = any (?::uuid[]))`;
}
