import type { FlowBinding, FlowFacts, FlowOutline } from './flow.facts.ts';
import type { FlowRequest, Requester } from './flow.request.ts';
import { mergeContext, type PendingUser, type PlanContext } from './plan.context.ts';
import type { Plan, PlanStep } from './plan.ts';
import type { LoadedStep, PolicyPort, PolicyRequest } from './ports.ts';
import type { StageKinds } from './stage.kind.ts';

/** Shown to whom a flow does not apply, when no policy says more. */
export const NOT_APPLICABLE = 'Flow does not apply to current user.';

/** Shown to whom acts as somebody else. */
export const IMPERSONATING = 'This is for the user alone, not for somebody who acts as them.';

/** Flows that change nothing of the account: whoever acts as somebody else leaves no password, device or name behind. */
const OPEN_TO_IMPERSONATORS: ReadonlySet<string> = new Set(['authentication', 'authorization', 'invalidation']);

/** Kind of the stage that asks for consent. */
const CONSENT_STAGE = 'consent';

/** A plan, or why there is none. */
export type Planned =
  | {
      readonly kind: 'planned';
      readonly plan: Plan;
      /** What was read of its first step. */
      readonly head?: LoadedStep;
    }
  | { readonly kind: 'not_applicable'; readonly message: string };

/** For whom and from what a plan is made. */
export type PlanningRequest = Pick<FlowRequest, 'tenant' | 'query' | 'client' | 'requester'> & {
  /** Context to start from. A `pending_user` in it takes the place of the flow's own `authentication` check. */
  readonly context: PlanContext;
  /** The flow's own `authentication` check counts whomever the context names: they come from elsewhere. */
  readonly isEntered?: boolean;
};

/** What the planner needs. */
export type PlannerDeps = { readonly policies: PolicyPort; readonly kinds: StageKinds; readonly ids: () => string };

/** Makes the plan of a flow for somebody, or says why the flow does not apply. */
export type Planner = (outline: FlowOutline, request: PlanningRequest) => Promise<Planned>;

/** Creates the planner: who may enter, which stages are on the way, and which policies are asked again on it. */
export function createPlanner({ policies, kinds, ids }: PlannerDeps): Planner {
  return async ({ flow, bound, bindings }, request) => {
    if (request.requester?.impersonator !== undefined && !OPEN_TO_IMPERSONATORS.has(flow.designation))
      return refused([IMPERSONATING]);
    const isChecked = request.context.pending_user === undefined || request.isEntered === true;
    if (isChecked && !admits(flow, request.requester)) return refused();
    const entry = await policies.evaluate({
      ...policyRequest(flow.policyTarget, flow, request, request.context),
      bound,
    });
    if (!entry.passing) return refused(entry.messages);
    let context = mergeContext(request.context, entry.context);
    const steps: PlanStep[] = [];
    let head: LoadedStep | undefined;
    let asksConsent = false;
    for (const binding of bindings) {
      if (binding.evaluateOnPlan) {
        const verdict = await policies.evaluate({
          ...policyRequest(binding.policyTarget, flow, request, context),
          mode: binding.policyMode,
          bound: binding.bound,
        });
        // A policy that cannot be evaluated refuses the flow: leaving its stage out could open a door.
        if (verdict.unevaluated) return refused();
        context = mergeContext(context, verdict.context);
        if (!verdict.passing) continue;
      }
      if (!kinds.has(binding.stage.kind)) return refused([`Stage ${binding.stage.name} is of an unknown kind.`]);
      const step = stepOf(binding, ids());
      asksConsent ||= binding.stage.kind === CONSENT_STAGE;
      head ??= { id: step.id, stage: binding.stage, bound: binding.bound };
      steps.push(step);
    }
    // Whoever must consent now does so in every flow.
    if (context.consent_always === true && !asksConsent) steps.push(consentStep(ids()));
    return { kind: 'planned', plan: { flow: flow.pk, steps, context }, head };
  };
}

/** Whom the policies of a plan are about: its pending user, else whoever is signed in. */
export function policyUser(context: PlanContext, requester: Requester | undefined): PendingUser | undefined {
  if (context.pending_user !== undefined || requester === undefined) return context.pending_user;
  return { kind: 'account', pk: requester.pk, uuid: requester.uuid, username: requester.username };
}

/** The question to the policies of one target. */
export function policyRequest(
  target: string,
  flow: FlowFacts,
  request: Pick<FlowRequest, 'tenant' | 'query' | 'client' | 'requester'>,
  context: PlanContext,
): PolicyRequest {
  return {
    tenant: request.tenant,
    target,
    mode: flow.policyMode,
    flow: flow.pk,
    user: policyUser(context, request.requester),
    context,
    query: request.query,
    client: request.client,
  };
}

function admits(flow: FlowFacts, requester: Requester | undefined): boolean {
  switch (flow.authentication) {
    case 'none':
      return true;
    case 'require_authenticated':
      return requester !== undefined;
    case 'require_unauthenticated':
      return requester === undefined;
    case 'require_superuser':
      return requester?.superuser === true;
  }
}

function refused(messages: readonly string[] = []): Planned {
  return { kind: 'not_applicable', message: messages.length === 0 ? NOT_APPLICABLE : messages.join('\n') };
}

function stepOf(binding: FlowBinding, id: string): PlanStep {
  const { pk, stage, policyTarget, policyMode, invalidResponse } = binding;
  return {
    id,
    binding: pk,
    stage:
      stage.pk === null
        ? { kind: 'inline', name: stage.name, stage: stage.kind, settings: stage.settings }
        : { kind: 'stored', pk: stage.pk },
    ...(binding.reEvaluate ? { policies: { target: policyTarget, mode: policyMode } } : {}),
    invalidResponse,
    shown: false,
    memory: {},
  };
}

/** Consent that a protocol demands, of a flow that asks for none. */
function consentStep(id: string): PlanStep {
  const settings = { mode: 'always_require', consent_expire_in: 'weeks=4' };
  const stage = { kind: 'inline', name: CONSENT_STAGE, stage: CONSENT_STAGE, settings } as const;
  return { id, stage, invalidResponse: 'retry', shown: false, memory: {} };
}
