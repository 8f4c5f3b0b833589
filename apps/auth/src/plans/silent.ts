import { StageDenied, StageRefused } from './flow.errors.ts';
import type { FlowFacts } from './flow.facts.ts';
import type { FlowClient, FlowRequest, Requester } from './flow.request.ts';
import type { StageOutcome } from './outcome.ts';
import type { PlanContext } from './plan.context.ts';
import { withContext, withoutHead } from './plan.ts';
import type { Reached, Route } from './route.ts';

/** A flow in which nobody may be asked. */
export type SilentFlow = {
  readonly tenant: string;
  readonly flow: FlowFacts;
  readonly context: PlanContext;
  readonly session: string;
  readonly requester: Requester;
  readonly client: FlowClient;
};

/** Passed, or the kind of the stage that would have asked; empty where the flow does not apply. */
export type SilentPass = { readonly passed: true } | { readonly passed: false; readonly asks: string };

/** Passes a flow without a page. */
export type SilentPasser = (asked: SilentFlow) => Promise<SilentPass>;

/**
 * Creates what passes flows in silence: `prompt=none` of OpenID Connect Core, section 3.1.2.1. The plan is made and walked, but never stored: a
 * stage that would ask, refuse or change anything ends the walk, so that nothing happened then.
 */
export function createSilentPasser({ route }: { route: Pick<Route, 'plan' | 'reach'> }): SilentPasser {
  return async ({ flow, context, ...asked }) => {
    const request: FlowRequest = { ...asked, slug: flow.slug, method: 'GET', url: '', query: '' };
    const planned = await route.plan(flow, { ...request, context });
    if (planned.kind === 'not_applicable') return asks('');
    let { plan } = planned;
    for (let head = planned.head; ; head = undefined) {
      const reached = await route.reach(flow, plan, request, head);
      if (reached.kind === 'done') return { passed: true };
      if (reached.kind === 'blocked') return asks('');
      const outcome = await entered(reached, flow, request, asked.session);
      if (!isSilent(outcome)) return asks(reached.stage.kind);
      plan = withoutHead(withContext(reached.plan, outcome.context));
    }
  };
}

async function entered(
  { plan, step, stage, stageKind }: Reached & { kind: 'stage' },
  flow: FlowFacts,
  request: FlowRequest,
  session: string,
): Promise<StageOutcome | undefined> {
  const { settings } = stage;
  const { context } = plan;
  try {
    return await stageKind.enter({ stage, settings, step: step.id, flow, context, memory: {}, request, session });
  } catch (error) {
    if (error instanceof StageDenied || error instanceof StageRefused) return undefined;
    throw error;
  }
}

function isSilent(outcome: StageOutcome | undefined): outcome is StageOutcome & { kind: 'passed' } {
  if (outcome?.kind !== 'passed') return false;
  const { effect, handOver, insert = [], forgetNext = false } = outcome;
  return effect === undefined && handOver === undefined && insert.length === 0 && !forgetNext;
}

function asks(stage: string): SilentPass {
  return { passed: false, asks: stage };
}
