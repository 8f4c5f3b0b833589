import { PosternError } from '@postern/errors';
import { redirectChallenge } from './challenge.ts';
import { again, type FlowAnswer, say } from './flow.answer.ts';
import { planErrors } from './flow.errors.ts';
import { type FlowRequest, queryParameter } from './flow.request.ts';
import { destination, flowPage, nextOf, notApplicable } from './frame.ts';
import { type Completion, type NextFlow, type Plan, withLast } from './plan.ts';
import type { CompletionFacts, CompletionPort, PlanLinks, PlanStore, SessionOpener, StoredPlan } from './ports.ts';
import type { Route } from './route.ts';

/** What the executor needs. */
export type ExecutorDeps = {
  readonly route: Route;
  readonly plans: PlanStore;
  readonly links: PlanLinks;
  readonly sessions: SessionOpener;
  readonly completions: CompletionPort;
  /** Random UUIDs: keys of the steps that stages add to a plan. */
  readonly ids: () => string;
  /** Told of errors that the person sees only by their request id. */
  readonly report: (error: unknown, request: FlowRequest) => void;
};

/**
 * The plan is done. Taking it out of the store is what makes its completion happen once; it is put back when the service that
 * waits for it cannot be reached, so that asking again finishes the flow.
 */
export async function finish(
  deps: ExecutorDeps,
  request: FlowRequest,
  stored: StoredPlan,
  plan: Plan,
): Promise<FlowAnswer> {
  if (plan.followedBy !== undefined) return goOn(deps, request, stored, plan.followedBy);
  const taken = await deps.plans.advance(request.tenant, stored, { plan: undefined });
  if (taken === undefined) return again(request);
  const { completion, context } = plan;
  if (completion === undefined) return say(redirectChallenge(destination(context, nextOf(request) ?? '/')));
  return complete(deps, request, { stored, plan, completion }, { consented: context.consented ?? [] });
}

/** The person does not want to. The service that waits for the plan answers for it, once; undefined where none does. */
export async function decline(
  deps: ExecutorDeps,
  request: FlowRequest,
  stored: StoredPlan,
): Promise<FlowAnswer | undefined> {
  const { plan } = stored;
  if (plan.completion === undefined) return undefined;
  const taken = await deps.plans.advance(request.tenant, stored, { plan: undefined });
  if (taken === undefined) return again(request);
  return complete(deps, request, { stored, plan, completion: plan.completion }, { consented: [], declined: true });
}

type Ended = { readonly stored: StoredPlan; readonly plan: Plan; readonly completion: Completion };

/** Tells the service that waits. The plan comes back when it cannot be reached. */
async function complete(
  deps: ExecutorDeps,
  request: FlowRequest,
  { stored, plan, completion }: Ended,
  what: Pick<CompletionFacts, 'consented' | 'declined'>,
): Promise<FlowAnswer> {
  const facts = { tenant: request.tenant, session: stored.session, ...what };
  try {
    const outcome = await deps.completions.complete(completion, facts);
    if (outcome.kind === 'challenge') return say(outcome.challenge);
    const end = withLast({ flow: plan.flow, steps: [], context: {} }, [outcome.stage], deps.ids);
    await deps.plans.put(request.tenant, stored.session, end);
    return again(request);
  } catch (error) {
    if (isPassing(error)) await deps.plans.put(request.tenant, stored.session, plan);
    throw error;
  }
}

/** Whether asking again later may help: some service is away or busy. */
export function isPassing(error: unknown): boolean {
  return (
    error instanceof PosternError && ['UNAVAILABLE', 'DEADLINE_EXCEEDED', 'RESOURCE_EXHAUSTED'].includes(error.code)
  );
}

/** The languages that the client asked the pages to be in: they are asked for once, and hold for every page on the way. */
function languagesOf(request: FlowRequest): string {
  const ui_locales = queryParameter(request, 'ui_locales') ?? '';
  return ui_locales === '' ? '' : new URLSearchParams({ ui_locales }).toString();
}

/** The flow that waited for this one begins, for whoever is signed in by now. */
async function goOn(deps: ExecutorDeps, request: FlowRequest, stored: StoredPlan, next: NextFlow): Promise<FlowAnswer> {
  const flow = await deps.route.findFlow(request.tenant, next.slug);
  const planned = flow && (await deps.route.plan(flow, { ...request, context: next.context }));
  const plan =
    planned?.kind === 'planned'
      ? { ...withLast(planned.plan, next.last ?? [], deps.ids), completion: next.completion, given: next.context }
      : undefined;
  const taken = await deps.plans.advance(request.tenant, stored, { plan });
  if (taken === undefined) return again(request);
  if (flow === undefined) throw planErrors.FLOW_NOT_FOUND();
  if (planned?.kind === 'not_applicable') return say(notApplicable(flow, request, planned.message));
  return say(redirectChallenge(flowPage(next.slug, languagesOf(request))));
}
