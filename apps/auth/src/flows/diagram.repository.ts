import type { EntityManager } from '@postern/database';
import { POLICY_MODELS } from '../policies/index.ts';
import { modelOf } from '../stages/index.ts';
import type { DrawnFlow, DrawnPolicy } from './diagram.ts';
import type { FlowRow } from './flow.entity.ts';

/** What somebody may look at. */
export type DiagramView = { readonly stageBindings: boolean; readonly policyBindings: boolean };

type StageRow = { target: string; kind: string; name: string };
type PolicyRow = { target: string; order: number; kind: string; name: string };

/** What the diagram of a flow shows to somebody: its stages and the policies that are asked, as far as they may see the bindings. */
export async function readDrawing(em: EntityManager, flow: FlowRow, view: DiagramView): Promise<DrawnFlow> {
  const stages = view.stageBindings ? await stagesOf(em, flow.pk) : [];
  const targets = [flow.policyTarget, ...stages.map(({ target }) => target)];
  const policies = Map.groupBy(view.policyBindings ? await policiesOf(em, targets) : [], ({ target }) => target);
  const drawn = (target: string) => (policies.get(target) ?? []).map(drawnPolicy);
  return {
    name: flow.name,
    authentication: flow.authentication,
    policies: drawn(flow.policyTarget),
    stages: stages.map(({ target, kind, name }) => ({
      kind: modelOf(kind)?.verboseName ?? kind,
      name,
      policies: drawn(target),
    })),
  };
}

function stagesOf(em: EntityManager, flow: string): Promise<StageRow[]> {
  return em.execute<StageRow[]>(
    `select bound.policy_target as target, stage.kind, stage.name
     from flow_stage_binding bound join stage on stage.pk = bound.stage
     where bound.target = ? order by bound."order", bound.pk`,
    [flow],
  );
}

function policiesOf(em: EntityManager, targets: readonly string[]): Promise<PolicyRow[]> {
  return em.execute<PolicyRow[]>(
    `select bound.target, bound."order", policy.kind, policy.name
     from policy_binding bound join policy on policy.pk = bound.policy
     where bound.enabled and bound.target = any (?::uuid[]) order by bound."order", bound.pk`,
    [`{${targets.join(',')}}`],
  );
}

function drawnPolicy({ kind, name, order }: PolicyRow): DrawnPolicy {
  return { kind: POLICY_MODELS.find((model) => model.kind === kind)?.verboseName ?? kind, name, order };
}
