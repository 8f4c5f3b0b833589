import { auth } from '@postern/proto';
import type { ResourceDeps } from '@postern/resource';
import { type BoundService, bind } from '@postern/rpc';
import type { PolicyKind } from '../policy.model.ts';
import { policyMethods } from '../policy-methods.rpc.ts';
import type { PasswordPolicySettings } from './kind.ts';

/** Serves password policies. */
export function createPasswordPolicyRpc(deps: ResourceDeps, kind: PolicyKind<PasswordPolicySettings>): BoundService {
  const methods = policyMethods(deps, kind, (head, settings): auth.PasswordPolicy => ({ ...head, ...settings }));
  return bind(auth.PasswordPolicyServiceDefinition, {
    listPasswordPolicies: methods.list,
    createPasswordPolicy: ({ password_policy }, call) => methods.create(password_policy, call),
    getPasswordPolicy: ({ policy_uuid }, call) => methods.get(policy_uuid, call),
    updatePasswordPolicy: ({ policy_uuid, password_policy, update_mask }, call) =>
      methods.update(policy_uuid, password_policy, update_mask, call),
    deletePasswordPolicy: ({ policy_uuid }, call) => methods.remove(policy_uuid, call),
    listPasswordPolicyUsedBy: ({ policy_uuid }, call) => methods.usedBy(policy_uuid, call),
  });
}
