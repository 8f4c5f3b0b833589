import { flowErrorChallenge, redirectChallenge } from './challenge.ts';
import { decline, type ExecutorDeps, finish, isPassing } from './finish.ts';
import { again, type FlowAnswer, say } from './flow.answer.ts';
import { planErrors, StageDenied, StageRefused } from './flow.errors.ts';
import type { FlowFacts } from './flow.facts.ts';
import { type FlowRequest, queryParameter } from './flow.request.ts';
import { accessDenied, destination, framed, INVALID_NEXT, nextOf, notApplicable, UNKNOWN_ERROR } from './frame.ts';
import { handOver } from './hand-over.ts';
import type { JsonObject } from './json.ts';
import type { EffectStanding, StageOutcome } from './outcome.ts';
import { headOf, type Plan, withContext, withHead, withNext, withoutHead, withPassed } from './plan.ts';
import type { LoadedFlow, NextStep, StoredPlan } from './ports.ts';
import type { Reached } from './route.ts';
import type { StageVisit } from './stage.kind.ts';

/** Handles one request to a flow. Throws FLOW_NOT_FOUND, and what a service that is down answers; everything else becomes a challenge. */
export type Executor = (request: FlowRequest) => Promise<FlowAnswer>;

/** Where a request stands: the stage it reached in the plan it found. */
type Standing = {
  readonly stored: StoredPlan;
  readonly reached: Reached & { kind: 'stage' };
  readonly visit: StageVisit<JsonObject>;
  /** What was read of the step after this one. */
  readonly next: NextStep | undefined;
};

/** Creates the executor: finds or makes the plan, reaches the next stage, lets it ask or judge, and records what came of it. */
export function createExecutor(deps: ExecutorDeps): Executor {
  return async (request) => {
    try {
      return await execute(deps, request);
    } catch (error) {
      if (planErrors.FLOW_NOT_FOUND.is(error) || isPassing(error)) throw error;
      deps.report(error, request);
      return say(flowErrorChallenge(request.client.requestId));
    }
  };
}

async function execute(deps: ExecutorDeps, request: FlowRequest): Promise<FlowAnswer> {
  const loaded = await deps.route.load(request.tenant, request.slug, request.session);
  if (loaded === undefined) throw planErrors.FLOW_NOT_FOUND();
  const { flow } = loaded;
  if (nextOf(request) === undefined) return say(accessDenied(flow, request, INVALID_NEXT));
  const restored = await restore(deps, flow, request);
  if (restored !== undefined) return restored;
  if (loaded.stored !== undefined) return proceed(deps, flow, request, loaded.stored, loaded);
  const planned = await deps.route.plan(flow, { ...request, context: {} }, loaded.outline);
  if (planned.kind === 'not_applicable') return say(notApplicable(flow, request, planned.message));
  const opened = request.session === undefined ? await deps.sessions.open(request) : undefined;
  const stored = deps.plans.begin(opened?.key ?? request.session ?? '', planned.plan);
  const answer = await proceed(deps, flow, request, stored, planned);
  return { ...answer, session: answer.session ?? opened };
}

/** Goes on with the plan that a link opens, in this browser; undefined where there is no link, or one that opens nothing. */
async function restore(deps: ExecutorDeps, flow: FlowFacts, request: FlowRequest): Promise<FlowAnswer | undefined> {
  const key = queryParameter(request, 'flow_token');
  if (key === undefined || key === '') return undefined;
  const opened = request.session === undefined ? await deps.sessions.open(request) : undefined;
  const session = opened?.key ?? request.session ?? '';
  const stored = await deps.links.restore(request.tenant, { key, flow: flow.pk, session });
  if (stored === undefined) return undefined;
  const answer = await proceed(deps, flow, request, stored);
  return { ...answer, session: answer.session ?? opened };
}

