import type { EntityManager, PlainRow } from '@postern/database';
import type { FlowRow } from './flow.entity.ts';

type Count = { flow: string; count: string | number };

/** How many people are on their way through each of these flows. */
export async function countPlans(
  em: EntityManager,
  flows: readonly Pick<PlainRow<FlowRow>, 'pk'>[],
): Promise<ReadonlyMap<string, number>> {
  const keys = `{${flows.map(({ pk }) => pk).join(',')}}`;
  const rows = await em.execute<Count[]>(
    'select flow, count(*) from flow_plan where flow = any (?::uuid[]) and expires > now() group by flow',
    [keys],
  );
  return new Map(rows.map(({ flow, count }) => [flow, Number(count)]));
}

/** How many people are on their way through any flow. */
export async function countAllPlans(em: EntityManager): Promise<number> {
  const [row] = await em.execute<{ count: string | number }[]>(
    'select count(*) from flow_plan where expires > now()',
    [],
  );
  return Number(row?.count ?? 0);
}

/**
 * Forgets the plans of people who have not told anything yet. They are planned anew at the next request, by the flow as it is then. A plan that a service
 * waits for stays, as does one that somebody is in the middle of.
 */
export async function forgetFreshPlans(em: EntityManager): Promise<void> {
  await em.execute(
    `delete from flow_plan
     where plan->'context' = '{}'::jsonb and plan->'completion' is null and plan->'followedBy' is null`,
    [],
  );
}
