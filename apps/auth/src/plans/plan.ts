import type { JsonObject } from './json.ts';
import { type ContextPatch, mergeContext, type PlanContext } from './plan.context.ts';

/** What happens when the answer to a stage is refused for good. */
export type InvalidResponseAction = 'retry' | 'restart' | 'restart_with_context';

/** How the results of several policies add up. */
export type PolicyMode = 'any' | 'all';

/** The stage of a step: a stored one by its key, or one that a service put into this plan only. */
export type StepStage =
  | { readonly kind: 'stored'; readonly pk: string }
  | { readonly kind: 'inline'; readonly name: string; readonly stage: string; readonly settings: JsonObject };

/** One stage on the way. The first step of a plan is where the person stands. */
export type PlanStep = {
  readonly id: string;
  readonly stage: StepStage;
  /** The binding that it was planned from; unset for a stage that was added on the way. */
  readonly binding?: string;
  /** Asked again each time the step is reached; absent when it was decided while planning. */
  readonly policies?: { readonly target: string; readonly mode: PolicyMode };
  readonly invalidResponse: InvalidResponseAction;
  /** Whether the challenge of this step was shown. An answer counts only then. */
  readonly shown: boolean;
  /** What the stage remembers between two visits, such as the token of a consent page. */
  readonly memory: JsonObject;
};

/** Whom to tell when the plan is done. The reference is consumed once. */
export type Completion = { readonly service: string; readonly reference: string };

/** A flow that begins when the plan before it is done: what a service asked for, waiting until somebody has signed in. */
export type NextFlow = {
  readonly slug: string;
  readonly context: PlanContext;
  readonly completion?: Completion;
  /** Stages that come after those of the flow. */
  readonly last?: readonly StepStage[];
};

/** A step that was passed, for whoever inspects the flow. */
export type PassedStep = {
  readonly binding?: string;
  /** The binding that was to come next. */
  readonly next?: string;
  readonly context: PlanContext;
};

/** The way one browser session goes through one flow. */
export type Plan = {
  readonly flow: string;
  readonly steps: readonly PlanStep[];
  readonly context: PlanContext;
  readonly completion?: Completion;
  readonly followedBy?: NextFlow;
  /** What the flow was started with: a restart begins with that again. */
  readonly given?: PlanContext;
  /** The flow was started again, and has shown nothing since. */
  readonly restarted?: true;
  /** Steps that were passed, the oldest first. */
  readonly passed?: readonly PassedStep[];
};

/** Steps that are remembered; a flow that goes round for longer forgets the oldest. */
const REMEMBERED = 30;

/** The plan that remembers its first step as passed. */
export function withPassed(plan: Plan): Plan {
  const [head, next] = plan.steps;
  const step: PassedStep = {
    ...(head?.binding === undefined ? {} : { binding: head.binding }),
    ...(next?.binding === undefined ? {} : { next: next.binding }),
    context: plan.context,
  };
  return { ...plan, passed: [...(plan.passed ?? []), step].slice(-REMEMBERED) };
}

/** Where the person stands; undefined when the plan is done. */
export function headOf(plan: Plan): PlanStep | undefined {
  return plan.steps[0];
}

/** The plan without its first step. */
export function withoutHead(plan: Plan): Plan {
  return { ...plan, steps: plan.steps.slice(1) };
}

/** The plan with stages that come next. They were not bound to the flow: no policy guards them, and a wrong answer asks again. */
export function withNext(plan: Plan, stages: readonly StepStage[], ids: () => string): Plan {
  return { ...plan, steps: [...stepsOf(stages, ids), ...plan.steps] };
}

/** The plan with stages that come last, of the same sort. */
export function withLast(plan: Plan, stages: readonly StepStage[], ids: () => string): Plan {
  return stages.length === 0 ? plan : { ...plan, steps: [...plan.steps, ...stepsOf(stages, ids)] };
}

function stepsOf(stages: readonly StepStage[], ids: () => string): PlanStep[] {
  return stages.map((stage) => ({ id: ids(), stage, invalidResponse: 'retry', shown: false, memory: {} }));
}

/** The plan that sends the browser elsewhere after its first step, where a policy asked for that; asked again, it goes there once. */
export function diverted(plan: Plan, ids: () => string): Plan {
  const { redirect_next, ...context } = plan.context;
  if (redirect_next === undefined) return plan;
  const [head, ...rest] = plan.steps;
  const isThere = rest[0]?.stage.kind === 'inline' && rest[0].stage.stage === REDIRECT_STAGE;
  const stage = { kind: 'inline', name: 'redirect', stage: REDIRECT_STAGE, settings: { to: redirect_next } } as const;
  const onward = withNext({ ...plan, context, steps: isThere ? rest.slice(1) : rest }, [stage], ids);
  return head === undefined ? onward : { ...onward, steps: [head, ...onward.steps] };
}

/** Kind of the stage that sends the browser elsewhere. */
export const REDIRECT_STAGE = 'redirect';

/** The plan with changes of its first step. */
export function withHead(plan: Plan, change: Partial<Pick<PlanStep, 'shown' | 'memory'>>): Plan {
  const [head, ...rest] = plan.steps;
  return head === undefined ? plan : { ...plan, steps: [{ ...head, ...change }, ...rest] };
}

/** The plan with changes of its context. */
export function withContext(plan: Plan, patch: ContextPatch | undefined): Plan {
  return patch === undefined ? plan : { ...plan, context: mergeContext(plan.context, patch) };
}
