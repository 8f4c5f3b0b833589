import { auth } from '@postern/proto';
import type { ResourceDeps } from '@postern/resource';
import { type BoundService, bind } from '@postern/rpc';
import type { PolicyKind } from '../policy.model.ts';
import { policyMethods } from '../policy-methods.rpc.ts';
import type { ExpressionSettings } from './kind.ts';

/** Serves expression policies. */
export function createExpressionPolicyRpc(deps: ResourceDeps, kind: PolicyKind<ExpressionSettings>): BoundService {
  const methods = policyMethods(deps, kind, (head, settings): auth.ExpressionPolicy => ({ ...head, ...settings }));
  return bind(auth.ExpressionPolicyServiceDefinition, {
    listExpressionPolicies: methods.list,
    createExpressionPolicy: ({ expression_policy }, call) => methods.create(expression_policy, call),
    getExpressionPolicy: ({ policy_uuid }, call) => methods.get(policy_uuid, call),
    updateExpressionPolicy: ({ policy_uuid, expression_policy, update_mask }, call) =>
      methods.update(policy_uuid, expression_policy, update_mask, call),
    deleteExpressionPolicy: ({ policy_uuid }, call) => methods.remove(policy_uuid, call),
    listExpressionPolicyUsedBy: ({ policy_uuid }, call) => methods.usedBy(policy_uuid, call),
  });
}
