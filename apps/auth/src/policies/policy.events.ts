import type { Database } from '@postern/database';
import type { Fact, Outbox } from '@postern/messaging';
import type { events } from '@postern/proto';
import { recordedFact } from '@postern/resource';
import { eventContextOf } from './asked.ts';
import { type DecisionTrace, traceOf } from './decision.trace.ts';
import type { EvaluationDeps, Finding } from './evaluate.ts';
import type { HostDeps } from './expression/host-functions.ts';
import type { PolicyPerson } from './policy.person.ts';
import { PolicyFailed, type PolicyQuestion } from './policy.question.ts';
import { presentable } from './presentable.ts';

/** Which part of the platform reports policies at work: rules and pages match on it. */
const REPORTER = 'authentik.policies.process';

/** What recording needs. */
export type PolicyFactsDeps = {
  readonly database: Pick<Database, 'write'>;
  readonly outbox: Pick<Outbox, 'record'>;
  /** Somebody by key; undefined when they are gone. */
  readonly personOf: (tenant: string, pk: number) => Promise<PolicyPerson | undefined>;
  /** Told of a policy that could not be evaluated. */
  readonly report: (error: unknown, question: PolicyQuestion) => void;
};

/** Creates what tells the audit log of policies at work: each that raised, and each execution where the policy asks for it. */
export function createPolicyFacts(deps: PolicyFactsDeps): EvaluationDeps['executed'] {
  const { database, outbox, personOf, report } = deps;
  return async (finding, question, error, { findings }) => {
    if (error !== undefined) report(error, question);
    const { policy } = finding.binding;
    if (policy === null || question.isTrial === true || (error === undefined && !policy.logging)) return;
    const { user, tenant } = question;
    const person = user?.kind === 'account' ? await personOf(tenant, user.pk).catch(() => undefined) : undefined;
    const fact = factOf(finding, question, error, person, findings.map(traceOf));
    await database.write({ tenant }, (em) => outbox.record(em, eventContextOf(question), fact));
  };
}

/** Creates what writes the events that expressions ask for. */
export function createExpressionEvents({
  database,
  outbox,
}: Pick<PolicyFactsDeps, 'database' | 'outbox'>): HostDeps['record'] {
  return async ({ name }, question, { action, context }) => {
    const plain = JSON.parse(JSON.stringify(context));
    const fact = recordedFact('auth', { action, app: name, context: plain });
    await database.write({ tenant: question.tenant }, (em) => outbox.record(em, eventContextOf(question), fact));
  };
}

function factOf(
  finding: Finding,
  question: PolicyQuestion,
  error: unknown,
  person: PolicyPerson | undefined,
  trace: DecisionTrace,
): Fact {
  const { policy, order } = finding.binding;
  const { user } = question;
  const context = {
    policy_uuid: policy?.pk.replaceAll('-', ''),
    policy: policy?.name,
    binding: `Binding from ${question.target} #${order} to Policy ${policy?.name}`,
    request: presentable(question),
    result: { passing: finding.passing, outcome: finding.outcome, messages: finding.messages },
    // Why the decision fell as it did: what each binding of the same target said.
    trace: [...trace],
  };
  const known = user?.kind === 'account' ? { ...user, name: '', email: '', ...person } : undefined;
  const about = { app: REPORTER, user: known && actorUser(known) };
  if (error === undefined) {
    return recordedFact('auth', {
      ...about,
      action: 'policy_execution',
      context: { message: 'Policy Execution', ...context },
    });
  }
  const raised = error instanceof PolicyFailed ? error : undefined;
  // What went wrong elsewhere is for the log of the server: it may say more than administrators of a tenant should read.
  const message = raised?.traceback ?? 'The policy could not be evaluated.';
  const line = raised?.line === undefined || raised.line === 0 ? {} : { line: raised.line };
  return recordedFact('auth', { ...about, action: 'policy_exception', context: { message, ...line, ...context } });
}

function actorUser({ pk, uuid, username, name, email }: PolicyPerson): events.ActorUser {
  return { pk, uuid, username, name, email };
}
