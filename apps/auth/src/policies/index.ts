/**
 * The policy hook of flows: finds what is bound to a target and asks it. Users and groups are compared here; a policy is asked by the
 * evaluator that knows it. Policies that every tenant starts with are known by their seeded key.
 */

import type { Database } from '@postern/database';
import type { BoundPolicy, PolicyPort } from '../plans/index.ts';
import { type EvaluationDeps, evaluateAll } from './evaluate.ts';

export type { EvaluationDeps, PolicyEvaluator, PolicyResult } from './evaluate.ts';
export { PolicyBindingEntity } from './policy-binding.entity.ts';

const BOUND = `select policy, group_pk as "group", user_pk as "user", negate from policy_binding
  where target = ? and enabled order by "order", pk`;

/** What the hook needs. */
export type PolicyDeps = EvaluationDeps & { readonly database: Pick<Database, 'read'> };

/** Creates the policy hook. */
export function createPolicies({ database, ...deps }: PolicyDeps): PolicyPort {
  return {
    evaluate: async (request) => {
      const read = () =>
        database.read({ tenant: request.tenant }, (em) => em.execute<BoundPolicy[]>(BOUND, [request.target]));
      return evaluateAll(request.bound ?? (await read()), request, deps);
    },
  };
}
