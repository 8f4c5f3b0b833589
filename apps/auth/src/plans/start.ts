import { planErrors } from './flow.errors.ts';
import type { FlowFacts } from './flow.facts.ts';
import type { FlowClient, Requester } from './flow.request.ts';
import { flowPage } from './frame.ts';
import { localPath } from './next-url.ts';
import type { PlanContext } from './plan.context.ts';
import { type Completion, type NextFlow, type Plan, type StepStage, withLast } from './plan.ts';
import type { PlanStore } from './ports.ts';
import type { Route } from './route.ts';

/** A flow that a service wants somebody to pass. */
export type FlowStart = {
  readonly tenant: string;
  readonly flow: FlowFacts;
  readonly context: PlanContext;
  readonly completion?: Completion;
  /** Stages that come after those of the flow, in this plan alone. */
  readonly last?: readonly StepStage[];
  /** Where to go without a completion; a path of this host. */
  readonly next?: string;
  readonly session: string;
  readonly requester?: Requester;
  readonly client: FlowClient;
  /** The flow to pass first: whoever is not signed in, or has to do so again, comes through here. */
  readonly signIn?: FlowFacts;
};

/** Plans a flow into a session; answers with the page to send the browser to. Throws FLOW_NOT_APPLICABLE. */
export type FlowStarter = (start: FlowStart) => Promise<string>;

/** What starting flows needs. */
export type StarterDeps = {
  readonly route: Pick<Route, 'plan'>;
  readonly plans: PlanStore;
  /** Random UUIDs: keys of the steps that a service adds. */
  readonly ids: () => string;
};

/** Creates what starts flows on behalf of services. */
export function createFlowStarter({ route, plans, ids }: StarterDeps): FlowStarter {
  return async (start) => {
    const { tenant, flow, session, completion, last = [] } = start;
    const next = start.next === undefined || start.next === '' ? undefined : localPath(start.next);
    const context = next === undefined ? start.context : { ...start.context, redirect: next };
    const asked: NextFlow = { slug: flow.slug, context, completion, last };
    const first = start.signIn ?? flow;
    const own = start.signIn === undefined ? context : forSignIn(context);
    const request = { tenant, query: '', client: start.client, requester: start.requester, context: own };
    const planned = await route.plan(first, request);
    if (planned.kind === 'not_applicable') throw planErrors.FLOW_NOT_APPLICABLE({ message: planned.message });
    const made: Plan = { ...planned.plan, given: own };
    const plan: Plan =
      start.signIn === undefined ? { ...withLast(made, last, ids), completion } : { ...made, followedBy: asked };
    await plans.put(tenant, session, plan);
    return flowPage(first.slug);
  };
}

/** The sign-in knows which application somebody is on the way to, and nothing else of what comes after it. */
function forSignIn({ application }: PlanContext): PlanContext {
  return application === undefined ? {} : { application };
}
