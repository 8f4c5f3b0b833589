import { auth } from '@postern/proto';
import type { ResourceDeps } from '@postern/resource';
import { type BoundService, bind } from '@postern/rpc';
import type { PolicyKind } from '../policy.model.ts';
import { policyMethods } from '../policy-methods.rpc.ts';
import type { PasswordExpirySettings } from './kind.ts';

/** Serves password expiry policies. */
export function createPasswordExpiryPolicyRpc(
  deps: ResourceDeps,
  kind: PolicyKind<PasswordExpirySettings>,
): BoundService {
  const methods = policyMethods(deps, kind, (head, settings): auth.PasswordExpiryPolicy => ({ ...head, ...settings }));
  return bind(auth.PasswordExpiryPolicyServiceDefinition, {
    listPasswordExpiryPolicies: methods.list,
    createPasswordExpiryPolicy: ({ password_expiry_policy }, call) => methods.create(password_expiry_policy, call),
    getPasswordExpiryPolicy: ({ policy_uuid }, call) => methods.get(policy_uuid, call),
    updatePasswordExpiryPolicy: ({ policy_uuid, password_expiry_policy, update_mask }, call) =>
      methods.update(policy_uuid, password_expiry_policy, update_mask, call),
    deletePasswordExpiryPolicy: ({ policy_uuid }, call) => methods.remove(policy_uuid, call),
    listPasswordExpiryPolicyUsedBy: ({ policy_uuid }, call) => methods.usedBy(policy_uuid, call),
  });
}
