import type { EntityManager } from '@postern/database';
import type { BoundPolicy } from '../plans/index.ts';

/** What is bound to something, as JSON in the order of the bindings: a sub-select over the keys that `condition` names. */
export function boundAs(condition: string): string {
  return `select jsonb_agg(jsonb_build_object(
      'binding', bound.pk, 'order', bound."order", 'group', bound.group_pk, 'user', bound.user_pk, 'negate', bound.negate,
      'timeout', bound.timeout, 'failureResult', bound.failure_result,
      'policy', case when bound.policy is not null then jsonb_build_object('pk', bound.policy, 'kind', coalesce(policy.kind, ''),
        'name', coalesce(policy.name, ''), 'logging', coalesce(policy.execution_logging, false),
        'settings', coalesce(policy.settings, '{}')) end
    ) order by bound."order", bound.pk)
    from policy_binding as bound left join policy on policy.pk = bound.policy
    where bound.enabled and ${condition}`;
}

const BOUND = boundAs('bound.target = ?');

/** What is bound to a target. */
export async function boundTo(em: EntityManager, target: string): Promise<readonly BoundPolicy[]> {
  const [row] = await em.execute<{ bound: BoundPolicy[] | null }[]>(`select (${BOUND}) as bound`, [target]);
  return row?.bound ?? [];
}

// A flow and a stage in its place are known by keys of their own; their policies are bound under another.
const BOUND_TO_ALL = `select asked.key, coalesce(flow.policy_target, place.policy_target, asked.key) as target,
    (${boundAs('bound.target = coalesce(flow.policy_target, place.policy_target, asked.key)')}) as bound
  from unnest(?::uuid[]) with ordinality as asked (key, rank)
  left join flow on flow.pk = asked.key
  left join flow_stage_binding as place on place.pk = asked.key
  order by asked.rank`;

/** A target with what is bound to it. */
export type BoundTarget = { readonly target: string; readonly bound: readonly BoundPolicy[] };

/** What is bound to each of these targets, in the order asked. */
export async function boundToAll(em: EntityManager, targets: readonly string[]): Promise<readonly BoundTarget[]> {
  const rows = await em.execute<{ target: string; bound: BoundPolicy[] | null }[]>(BOUND_TO_ALL, [
    `{${targets.join(',')}}`,
  ]);
  return rows.map(({ target, bound }) => ({ target, bound: bound ?? [] }));
}
