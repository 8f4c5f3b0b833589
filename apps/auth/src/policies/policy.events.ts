import type { Database } from '@postern/database';
import { defineEvent, type Fact, fact, type Outbox } from '@postern/messaging';
import { auth } from '@postern/proto';
import { eventContextOf, subjectOf } from './asked.ts';
import type { EvaluationDeps, Finding } from './evaluate.ts';
import { PolicyFailed, type PolicyQuestion } from './policy.question.ts';
import { presentable } from './presentable.ts';

/** A policy whose executions are logged was executed. */
export const POLICY_EXECUTED = defineEvent('auth.v1.policy.executed', auth.PolicyExecuted);
/** A policy could not be evaluated. */
export const POLICY_RAISED = defineEvent('auth.v1.policy.raised', auth.PolicyRaised);

/** What recording needs. */
export type PolicyFactsDeps = {
  readonly database: Pick<Database, 'write'>;
  readonly outbox: Pick<Outbox, 'record'>;
  /** Model label of a kind. */
  readonly modelOf: (kind: string) => string | undefined;
  /** Told of a policy that could not be evaluated. */
  readonly report: (error: unknown, question: PolicyQuestion) => void;
};

/** Creates what tells the audit log of policies at work: each that raised, and each execution where the policy asks for it. */
export function createPolicyFacts({ database, outbox, modelOf, report }: PolicyFactsDeps): EvaluationDeps['executed'] {
  return async (finding, question, error) => {
    if (error !== undefined) report(error, question);
    if (question.isTrial === true) return;
    const fact = factOf(finding, question, error, modelOf);
    if (fact === undefined) return;
    await database.write({ tenant: question.tenant }, (em) => outbox.record(em, eventContextOf(question), fact));
  };
}

function factOf(
  finding: Finding,
  question: PolicyQuestion,
  error: unknown,
  modelOf: PolicyFactsDeps['modelOf'],
): Fact | undefined {
  const { policy, binding, order } = finding.binding;
  if (policy === null) return undefined;
  const { passing, messages } = finding;
  const of = { user: subjectOf(question), request: presentable(question), passing };
  const { pk, name, kind } = policy;
  const model = modelOf(kind) ?? 'authentik_policies.policy';
  const binding_name = `Binding #${order} to Policy ${name}`;
  const about = { pk, name, model, binding, binding_name, target: question.target };
  if (error !== undefined) {
    const raised = error instanceof PolicyFailed ? error : undefined;
    // What went wrong elsewhere is for the log of the server: it may say more than administrators of a tenant should read.
    const message = raised?.traceback ?? 'The policy could not be evaluated.';
    return fact(POLICY_RAISED, { ...of, policy: about, message, line: raised?.line ?? 0 });
  }
  if (!policy.logging) return undefined;
  return fact(POLICY_EXECUTED, { ...of, policy: about, messages: [...messages] });
}
