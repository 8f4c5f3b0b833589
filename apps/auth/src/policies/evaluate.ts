import type { BoundPolicy, ContextPatch, PolicyMode, StoredPolicy } from '../plans/index.ts';
import { type PolicyEvaluator, PolicyFailed, type PolicyQuestion, type PolicyResult } from './policy.question.ts';
import { within } from './time-limit.ts';

/** What became of one binding. */
export type Finding = {
  readonly binding: BoundPolicy;
  /** What it counts as. */
  readonly passing: boolean;
  readonly outcome: 'passed' | 'failed' | 'raised' | 'unevaluated';
  readonly messages: readonly string[];
  /** What went wrong, for administrators: people who sign in must not see it. */
  readonly error?: string;
  /** What it logged. */
  readonly log: readonly Readonly<Record<string, unknown>>[];
  /** Whether the decision hangs on it. */
  readonly decided: boolean;
};

/** What the policies of a target decide, and why. */
export type Decision = {
  readonly passing: boolean;
  readonly messages: readonly string[];
  /** The decision hangs on a policy that could not be evaluated: nobody may pass, and no stage may be skipped for it. */
  readonly unevaluated: boolean;
  /** What the policies change in the plan. */
  readonly context: ContextPatch;
  readonly findings: readonly Finding[];
};

/** What evaluation needs. */
export type EvaluationDeps = {
  /** The evaluator of a policy; undefined when nobody here can evaluate it. */
  readonly evaluatorOf: (policy: StoredPolicy) => PolicyEvaluator | undefined;
  /** Whether a user belongs to a group or to one below it. */
  readonly isMember: (tenant: string, user: number, group: string) => Promise<boolean>;
  /** Told of every policy that was executed, with the error it raised and the decision that came of all of them. */
  readonly executed: (
    finding: Finding,
    question: PolicyQuestion,
    error: unknown,
    decision: Pick<Decision, 'passing' | 'findings'>,
  ) => Promise<void>;
};

/** Seconds for a policy whose binding names none. */
const DEFAULT_TIMEOUT = 30;

/**
 * Asks every bound policy, in order, and adds the results up. Nothing bound passes. A policy that raises an error counts as its binding's
 * failure result when that is to pass. One that is unknown here, or raises and may not pass, is unevaluated: where the decision hangs on it,
 * nobody passes.
 */
export async function evaluateAll(
  bindings: readonly BoundPolicy[],
  question: PolicyQuestion,
  deps: EvaluationDeps,
): Promise<Decision> {
  const asked: { answer: Answer & { error?: unknown }; question: PolicyQuestion }[] = [];
  let context: ContextPatch = {};
  let shared: Readonly<Record<string, unknown>> = {};
  for (const binding of bindings) {
    const own = withContext(question, context, shared);
    const answer = await settle(binding, own, deps);
    asked.push({ answer, question: own });
    context = { ...context, ...answer.patch };
    shared = { ...shared, ...answer.shared };
  }
  const found = asked.map(({ answer }) => answer.found);
  const sum = addUp(question.mode, found);
  const findings = found.map((one) => ({ ...one, decided: isDecisive(one, question.mode, sum) }));
  const decision = { ...sum, messages: findings.flatMap(({ messages }) => messages), context, findings };
  for (const [at, { answer, question: own }] of asked.entries()) {
    const finding = findings[at];
    if (finding) await deps.executed(finding, own, answer.error, decision);
  }
  return decision;
}

type Sum = Pick<Decision, 'passing' | 'unevaluated'>;

/** One that passes is enough for `any`, one that fails is enough against `all`; else what is not known keeps the door shut. */
function addUp(mode: PolicyMode, findings: readonly Pick<Finding, 'passing' | 'outcome'>[]): Sum {
  const unknown = findings.some(({ outcome }) => outcome === 'unevaluated');
  if (mode === 'any') {
    const passing = findings.length === 0 || findings.some((one) => one.passing);
    return { passing, unevaluated: !passing && unknown };
  }
  const failing = findings.some((one) => !one.passing && one.outcome !== 'unevaluated');
  return { passing: !failing && !unknown, unevaluated: !failing && unknown };
}

function isDecisive(found: Pick<Finding, 'passing' | 'outcome'>, mode: PolicyMode, sum: Sum): boolean {
  if (sum.unevaluated) return found.outcome === 'unevaluated';
  if (mode === 'any') return sum.passing ? found.passing : true;
  return sum.passing ? true : !found.passing && found.outcome !== 'unevaluated';
}

function withContext(question: PolicyQuestion, patch: ContextPatch, shared: PolicyResult['shared']): PolicyQuestion {
  const context = { ...question.context, ...patch, ...shared };
  return { ...question, context, plan: question.plan && { ...question.plan, ...patch } };
}

type Answer = {
  readonly found: Omit<Finding, 'decided'>;
  readonly patch?: ContextPatch;
  readonly shared?: PolicyResult['shared'];
};

async function settle(
  binding: BoundPolicy,
  question: PolicyQuestion,
  deps: EvaluationDeps,
): Promise<Answer & { error?: unknown }> {
  try {
    const result = await evaluateOne(binding, question, deps);
    if (result === undefined) {
      return { found: { binding, passing: false, outcome: 'unevaluated', messages: [], log: [] } };
    }
    const passing = result.passing !== binding.negate;
    const { messages = [], log = [] } = result;
    const outcome = passing ? 'passed' : 'failed';
    return { found: { binding, passing, outcome, messages, log }, patch: result.context, shared: result.shared };
  } catch (error) {
    const passing = error instanceof PolicyFailed && binding.failureResult;
    const reason = error instanceof PolicyFailed ? error.message : 'The policy could not be evaluated.';
    const outcome = passing ? 'raised' : 'unevaluated';
    return { found: { binding, passing, outcome, messages: [], error: reason, log: [] }, error };
  }
}

async function evaluateOne(
  { policy, group, user, timeout }: BoundPolicy,
  question: PolicyQuestion,
  { evaluatorOf, isMember }: EvaluationDeps,
): Promise<PolicyResult | undefined> {
  if (policy !== null) {
    const evaluate = evaluatorOf(policy);
    const seconds = timeout > 0 ? timeout : DEFAULT_TIMEOUT;
    return evaluate && within(seconds, (signal) => evaluate(question, { timeout: seconds, signal }));
  }
  const account = question.user?.kind === 'account' ? question.user.pk : undefined;
  if (group !== null) return { passing: account !== undefined && (await isMember(question.tenant, account, group)) };
  return { passing: account !== undefined && account === user };
}
