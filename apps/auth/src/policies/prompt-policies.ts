import type { Database } from '@postern/database';
import {
  type BoundPolicy,
  type FlowRequest,
  type JsonValue,
  type PlanContext,
  policyUser,
  type StoredPolicy,
} from '../plans/index.ts';
import type { PolicyEngine } from './engine.ts';
import { policiesIn } from './policy.repository.ts';

/** What a prompt stage was told, and where. */
type Asked = {
  readonly data: { readonly [key: string]: JsonValue };
  readonly secrets: readonly string[];
  readonly context: PlanContext;
  readonly flow: string;
  readonly request: FlowRequest;
};

/** Policies that judge an answer to prompts: all of them must pass. */
export type PromptPolicies = {
  readonly validate: (
    policies: readonly string[],
    asked: Asked,
  ) => Promise<{ readonly passing: boolean; readonly messages: readonly string[] }>;
};

/** Creates them. A policy that is not there any more cannot be evaluated, and refuses the answer. */
export function createPromptPolicies(deps: {
  database: Pick<Database, 'read'>;
  engine: Pick<PolicyEngine, 'decide'>;
}): PromptPolicies {
  return {
    validate: async (policies, { data, secrets, context, flow, request }) => {
      const { tenant, query, client } = request;
      const found = await deps.database.read({ tenant }, (em) => policiesIn(em).byPk(policies));
      const bound = policies.map((pk, order) => bindingOf(found.find((one) => one.pk === pk) ?? gone(pk), order));
      const about = {
        tenant,
        target: flow,
        mode: 'all',
        user: policyUser(context, request.requester),
        query,
        client,
      } as const;
      // They judge what was told, and nothing that was told before: not the plan.
      const question = { ...about, context: { prompt_data: data }, flow, secrets };
      const [decision] = await deps.engine.decide([{ question, bound }]);
      return { passing: decision?.passing ?? false, messages: decision?.messages ?? [] };
    },
  };
}

function bindingOf(policy: StoredPolicy, order: number): BoundPolicy {
  const alone = { group: null, user: null, negate: false, timeout: 0, failureResult: false };
  return { binding: '', order, policy, ...alone };
}

function gone(pk: string): StoredPolicy {
  return { pk, kind: '', name: '', logging: false, settings: {} };
}
