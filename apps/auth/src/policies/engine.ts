import type { Database } from '@postern/database';
import type { Outbox } from '@postern/messaging';
import type { BoundPolicy, PolicyPort, PolicyRequest, PolicyVerdict, StoredPolicy } from '../plans/index.ts';
import { boundTo } from './bound.repository.ts';
import { traceOf } from './decision.trace.ts';
import { createDummyPolicy } from './dummy/kind.ts';
import { type Decision, type EvaluationDeps, evaluateAll } from './evaluate.ts';
import { createEventMatcherPolicy } from './event-matcher/kind.ts';
import { createExpressionPolicy, type NativePolicy, nativeFinder, type PolicyExpressions } from './expression/kind.ts';
import { createPasswordPolicy } from './password/kind.ts';
import type { LeakedPasswords } from './password/leaked.ts';
import type { PasswordStrength } from './password/strength.ts';
import { createPasswordExpiryPolicy, type PasswordAges } from './password-expiry/kind.ts';
import { createPolicyFacts } from './policy.events.ts';
import { evaluable } from './policy.model.ts';
import type { PolicyPerson } from './policy.person.ts';
import { PolicyFailed, type PolicyQuestion, type PolicyResult, type PolicyRun } from './policy.question.ts';
import { createReputationPolicy, type Scores } from './reputation/kind.ts';

/** What the engine needs. */
export type PolicyEngineDeps = {
  readonly database: Pick<Database, 'read' | 'write'>;
  readonly outbox: Pick<Outbox, 'record'>;
  /** Managed expressions whose meaning is known here. */
  readonly natives: readonly NativePolicy[];
  readonly expressions: PolicyExpressions;
  readonly passwords: PasswordAges;
  readonly leaked: LeakedPasswords;
  readonly strength: PasswordStrength;
  /** What the brand that serves a host is called. */
  readonly brandTitle: (tenant: string, host: string) => Promise<string>;
  readonly scores: Scores;
  readonly clock: { now(): Date };
  /** Keys of the groups of a user, those above them included. */
  readonly groupsOf: (tenant: string, user: number) => Promise<readonly string[]>;
  readonly personOf: (tenant: string, pk: number) => Promise<PolicyPerson | undefined>;
  /** A number from 0 up to, and without, 1. */
  readonly random: () => number;
  /** Told of what could not be evaluated. */
  readonly report: (error: unknown, question: Pick<PolicyQuestion, 'tenant' | 'client'>) => void;
};

/** Asks policies. */
export type PolicyEngine = {
  /** What is bound to one target, asked by flows. */
  readonly port: PolicyPort;
  /** The same as a trial, and in a hurry. */
  readonly rehearsal: PolicyPort;
  /** Asks one policy of any kind. Throws for one of a kind that nobody here can evaluate. */
  readonly ask: (policy: StoredPolicy, question: PolicyQuestion, run: PolicyRun) => Promise<PolicyResult>;
  /** Decides about several targets for one person, whose groups are asked for once. */
  readonly decide: (asked: readonly Asked[]) => Promise<readonly Decision[]>;
  readonly kinds: ReturnType<typeof createKinds>;
};

/** A question, and what is bound to its target. */
export type Asked = { readonly question: PolicyQuestion; readonly bound: readonly BoundPolicy[] };

/** Creates the engine with every kind of policy that this server has. */
export function createPolicyEngine(deps: PolicyEngineDeps): PolicyEngine {
  const kinds = createKinds(deps);
  const evaluators = new Map(
    [
      evaluable(kinds.dummy),
      evaluable(kinds.eventMatcher),
      evaluable(kinds.expression),
      evaluable(kinds.password),
      evaluable(kinds.passwordExpiry),
      evaluable(kinds.reputation),
    ].map((one) => [one.kind, one]),
  );
  const executed = createPolicyFacts(deps);
  const evaluatorOf = (policy: StoredPolicy) => evaluators.get(policy.kind)?.evaluatorOf(policy);
  const once = (): EvaluationDeps => ({ evaluatorOf, executed, isMember: membership(deps.groupsOf) });

  const read = ({ tenant, target }: PolicyRequest) => deps.database.read({ tenant }, (em) => boundTo(em, target));
  return {
    kinds,
    port: {
      evaluate: async (request) =>
        verdictOf(await evaluateAll(request.bound ?? (await read(request)), questionOf(request), once())),
    },
    rehearsal: {
      evaluate: async (request) => {
        const bound = (request.bound ?? (await read(request))).map(hurried);
        return verdictOf(await evaluateAll(bound, { ...questionOf(request), isTrial: true }, once()));
      },
    },
    ask: async (policy, question, run) => {
      const evaluate = evaluatorOf(policy);
      if (evaluate === undefined) throw new PolicyFailed(`Policy '${policy.name}' cannot be evaluated here.`);
      return evaluate(question, run);
    },
    decide: (asked) => {
      const shared = once();
      return Promise.all(asked.map(({ question, bound }) => evaluateAll(bound, question, shared)));
    },
  };
}

function createKinds(deps: PolicyEngineDeps) {
  const { random, natives, expressions } = deps;
  return {
    dummy: createDummyPolicy({ random }),
    eventMatcher: createEventMatcherPolicy(),
    expression: createExpressionPolicy({ native: nativeFinder(natives), expressions }),
    password: createPasswordPolicy(deps),
    passwordExpiry: createPasswordExpiryPolicy(deps),
    reputation: createReputationPolicy(deps),
  };
}

/** Seconds that a policy has in a rehearsal: a change waits for it. */
const HURRY = 5;

function hurried(binding: BoundPolicy): BoundPolicy {
  return { ...binding, timeout: binding.timeout > 0 ? Math.min(binding.timeout, HURRY) : HURRY };
}

function questionOf({ tenant, target, mode, user, context, query, client, flow }: PolicyRequest): PolicyQuestion {
  return { tenant, target, mode, user, context, plan: context, flow, query, client };
}

function verdictOf({ passing, messages, unevaluated, context, findings }: Decision): PolicyVerdict {
  return { passing, messages, unevaluated, context, trace: findings.map(traceOf) };
}

/** Who belongs to what, each person asked for once. */
function membership(groupsOf: PolicyEngineDeps['groupsOf']): EvaluationDeps['isMember'] {
  const known = new Map<number, Promise<readonly string[]>>();
  return async (tenant, user, group) => {
    const groups = known.get(user) ?? groupsOf(tenant, user);
    known.set(user, groups);
    return (await groups).includes(group);
  };
}
