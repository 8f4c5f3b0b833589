import type { FlowFacts, FlowOutline } from './flow.facts.ts';
import type { FlowRequest } from './flow.request.ts';
import { headOf, type Plan, type PlanStep, withContext, withoutHead } from './plan.ts';
import { createPlanner, type Planner, policyRequest } from './planner.ts';
import type { FlowCatalog, PolicyPort } from './ports.ts';
import type { StageKind, StageKinds } from './stage.kind.ts';
import type { StageRecord } from './stage.record.ts';

/** Where a plan stands after its policies were asked again. */
export type Reached =
  | { readonly kind: 'done'; readonly plan: Plan }
  /** A policy could not be evaluated, or the stage does not exist any more: the way is closed. */
  | { readonly kind: 'blocked'; readonly plan: Plan }
  | {
      readonly kind: 'stage';
      readonly plan: Plan;
      readonly step: PlanStep;
      readonly stage: StageRecord;
      readonly stageKind: StageKind;
    };

/** What lies ahead in a flow. */
export type Route = {
  readonly find: (tenant: string, slug: string) => Promise<FlowOutline | undefined>;
  readonly plan: Planner;
  /** The next stage whose policies pass. Stages whose policies fail are left out for good. */
  readonly reach: (flow: FlowFacts, plan: Plan, request: FlowRequest) => Promise<Reached>;
};

/** What the route needs. */
export type RouteDeps = {
  readonly catalog: FlowCatalog;
  readonly kinds: StageKinds;
  readonly policies: PolicyPort;
  readonly ids: () => string;
};

/** Creates the part of the engine that decides which stage comes next. */
export function createRoute({ catalog, kinds, policies, ids }: RouteDeps): Route {
  const stageOf = async (tenant: string, step: PlanStep): Promise<StageRecord | undefined> => {
    if (step.stage.kind === 'stored') return catalog.findStage(tenant, step.stage.pk);
    const { name, stage, settings } = step.stage;
    return { pk: null, name, kind: stage, settings };
  };
  return {
    find: catalog.findFlow,
    plan: createPlanner({ policies, kinds, ids }),
    reach: async (flow, start, request) => {
      let plan = start;
      for (let step = headOf(plan); step !== undefined; step = headOf(plan)) {
        if (step.policies !== undefined) {
          const question = policyRequest(step.policies.target, flow, request, plan.context);
          const verdict = await policies.evaluate({ ...question, mode: step.policies.mode });
          if (verdict.unevaluated) return { kind: 'blocked', plan };
          plan = withContext(plan, verdict.context);
          if (!verdict.passing) {
            plan = withoutHead(plan);
            continue;
          }
        }
        const stage = await stageOf(request.tenant, step);
        const stageKind = stage && kinds.get(stage.kind);
        // Never go on without a stage that was planned: it may be the one that asks for the password.
        if (stage === undefined || stageKind === undefined) return { kind: 'blocked', plan };
        return { kind: 'stage', plan, step, stage, stageKind };
      }
      return { kind: 'done', plan };
    },
  };
}
