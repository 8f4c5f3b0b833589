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

/** SQL that is true where a column holds the key of a target, in either form. Takes the keys three times, as arrays. */
export function boundUnder(column: string): string {
  return `${column} in (
    select unnest(?::uuid[])
    union all select policy_target from flow where pk = any (?::uuid[])
    union all select policy_target from flow_stage_binding where pk = any (?::uuid[]))`;
}
