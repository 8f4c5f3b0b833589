import type { BoundPolicy, ContextPatch, PolicyMode, PolicyRequest, PolicyVerdict } from '../plans/index.ts';

/** What one policy says. */
export type PolicyResult = {
  readonly passing: boolean;
  readonly messages?: readonly string[];
  readonly context?: ContextPatch;
};

/** Evaluates one policy for somebody. */
export type PolicyEvaluator = (request: PolicyRequest) => Promise<PolicyResult>;

/** What evaluation needs. */
export type EvaluationDeps = {
  /** The evaluator of a policy; undefined when nobody here can evaluate it. */
  readonly evaluatorOf: (tenant: string, policy: string) => PolicyEvaluator | undefined;
  /** Whether a user belongs to a group or to one below it. */
  readonly isMember: (tenant: string, user: number, group: string) => Promise<boolean>;
  /** Told of a policy that could not be evaluated. */
  readonly report: (error: unknown, request: PolicyRequest) => void;
};

const DENIED: PolicyVerdict = { passing: false, messages: [], unevaluated: true };

/**
 * Asks every bound policy, in order, and adds the results up. Nothing bound passes. A policy that is unknown here or throws denies, and
 * says so (`unevaluated`), so that no stage is skipped on its account.
 */
export async function evaluateAll(
  bindings: readonly BoundPolicy[],
  request: PolicyRequest,
  deps: EvaluationDeps,
): Promise<PolicyVerdict> {
  const results: PolicyResult[] = [];
  let context: ContextPatch = {};
  for (const binding of bindings) {
    try {
      const asked = { ...request, context: { ...request.context, ...context } };
      const result = await evaluateOne(binding, asked, deps);
      if (result === undefined) return DENIED;
      results.push({ ...result, passing: result.passing !== binding.negate });
      context = { ...context, ...result.context };
    } catch (error) {
      deps.report(error, request);
      return DENIED;
    }
  }
  const passing = results.length === 0 || adds(request.mode, results);
  return { passing, messages: results.flatMap(({ messages = [] }) => messages), unevaluated: false, context };
}

function adds(mode: PolicyMode, results: readonly PolicyResult[]): boolean {
  return mode === 'all' ? results.every(({ passing }) => passing) : results.some(({ passing }) => passing);
}

async function evaluateOne(
  { policy, group, user }: BoundPolicy,
  request: PolicyRequest,
  { evaluatorOf, isMember }: EvaluationDeps,
): Promise<PolicyResult | undefined> {
  if (policy !== null) return evaluatorOf(request.tenant, policy)?.(request);
  const account = request.user?.kind === 'account' ? request.user.pk : undefined;
  if (group !== null) return { passing: account !== undefined && (await isMember(request.tenant, account, group)) };
  return { passing: account !== undefined && account === user };
}
