import type { Evaluation } from '@postern/expressions';
import type { ContextPatch, FlowClient, PendingUser, PlanContext, PolicyMode } from '../plans/index.ts';

/** What policies are asked about somebody who stands before something. */
export type PolicyQuestion = {
  readonly tenant: string;
  /** Key under which the policies are bound. */
  readonly target: string;
  readonly mode: PolicyMode;
  /** Whom it is about; undefined for a visitor who is nobody yet. */
  readonly user: PendingUser | undefined;
  /** What policies may look at besides: the context of a plan, or what a service tells, such as `event`. */
  readonly context: Readonly<Record<string, unknown>>;
  /** The plan that it happens in, and the key of its flow. */
  readonly plan?: PlanContext;
  readonly flow?: string;
  /** Keys of `prompt_data` that nobody may read afterwards: passwords that were just typed. */
  readonly secrets?: readonly string[];
  /** Query string of the page. */
  readonly query: string;
  readonly client: FlowClient;
  /** A trial by an administrator: nothing is told to the audit log. */
  readonly isTrial?: boolean;
};

/** What one policy says. */
export type PolicyResult = {
  readonly passing: boolean;
  readonly messages?: readonly string[];
  /** What it changes in the plan. */
  readonly context?: ContextPatch;
  /** What the policies after it find in the context. */
  readonly shared?: Readonly<Record<string, unknown>>;
  /** The same changes in the words of expressions, for a policy that calls this one. */
  readonly changes?: Evaluation['changes'];
  /** What it logged, for an administrator who tries it out. */
  readonly log?: readonly Readonly<Record<string, unknown>>[];
};

/** What a policy may use. */
export type PolicyRun = {
  /** Seconds until it counts as failed. */
  readonly timeout: number;
  /** Aborted when that time is over. */
  readonly signal: AbortSignal;
};

/** Evaluates one policy for somebody. Throws `PolicyFailed` for what its administrator can mend. */
export type PolicyEvaluator = (question: PolicyQuestion, run: PolicyRun) => Promise<PolicyResult>;

/** A policy raised an error of its own: the failure result of its binding counts. */
export class PolicyFailed extends Error {
  override readonly name = 'PolicyFailed';
  /** Line of the expression; 0 where there is none. */
  readonly line: number;
  /** Where it happened, for an administrator; the message where there is nothing better. */
  readonly traceback: string;

  constructor(
    message: string,
    { line = 0, traceback = message }: { line?: number | undefined; traceback?: string } = {},
  ) {
    super(message);
    this.line = line;
    this.traceback = traceback;
  }
}
