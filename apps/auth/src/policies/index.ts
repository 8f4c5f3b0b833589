/**
 * Policies: what they are (one folder for each kind, one table for all), what they guard (bindings), and the engine that asks them: for
 * flows as their port, for other services as `PolicyEvaluationService`. Users and groups are compared here; a policy is asked by its kind.
 */

import type { EntityManager } from '@postern/database';
import type { Catalogue } from '@postern/errors';
import { createExpressionPeople, type ExpressionClients, type Expressions } from '@postern/expressions';
import type { Geo } from '@postern/geo';
import type { ConsumerOptions } from '@postern/messaging';
import type { ResourceDeps } from '@postern/resource';
import type { BoundService, Call } from '@postern/rpc';
import type { StatusGate } from '../accounts/index.ts';
import type { PolicyPort } from '../plans/index.ts';
import { createDenials, type Denials } from './denials.ts';
import { createDummyPolicyRpc } from './dummy/dummy-policy.rpc.ts';
import { createPolicyEngine, type PolicyEngine, type PolicyEngineDeps } from './engine.ts';
import { createEvaluationRpc } from './evaluation.rpc.ts';
import { createEventMatcherPolicyRpc } from './event-matcher/event-matcher-policy.rpc.ts';
import { createExpressionPolicyRpc } from './expression/expression-policy.rpc.ts';
import type { NativePolicy } from './expression/kind.ts';
import { createPolicyExpressions, type PythonDeps, type TenantSettings } from './expression/python.ts';
import { createMessageValues, type MessageValues } from './message-values.ts';
import type { LeakedPasswords } from './password/leaked.ts';
import { createPasswordPolicyRpc } from './password/password-policy.rpc.ts';
import { createPasswordStrength } from './password/strength.ts';
import type { PasswordAges } from './password-expiry/kind.ts';
import { createPasswordExpiryPolicyRpc } from './password-expiry/password-expiry-policy.rpc.ts';
import { PolicyEntity } from './policy.entity.ts';
import { policyErrors } from './policy.errors.ts';
import { createExpressionEvents } from './policy.events.ts';
import { POLICY_MODELS } from './policy.families.ts';
import { policiesIn } from './policy.repository.ts';
import { createPolicyRpc } from './policy.rpc.ts';
import { PolicyBindingEntity } from './policy-binding.entity.ts';
import { type BindingClients, createBindingPeople } from './policy-binding.people.ts';
import { createPolicyBindingRpc } from './policy-binding.rpc.ts';
import { boundObject } from './policy-target.ts';
import { createPromptPolicies, type PromptPolicies } from './prompt-policies.ts';
import { createPromptValues, type PromptValues } from './prompt-values.ts';
import { followSignIns } from './reputation/reputation.consumer.ts';
import { ReputationEntity } from './reputation/reputation.entity.ts';
import { createScores } from './reputation/reputation.repository.ts';
import { createReputationRpc } from './reputation/reputation.rpc.ts';
import { createReputationPolicyRpc } from './reputation/reputation-policy.rpc.ts';
import { createTrial } from './trial.ts';

export { boundAs } from './bound.repository.ts';
export type { Denials } from './denials.ts';
export type { NativePolicy } from './expression/kind.ts';
export type { MessageCase, MessageValues } from './message-values.ts';
export { createLeakedPasswords, LEAKED_SETTINGS } from './password/leaked.settings.ts';
export { POLICY_MODELS } from './policy.families.ts';
export { POLICY_MIGRATIONS } from './policy.migrations.ts';
export type { PolicyEvaluator, PolicyQuestion, PolicyResult } from './policy.question.ts';
export { POLICY_REFERABLES } from './policy.referable.ts';

/** Entities of policies and of what they are bound to. */
export const POLICY_ENTITIES = [PolicyEntity, PolicyBindingEntity, ReputationEntity] as const;

/** What policies can refuse. */
export const POLICY_ERRORS: readonly Catalogue[] = [policyErrors];

/** What policies need of the rest of the login service. */
export type PolicyDeps = ResourceDeps & {
  /** Managed expressions whose meaning is known here. */
  readonly natives: readonly NativePolicy[];
  readonly gate: Pick<StatusGate, 'find'>;
  readonly clients: BindingClients & ExpressionClients;
  readonly expressions: Pick<Expressions, 'evaluate' | 'check'>;
  /** What a tenant has set; asked for by expressions that speak of it. */
  readonly settings: TenantSettings;
  readonly passwords: PasswordAges;
  readonly leaked: LeakedPasswords;
  /** What the brand that serves a host is called. */
  readonly brandTitle: PolicyEngineDeps['brandTitle'];
  /** Where clients are. */
  readonly geo: Pick<Geo, 'locate'>;
  readonly hasDevice: PythonDeps['hasDevice'];
  readonly clock: { now(): Date };
  readonly report: PolicyEngineDeps['report'];
};

