import type { FlowFacts, FlowOutline } from './flow.facts.ts';
import type { FlowRequest } from './flow.request.ts';
import { diverted, headOf, type Plan, type PlanStep, withContext, withoutHead, withPassed } from './plan.ts';
import { createPlanner, type Planned, type PlanningRequest, policyRequest } from './planner.ts';
import type { FlowCatalog, LoadedStep, NextStep, PolicyPort, StoredPlan } from './ports.ts';
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
export type Route = Pick<FlowCatalog, 'load' | 'findFlow'> & {
  /** A plan of the flow; `outline` is what was read of it. */
  readonly plan: (flow: FlowFacts, request: PlanningRequest, outline?: Omit<FlowOutline, 'flow'>) => Promise<Planned>;
  /** The next stage whose policies pass. Stages whose policies fail are left out for good. `head` is what was read of the first one. */
  readonly reach: (flow: FlowFacts, plan: Plan, request: FlowRequest, head?: LoadedStep) => Promise<Reached>;
  /**
   * The plan past its first step, if that has nothing to ask of anybody: no policy guards it, and its stage would pass without a word.
   * `next` is what was read of it.
   */
  readonly pastQuiet: (
    flow: FlowFacts,
    stored: Pick<StoredPlan, 'plan' | 'session'>,
    request: FlowRequest,
    next: NextStep | undefined,
  ) => Promise<Plan>;
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
  const planner = createPlanner({ policies, kinds, ids });
  const stageOf = async (tenant: string, step: PlanStep, head?: LoadedStep): Promise<StageRecord | undefined> => {
    if (step.stage.kind === 'stored') return head === undefined ? catalog.findStage(tenant, step.stage.pk) : head.stage;
    const { name, stage, settings } = step.stage;
    return { pk: null, name, kind: stage, settings };
  };
  return {
    load: catalog.load,
    findFlow: catalog.findFlow,
    plan: async (flow, request, outline) =>
      planner({ flow, ...(outline ?? (await catalog.outlineOf(request.tenant, flow.pk))) }, request),
    reach: async (flow, start, request, loaded) => {
      let plan = diverted(start, ids);
      for (let step = headOf(plan); step !== undefined; step = headOf(plan)) {
        const head = loaded?.id === step.id ? loaded : undefined;
        if (step.policies !== undefined) {
          const question = policyRequest(step.policies.target, flow, request, plan.context);
          const verdict = await policies.evaluate({ ...question, mode: step.policies.mode, bound: head?.bound });
          if (verdict.unevaluated) return { kind: 'blocked', plan };
          plan = diverted(withContext(plan, verdict.context), ids);
          if (!verdict.passing) {
            plan = withoutHead(plan);
            continue;
          }
        }
        const stage = await stageOf(request.tenant, step, head);
        const stageKind = stage && kinds.get(stage.kind);
        // Never go on without a stage that was planned: it may be the one that asks for the password.
        if (stage === undefined || stageKind === undefined) return { kind: 'blocked', plan };
        return { kind: 'stage', plan, step, stage, stageKind };
      }
      return { kind: 'done', plan };
    },
    pastQuiet: async (flow, { plan, session }, request, next) => {
      const step = headOf(plan);
      const { context } = plan;
      if (next === undefined || step === undefined || next.id !== step.id || next.hasPolicies) return plan;
      const { stage } = next;
      const kind = stage && kinds.get(stage.kind);
      if (stage === undefined || kind === undefined || context.redirect_next !== undefined) return plan;
      const { settings } = stage;
      const visit = { stage, settings, step: step.id, flow, context, memory: step.memory, request, session };
      return (await kind.isQuiet?.(visit)) === true ? withoutHead(withPassed(plan)) : plan;
    },
  };
}