async function proceed(
  deps: ExecutorDeps,
  flow: FlowFacts,
  request: FlowRequest,
  stored: StoredPlan,
  { head, next }: Pick<LoadedFlow, 'head' | 'next'> = {},
): Promise<FlowAnswer> {
  const reached = await deps.route.reach(flow, stored.plan, request, head);
  if (reached.kind === 'done') return finish(deps, request, stored, reached.plan);
  if (reached.kind === 'blocked') return cancel(deps, flow, request, stored, { kind: 'denied' });
  const { plan, step, stage, stageKind } = reached;
  const { settings } = stage;
  const { context } = plan;
  const { session } = stored;
  const visit = { stage, settings, step: step.id, flow, context, memory: step.memory, request, session };
  // An answer counts only for a challenge that was shown; anything else is a first look at the stage.
  const answered = request.method === 'POST' && step.shown;
  const outcome = answered ? await stageKind.respond(visit, request.answer) : await stageKind.enter(visit);
  const standing = { stored, reached, visit, next };
  try {
    return await conclude(deps, flow, request, standing, outcome);
  } catch (error) {
    if (error instanceof StageRefused) {
      const { errors, effect, memory } = error;
      return conclude(deps, flow, request, standing, { kind: 'refused', errors, effect, memory });
    }
    if (!(error instanceof StageDenied)) throw error;
    return reject(deps, flow, request, standing, { kind: 'denied', message: error.message });
  }
}

async function conclude(
  deps: ExecutorDeps,
  flow: FlowFacts,
  request: FlowRequest,
  standing: Standing,
  outcome: StageOutcome,
): Promise<FlowAnswer> {
  const { stored, reached } = standing;
  switch (outcome.kind) {
    case 'challenge':
      return ask(deps, flow, request, standing, outcome);
    case 'refused':
      return standing.reached.step.invalidResponse === 'retry' || outcome.isRemark === true
        ? askAgain(deps, flow, request, standing, outcome)
        : reject(deps, flow, request, standing, outcome);
    case 'denied':
      return reject(deps, flow, request, standing, outcome);
    case 'declined':
      return (await decline(deps, request, stored)) ?? cancel(deps, flow, request, stored, { kind: 'denied' });
    case 'passed':
      return outcome.handOver === undefined
        ? pass(deps, flow, request, standing, outcome)
        : handOver(deps, request, { ...stored, plan: reached.plan }, outcome.handOver, outcome.effect);
  }
}

async function ask(
  deps: ExecutorDeps,
  flow: FlowFacts,
  request: FlowRequest,
  { stored, reached: { plan, step } }: Standing,
  outcome: StageOutcome & { kind: 'challenge' },
): Promise<FlowAnswer> {
  const changed = plan !== stored.plan || !step.shown || outcome.memory !== undefined || outcome.effect !== undefined;
  if (changed) {
    const shown = withHead(plan, { shown: true, memory: outcome.memory ?? step.memory });
    const next: Plan = { ...shown, restarted: undefined };
    const { effect } = outcome;
    const change = await deps.plans.advance(
      request.tenant,
      stored,
      effect === undefined
        ? { plan: next }
        : async (tx) => {
            const result = await effect(tx, standingOf(stored, plan));
            return { plan: withContext(next, result?.context), session: result?.session };
          },
    );
    if (change === undefined) return again(request);
    return say(framed(flow, request, plan.context, outcome.challenge), change.session);
  }
  return say(framed(flow, request, plan.context, outcome.challenge));
}

async function askAgain(
  deps: ExecutorDeps,
  flow: FlowFacts,
  request: FlowRequest,
  { stored, reached: { plan, step, stageKind }, visit }: Standing,
  outcome: StageOutcome & { kind: 'refused' },
): Promise<FlowAnswer> {
  const memory = outcome.memory ?? step.memory;
  const context = withContext(plan, outcome.context).context;
  const asked = await stageKind.enter({ ...visit, context, memory });
  if (asked.kind !== 'challenge') throw new Error(`stage ${visit.stage.kind} refuses answers it does not ask for`);
  const change = await deps.plans.advance(request.tenant, stored, async (tx) => {
    const result = await outcome.effect?.(tx, standingOf(stored, plan));
    const next = withHead({ ...plan, context }, { shown: true, memory: asked.memory ?? memory });
    return { plan: withContext(next, result?.context), session: result?.session };
  });
  if (change === undefined) return again(request);
  return say(framed(flow, request, context, asked.challenge, outcome.errors), change.session);
}

