import { auth } from '@postern/proto';
import type { ResourceDeps } from '@postern/resource';
import { type BoundService, bind } from '@postern/rpc';
import type { PolicyKind } from '../policy.model.ts';
import { policyMethods } from '../policy-methods.rpc.ts';
import type { EventMatcherSettings } from './kind.ts';

/** Serves event matcher policies. */
export function createEventMatcherPolicyRpc(deps: ResourceDeps, kind: PolicyKind<EventMatcherSettings>): BoundService {
  const methods = policyMethods(deps, kind, (head, settings): auth.EventMatcherPolicy => ({ ...head, ...settings }));
  return bind(auth.EventMatcherPolicyServiceDefinition, {
    listEventMatcherPolicies: methods.list,
    createEventMatcherPolicy: ({ event_matcher_policy }, call) => methods.create(event_matcher_policy, call),
    getEventMatcherPolicy: ({ policy_uuid }, call) => methods.get(policy_uuid, call),
    updateEventMatcherPolicy: ({ policy_uuid, event_matcher_policy, update_mask }, call) =>
      methods.update(policy_uuid, event_matcher_policy, update_mask, call),
    deleteEventMatcherPolicy: ({ policy_uuid }, call) => methods.remove(policy_uuid, call),
    listEventMatcherPolicyUsedBy: ({ policy_uuid }, call) => methods.usedBy(policy_uuid, call),
  });
}
