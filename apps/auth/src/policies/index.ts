/**
 * Policies: what they are (one folder for each kind, one table for all), what they guard (bindings), and the engine that asks them: for
 * flows as their port, for other services as `PolicyEvaluationService`. Users and groups are compared here; a policy is asked by its kind.
 */

import type { Database } from '@postern/database';
import type { Outbox } from '@postern/messaging';
import type { BoundService } from '@postern/rpc';
import type { StatusGate } from '../accounts/index.ts';
import type { PolicyPort } from '../plans/index.ts';
import { createPolicyEngine, type PolicyEngineDeps } from './engine.ts';
import { createEvaluationRpc } from './evaluation.rpc.ts';
import type { NativePolicy } from './expression/index.ts';
import { PolicyEntity } from './policy.entity.ts';
import { PolicyFailed } from './policy.question.ts';
import { PolicyBindingEntity } from './policy-binding.entity.ts';

export { boundAs } from './bound.repository.ts';
export type { NativePolicy } from './expression/index.ts';
export { POLICY_EXECUTED, POLICY_RAISED } from './policy.events.ts';
export { POLICY_MIGRATIONS } from './policy.migrations.ts';
export type { PolicyEvaluator, PolicyQuestion, PolicyResult } from './policy.question.ts';

/** Entities of policies and of what they are bound to. */
export const POLICY_ENTITIES = [PolicyEntity, PolicyBindingEntity] as const;

/** What policies need of the rest of the login service. */
export type PolicyDeps = {
  readonly database: Database;
  readonly outbox: Outbox;
  /** Managed expressions whose meaning is known here. */
  readonly natives: readonly NativePolicy[];
  readonly gate: Pick<StatusGate, 'find'>;
  readonly report: PolicyEngineDeps['report'];
};

/** Policies, wired. */
export type Policies = { readonly port: PolicyPort; readonly services: readonly BoundService[] };

/** Creates policies. */
export function createPolicies({ database, outbox, natives, gate, report }: PolicyDeps): Policies {
  const engine = createPolicyEngine({
    database,
    outbox,
    natives,
    report,
    random: Math.random,
    groupsOf: async (tenant, user) => (await gate.find(tenant, user))?.groups.map(({ pk }) => pk) ?? [],
    expressions: {
      run: async () => Promise.reject(new PolicyFailed('This server evaluates no expressions.')),
      check: async () => undefined,
    },
  });
  const personOf = async (pk: number, { context: { tenant } }: { context: { tenant: string } }) =>
    (await gate.find(tenant, pk))?.user;
  return { port: engine.port, services: [createEvaluationRpc({ db: database, engine, personOf })] };
}