/** The answer or the person is refused for good: from the start where the binding says so, else the end of the plan. */
async function reject(
  deps: ExecutorDeps,
  flow: FlowFacts,
  request: FlowRequest,
  { stored, reached: { plan, step } }: Standing,
  outcome: StageOutcome & { kind: 'refused' | 'denied' },
): Promise<FlowAnswer> {
  // Who was shown nothing since the last start would be sent round for ever.
  if (step.invalidResponse === 'retry' || plan.restarted === true) {
    return cancel(deps, flow, request, { ...stored, plan }, outcome);
  }
  const { completion, followedBy, given = {}, passed } = plan;
  const kept = step.invalidResponse === 'restart' ? given : withContext(plan, outcome.context).context;
  const planned = await deps.route.plan(flow, { ...request, context: kept });
  // A restart never finishes a flow: without a stage left there would be nothing that was passed.
  if (planned.kind === 'not_applicable' || planned.plan.steps.length === 0) {
    const ended = await cancel(deps, flow, request, stored, { kind: 'denied', effect: outcome.effect });
    if (planned.kind === 'planned' || ended.kind === 'again') return ended;
    return { ...ended, challenge: notApplicable(flow, request, planned.message) };
  }
  const change = await deps.plans.advance(request.tenant, stored, async (tx) => {
    const result = await outcome.effect?.(tx, standingOf(stored, plan));
    const begun: Plan = { ...planned.plan, completion, followedBy, given, passed, restarted: true };
    return { plan: begun, session: result?.session };
  });
  return again(request, change?.session);
}

async function cancel(
  deps: ExecutorDeps,
  flow: FlowFacts,
  request: FlowRequest,
  stored: StoredPlan,
  outcome: StageOutcome & { kind: 'refused' | 'denied' },
): Promise<FlowAnswer> {
  const change = await deps.plans.advance(request.tenant, stored, async (tx) => {
    const result = await outcome.effect?.(tx, standingOf(stored, stored.plan));
    return { plan: undefined, session: result?.session };
  });
  if (change === undefined) return again(request);
  const message = outcome.kind === 'denied' ? (outcome.message ?? UNKNOWN_ERROR) : UNKNOWN_ERROR;
  return say(accessDenied(flow, request, message, stored.plan.context), change.session);
}

async function pass(
  deps: ExecutorDeps,
  flow: FlowFacts,
  request: FlowRequest,
  { stored, reached: { plan }, next: following }: Standing,
  outcome: StageOutcome & { kind: 'passed' },
): Promise<FlowAnswer> {
  const { effect } = outcome;
  const done = withPassed(withContext(plan, outcome.context));
  const popped = withNext(withoutHead(done), outcome.insert ?? [], deps.ids);
  const onward = await deps.route.pastQuiet(flow, { ...stored, plan: popped }, request, following);
  const change = await deps.plans.advance(
    request.tenant,
    stored,
    effect === undefined
      ? { plan: unlessOver(onward) }
      : async (tx) => {
          const result = await effect(tx, standingOf(stored, plan));
          // What the effect changed may make the next stage speak.
          const ahead = result === undefined ? onward : withContext(popped, result.context);
          return { plan: unlessOver(ahead), session: result?.session };
        },
  );
  if (change === undefined) return again(request);
  // A completion happens on a request of its own: should it fail, this stage and its session stand.
  if (change.plan !== undefined) return again(request, change.session);
  const next = outcome.forgetNext === true ? '/' : (nextOf(request) ?? '/');
  return say(redirectChallenge(destination(popped.context, next)), change.session);
}

function standingOf({ session }: StoredPlan, plan: Plan): EffectStanding {
  return { plan, session };
}

/** A plan that still has somewhere to go. */
function unlessOver(plan: Plan): Plan | undefined {
  const isOver = headOf(plan) === undefined && plan.completion === undefined && plan.followedBy === undefined;
  return isOver ? undefined : plan;
}