/** Policies, wired. */
export type Policies = {
  readonly port: PolicyPort;
  /** Tells the audit log who was not let in. */
  readonly denials: Denials;
  /**
   * What the policies of a transaction would say, of people with these groups. Nothing is told, changed or waited for long; what could only be
   * found out by writing counts as not evaluated.
   */
  readonly rehearse: (em: EntityManager, groupsOf: GroupsOf) => PolicyPort;
  /** What prompt stages ask about an answer, and what makes values of prompts, and what messages say, out of programs. */
  readonly forPrompts: {
    readonly promptPolicies: PromptPolicies;
    readonly promptValues: PromptValues;
    readonly messageValues: MessageValues;
  };
  readonly services: readonly BoundService[];
  readonly consumers: readonly ConsumerOptions<EntityManager>[];
};

type GroupsOf = PolicyEngineDeps['groupsOf'];
type PolicyData = PolicyEngineDeps['database'];

/** The data of a transaction, for reading. */
function dataOf(em: EntityManager): PolicyData {
  return {
    read: (_scope, work) => work(em),
    write: () => Promise.reject(new TypeError('a rehearsal writes nothing')),
  };
}

/** Creates policies. */
export function createPolicies(deps: PolicyDeps): Policies {
  const {
    natives,
    gate,
    clients,
    expressions,
    settings,
    passwords,
    leaked,
    brandTitle,
    hasDevice,
    clock,
    report,
    geo,
    ...resources
  } = deps;
  const { db: database, outbox } = resources;
  const personOf = async (tenant: string, pk: number) => (await gate.find(tenant, pk))?.user;
  const groupsOf: GroupsOf = async (tenant, user) => (await gate.find(tenant, user))?.groups.map(({ pk }) => pk) ?? [];
  const strength = createPasswordStrength();

  /** The engine on some data: that of everybody, or that of one transaction. */
  function engineOn(data: PolicyData, groups: GroupsOf) {
    const python: PythonDeps = {
      expressions,
      settings,
      people: createExpressionPeople(clients),
      hasDevice,
      policyNamed: (tenant, name) => data.read({ tenant }, (em) => policiesIn(em).named(name)),
      ask: (...asked) => engine.ask(...asked),
      record: createExpressionEvents({ database: data, outbox }),
      objectOf: (tenant, target) => data.read({ tenant }, (em) => boundObject(em, target)),
    };
    const engine: PolicyEngine = createPolicyEngine({
      database: data,
      outbox,
      natives,
      report,
      random: Math.random,
      passwords,
      clock,
      leaked,
      brandTitle,
      strength,
      scores: createScores({ database: data, clock }),
      groupsOf: groups,
      personOf,
      expressions: createPolicyExpressions(python),
    });
    return { engine, python };
  }

  const { engine, python } = engineOn(database, groupsOf);
  const denials = createDenials({ database, outbox, personOf, clients });
  const models = POLICY_MODELS;
  const asked = (pk: number, { context: { tenant } }: Call) => personOf(tenant, pk);
  const people = createBindingPeople(clients);
  const { kinds } = engine;
  return {
    port: engine.port,
    denials,
    rehearse: (em, groups) => engineOn(dataOf(em), groups).engine.rehearsal,
    forPrompts: {
      promptPolicies: createPromptPolicies({ database, engine }),
      promptValues: createPromptValues({ ...python, database, outbox }),
      messageValues: createMessageValues(python),
    },
    services: [
      createEvaluationRpc({ db: database, engine, personOf: asked, denials }),
      createPolicyRpc({ ...resources, tryOut: createTrial(engine), personOf: asked }),
      createPolicyBindingRpc({ ...resources, models, people }),
      createDummyPolicyRpc(resources, kinds.dummy),
      createEventMatcherPolicyRpc(resources, kinds.eventMatcher),
      createExpressionPolicyRpc(resources, kinds.expression),
      createPasswordPolicyRpc(resources, kinds.password),
      createPasswordExpiryPolicyRpc(resources, kinds.passwordExpiry),
      createReputationPolicyRpc(resources, kinds.reputation),
      createReputationRpc(resources, geo),
    ],
    consumers: [followSignIns()],
  };
}
