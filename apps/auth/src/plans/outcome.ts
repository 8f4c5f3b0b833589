import type { ResponseErrors, StageChallenge } from './challenge.ts';
import type { FlowFacts } from './flow.facts.ts';
import type { JsonObject } from './json.ts';
import type { ContextPatch, PlanContext } from './plan.context.ts';
import type { Plan, StepStage } from './plan.ts';
import type { FlowTransaction, SessionGrant } from './ports.ts';

/** What an effect reports back to the plan. */
export type EffectResult = {
  readonly context?: ContextPatch;
  /** The browser goes on with this session. */
  readonly session?: SessionGrant;
};

/** What a stage changes outside the plan. Runs in the transaction that advances the plan, so it happens once or not at all. */
export type StageEffect = (tx: FlowTransaction, standing: EffectStanding) => Promise<EffectResult | undefined>;

/** Where the effect runs: the plan as the stage saw it, with the stage still at its head. */
export type EffectStanding = { readonly plan: Plan; readonly session: string };

/** A flow that takes the place of the one that a stage is in. */
export type HandOver = { readonly flow: FlowFacts; readonly context: PlanContext };

/** What came of a visit to a stage. */
export type StageOutcome =
  | {
      readonly kind: 'challenge';
      readonly challenge: StageChallenge;
      readonly memory?: JsonObject;
      /** Happens when the challenge is shown, with the memory that says so: a reload does not repeat it. */
      readonly effect?: StageEffect;
    }
  | {
      /** The answer is no good: the challenge again, with the reasons. */
      readonly kind: 'refused';
      readonly errors: ResponseErrors;
      /** Nothing was judged yet, such as when a way to answer was chosen: the stage asks again, whatever its binding does about wrong answers. */
      readonly isRemark?: boolean;
      readonly context?: ContextPatch;
      readonly memory?: JsonObject;
      readonly effect?: StageEffect;
    }
  | {
      /** The person may not go on: access denied. The default message says nothing. */
      readonly kind: 'denied';
      readonly message?: string;
      readonly context?: ContextPatch;
      readonly effect?: StageEffect;
    }
  /** The person does not want to: the flow ends, and whoever waits for it is told. */
  | { readonly kind: 'declined' }
  | {
      readonly kind: 'passed';
      readonly context?: ContextPatch;
      /** Stages that come next, before those that were planned. */
      readonly insert?: readonly StepStage[];
      /** The flow ends here, and another one takes its place, as if it had been entered by its address; with what it is told of the person. */
      readonly handOver?: HandOver;
      readonly effect?: StageEffect;
      /** The browser's session ended, and with it what its query asked for: the flow ends at `/`. */
      readonly forgetNext?: boolean;
    };
