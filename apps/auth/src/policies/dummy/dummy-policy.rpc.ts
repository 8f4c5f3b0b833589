import { auth } from '@postern/proto';
import type { ResourceDeps } from '@postern/resource';
import { type BoundService, bind } from '@postern/rpc';
import type { PolicyKind } from '../policy.model.ts';
import { policyMethods } from '../policy-methods.rpc.ts';
import type { DummySettings } from './kind.ts';

/** Serves dummy policies. */
export function createDummyPolicyRpc(deps: ResourceDeps, kind: PolicyKind<DummySettings>): BoundService {
  const methods = policyMethods(deps, kind, (head, settings): auth.DummyPolicy => ({ ...head, ...settings }));
  return bind(auth.DummyPolicyServiceDefinition, {
    listDummyPolicies: methods.list,
    createDummyPolicy: ({ dummy_policy }, call) => methods.create(dummy_policy, call),
    getDummyPolicy: ({ policy_uuid }, call) => methods.get(policy_uuid, call),
    updateDummyPolicy: ({ policy_uuid, dummy_policy, update_mask }, call) =>
      methods.update(policy_uuid, dummy_policy, update_mask, call),
    deleteDummyPolicy: ({ policy_uuid }, call) => methods.remove(policy_uuid, call),
    listDummyPolicyUsedBy: ({ policy_uuid }, call) => methods.usedBy(policy_uuid, call),
  });
}
