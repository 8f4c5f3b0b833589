import { redirectChallenge } from './challenge.ts';
import type { ExecutorDeps } from './finish.ts';
import { again, type FlowAnswer, say } from './flow.answer.ts';
import type { FlowRequest } from './flow.request.ts';
import { flowPage, notApplicable } from './frame.ts';
import type { HandOver, StageEffect } from './outcome.ts';
import type { Plan } from './plan.ts';
import { NOT_APPLICABLE } from './planner.ts';
import type { StoredPlan } from './ports.ts';

/**
 * The flow of a plan ends, and another one begins in its session, with what the first one was started with, the query of its page and what
 * waits for a sign-in. Whom it does not apply to has come to the end. A plan that a service waits for is never handed over: the
 * stages that are left of it are what the service asked for.
 */
export async function handOver(
  deps: ExecutorDeps,
  request: FlowRequest,
  stored: StoredPlan,
  { flow, context }: HandOver,
  effect: StageEffect | undefined,
): Promise<FlowAnswer> {
  const { plan, session } = stored;
  const { completion, followedBy, given = {} } = plan;
  if (completion !== undefined) throw new Error('a plan that a service waits for was handed over');
  const planned = await deps.route.plan(flow, { ...request, context: { ...given, ...context }, isEntered: true });
  // Without a stage left there would be nothing that was passed.
  const next: Plan | undefined =
    planned.kind === 'planned' && planned.plan.steps.length > 0 ? { ...planned.plan, followedBy, given } : undefined;
  const change = await deps.plans.advance(request.tenant, stored, async (tx) => {
    const result = await effect?.(tx, { plan, session });
    return { plan: next, session: result?.session };
  });
  if (change === undefined) return again(request);
  if (next !== undefined) return say(redirectChallenge(flowPage(flow.slug, request.query)), change.session);
  const message = planned.kind === 'planned' ? NOT_APPLICABLE : planned.message;
  return say(notApplicable(flow, request, message), change.session);
}
