import type { EntityManager, PlainRow } from '@postern/database';
import type { auth } from '@postern/proto';
import { backgroundOf, FlowEntity, type FlowRow } from './flow.entity.ts';

/** Address of a flow as a file. */
export function exportUrl(slug: string): string {
  return `/api/v3/flows/instances/${slug}/export/`;
}

/** The flows that use each of these stages. */
export async function flowSetsOf(
  em: EntityManager,
  stages: readonly string[],
): Promise<ReadonlyMap<string, auth.FlowSet[]>> {
  if (stages.length === 0) return new Map();
  const marks = stages.map(() => '?').join(', ');
  const uses = await em.execute<{ stage: string; target: string }[]>(
    `select distinct stage, target from flow_stage_binding where stage in (${marks})`,
    [...stages],
  );
  const keys = [...new Set(uses.map(({ target }) => target))];
  const query = em
    .createQueryBuilder(FlowEntity)
    .where({ pk: { $in: keys } })
    .orderBy({ slug: 'asc' });
  const flows = keys.length === 0 ? [] : await query.execute<PlainRow<FlowRow>[]>('all');
  const using = (stage: string) =>
    flows.filter(({ pk }) => uses.some((use) => use.stage === stage && use.target === pk));
  return new Map(stages.map((stage) => [stage, using(stage).map(flowSet)]));
}

function flowSet(flow: PlainRow<FlowRow>): auth.FlowSet {
  const { pk, policyTarget, name, slug, title, designation, layout } = flow;
  return {
    pk,
    policybindingmodel_ptr_id: policyTarget,
    name,
    slug,
    title,
    designation,
    background: backgroundOf(flow.background),
    policy_engine_mode: flow.policyEngineMode,
    compatibility_mode: flow.compatibilityMode,
    export_url: exportUrl(slug),
    layout,
    denied_action: flow.deniedAction,
  };
}
