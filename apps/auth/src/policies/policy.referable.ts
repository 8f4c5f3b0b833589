import { type Referable, referable } from '@postern/database';
import { PolicyEntity } from './policy.entity.ts';
import { POLICY_FAMILY, POLICY_MODELS } from './policy.families.ts';
import { PolicyBindingEntity } from './policy-binding.entity.ts';
import { bindingTitle } from './policy-binding.resource.ts';
import { referableReputations } from './reputation/reputation.resource.ts';

/** Policies of all kinds and their bindings, as objects that others refer to and that refer to others. */
export const POLICY_REFERABLES: readonly Referable[] = [
  referable({ model: POLICY_FAMILY, entity: PolicyEntity, title: ({ name }) => name }),
  referable({
    model: 'authentik_policies.policybinding',
    entity: PolicyBindingEntity,
    type: 'postern.auth.v1.PolicyBinding',
    title: bindingTitle,
  }),
  referableReputations,
  ...POLICY_MODELS.map(({ kind, model }) => ofKind(kind, model)),
];

/** Policies of one kind. */
function ofKind(kind: string, model: string): Referable {
  const base = referable({ model, entity: PolicyEntity, title: ({ name }) => name });
  return {
    ...base,
    find: (em, where) => base.find(em, { ...where, kind }),
    remove: (em, where) => base.remove(em, { ...where, kind }),
  };
}
