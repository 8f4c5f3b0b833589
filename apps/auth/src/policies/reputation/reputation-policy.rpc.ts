import { auth } from '@postern/proto';
import type { ResourceDeps } from '@postern/resource';
import { type BoundService, bind } from '@postern/rpc';
import type { PolicyKind } from '../policy.model.ts';
import { policyMethods } from '../policy-methods.rpc.ts';
import type { ReputationSettings } from './kind.ts';

/** Serves reputation policies. */
export function createReputationPolicyRpc(deps: ResourceDeps, kind: PolicyKind<ReputationSettings>): BoundService {
  const methods = policyMethods(deps, kind, (head, settings): auth.ReputationPolicy => ({ ...head, ...settings }));
  return bind(auth.ReputationPolicyServiceDefinition, {
    listReputationPolicies: methods.list,
    createReputationPolicy: ({ reputation_policy }, call) => methods.create(reputation_policy, call),
    getReputationPolicy: ({ policy_uuid }, call) => methods.get(policy_uuid, call),
    updateReputationPolicy: ({ policy_uuid, reputation_policy, update_mask }, call) =>
      methods.update(policy_uuid, reputation_policy, update_mask, call),
    deleteReputationPolicy: ({ policy_uuid }, call) => methods.remove(policy_uuid, call),
    listReputationPolicyUsedBy: ({ policy_uuid }, call) => methods.usedBy(policy_uuid, call),
  });
}
