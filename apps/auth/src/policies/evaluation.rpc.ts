import type { Database } from '@postern/database';
import { auth } from '@postern/proto';
import { type BoundService, bind, type Call } from '@postern/rpc';
import type { BoundPolicy, FlowClient } from '../plans/index.ts';
import { boundToAll } from './bound.repository.ts';
import type { PolicyEngine } from './engine.ts';
import type { Decision, Finding } from './evaluate.ts';
import { matchAll } from './match.ts';
import { asUser, type PolicyPerson } from './policy.person.ts';

/** What serving evaluation needs. */
export type EvaluationRpcDeps = {
  readonly db: Pick<Database, 'read'>;
  readonly engine: Pick<PolicyEngine, 'decide'>;
  /** Somebody by key; undefined when they are gone. */
  readonly personOf: (pk: number, call: Call) => Promise<PolicyPerson | undefined>;
};

/** Serves the services whose objects policies guard. */
export function createEvaluationRpc({ db, engine, personOf }: EvaluationRpcDeps): BoundService {
  return bind(auth.PolicyEvaluationServiceDefinition, {
    evaluate: async ({ targets, user_pk, context = {}, mode, client }, call) => {
      const { tenant } = call.context;
      const found = await db.read(call.context, (em) => boundToAll(em, targets));
      const isGuarded = found.some(({ bound }) => bound.length > 0);
      const user = isGuarded && user_pk !== undefined ? asUser(await personOf(user_pk, call)) : undefined;
      const where = clientOf(client, call);
      const shared = { tenant, user, context, mode: mode === 'all' ? 'all' : 'any', query: '', client: where } as const;
      const decisions = await engine.decide(
        found.map(({ target, bound }) => ({ question: { ...shared, target }, bound })),
      );
      return { decisions: decisions.map((decision, index) => messageOf(targets[index] ?? '', decision)) };
    },
    match: ({ targets, cases }, call) => matchAll({ db, engine, personOf }, targets, cases, call),
  });
}

function clientOf(given: auth.PolicyClient | undefined, { context }: Call): FlowClient {
  const { requestId, client } = context;
  if (given === undefined) return client;
  const { address, user_agent, method, path, host, scheme, query } = given;
  return { address, userAgent: user_agent, method, path, host, scheme, query, requestId };
}

function messageOf(target: string, { passing, messages, unevaluated, findings }: Decision): auth.PolicyDecision {
  return {
    target,
    passing,
    messages: [...messages],
    bound: findings.length,
    unevaluated,
    trace: findings.map(traceOf),
  };
}

/** What one binding said. */
export function traceOf({ binding, passing, outcome, messages, error, decided }: Finding): auth.PolicyTrace {
  return {
    binding: binding.binding,
    order: binding.order,
    ...subjectOf(binding),
    passing,
    outcome,
    negated: binding.negate,
    messages: error === undefined ? [...messages] : [error],
    decided,
  };
}

function subjectOf({ policy, group, user }: BoundPolicy): Pick<auth.PolicyTrace, 'kind' | 'subject' | 'name'> {
  if (policy !== null) return { kind: 'policy', subject: policy.pk, name: policy.name };
  if (group !== null) return { kind: 'group', subject: group, name: '' };
  return { kind: 'user', subject: String(user ?? ''), name: '' };
}
