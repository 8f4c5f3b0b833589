import type { FlowLayout } from './challenge.ts';
import type { JsonObject } from './json.ts';
import type { InvalidResponseAction, PolicyMode } from './plan.ts';
import type { StageRecord } from './stage.record.ts';

/** What a flow is for. */
export type FlowDesignation =
  | 'authentication'
  | 'authorization'
  | 'invalidation'
  | 'enrollment'
  | 'unenrollment'
  | 'recovery'
  | 'stage_configuration';

/** Who may enter a flow. */
export type FlowAuthentication = 'none' | 'require_authenticated' | 'require_unauthenticated' | 'require_superuser';

/** What happens to somebody whom a flow refuses. */
export type DeniedAction = 'message_continue' | 'message' | 'continue';

/** A flow as the engine sees it. */
export type FlowFacts = {
  readonly pk: string;
  /** What its policies are bound to. */
  readonly policyTarget: string;
  readonly slug: string;
  readonly title: string;
  readonly designation: FlowDesignation;
  readonly authentication: FlowAuthentication;
  readonly deniedAction: DeniedAction;
  readonly policyMode: PolicyMode;
  readonly layout: FlowLayout;
  readonly background: string;
};

/** A stage of a flow, in its place. */
export type FlowBinding = {
  readonly pk: string;
  readonly policyTarget: string;
  readonly policyMode: PolicyMode;
  readonly evaluateOnPlan: boolean;
  readonly reEvaluate: boolean;
  readonly invalidResponse: InvalidResponseAction;
  readonly stage: StageRecord;
  /** What guards it. */
  readonly bound: readonly BoundPolicy[];
};

/** A flow with what guards it, and its stages in order. */
export type FlowOutline = {
  readonly flow: FlowFacts;
  readonly bound: readonly BoundPolicy[];
  readonly bindings: readonly FlowBinding[];
};

/** A policy as evaluation needs it. */
export type StoredPolicy = {
  readonly pk: string;
  /** Short name of its kind; empty for a policy that is bound and not there. */
  readonly kind: string;
  readonly name: string;
  /** Whether each execution is told to the audit log. */
  readonly logging: boolean;
  readonly settings: JsonObject;
};

/** One policy, group or user that guards something. */
export type BoundPolicy = {
  /** Key of the binding. */
  readonly binding: string;
  readonly order: number;
  readonly policy: StoredPolicy | null;
  readonly group: string | null;
  readonly user: number | null;
  readonly negate: boolean;
  /** Seconds that the policy may take. */
  readonly timeout: number;
  /** What a policy counts as that raises an error. */
  readonly failureResult: boolean;
};
