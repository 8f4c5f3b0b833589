import { getOr404 } from '@postern/database';
import { common } from '@postern/errors';
import { auth } from '@postern/proto';
import { type ResourceDeps, standardMethods } from '@postern/resource';
import { type BoundService, bind, type Call } from '@postern/rpc';
import { policyErrors } from './policy.errors.ts';
import type { PolicyModel } from './policy.model.ts';
import { PolicyBindingEntity } from './policy-binding.entity.ts';
import type { BindingPeople } from './policy-binding.people.ts';
import { policyBindings } from './policy-binding.resource.ts';
import { ownTargets } from './policy-target.ts';

/** What serving bindings needs. */
export type PolicyBindingRpcDeps = ResourceDeps & {
  readonly models: readonly PolicyModel[];
  readonly people: BindingPeople;
};

/** A binding as callers send it. */
type Given = auth.PolicyBinding;

const SUBJECTS = ['policy', 'group', 'user'] as const;

/** Serves bindings. */
export function createPolicyBindingRpc(deps: PolicyBindingRpcDeps): BoundService {
  const { db, neighbours, models, people } = deps;
  const resource = policyBindings(models, people);
  // What a binding names is checked here: a target has two keys, and flows are found without asking anybody.
  const unchecked = { ...neighbours, require: async () => undefined };
  const methods = standardMethods({ ...deps, neighbours: unchecked }, resource);

  async function check(given: Given, mask: readonly string[] | undefined, call: Call): Promise<Given> {
    const has = (field: string) => mask?.includes(field) ?? true;
    const own = has('target') ? await db.read(call.context, (em) => ownTargets(em, [given.target])) : [];
    const others = ['policy', 'group', 'user', ...(own.length > 0 ? [] : ['target'])].filter(has);
    await neighbours.require(resource.type, given, others, call);
    return { ...given, target: own[0]?.bound ?? given.target };
  }

  return bind(auth.PolicyBindingServiceDefinition, {
    listPolicyBindings: methods.list,
    createPolicyBinding: async ({ policy_binding }, call) => {
      const given = required(policy_binding);
      requireOne(SUBJECTS.filter((subject) => isSet(given[subject])));
      return methods.create(await check(given, undefined, call), call);
    },
    getPolicyBinding: ({ policy_binding_uuid }, call) => methods.get(policy_binding_uuid, call),
    updatePolicyBinding: async ({ policy_binding_uuid: pk, policy_binding, update_mask: mask }, call) => {
      const given = required(policy_binding);
      const before = await db.read(call.context, (em) => getOr404(em, PolicyBindingEntity, pk));
      const sent = SUBJECTS.filter((subject) => isSet(given[subject]) && (mask?.includes(subject) ?? true));
      const cleared = SUBJECTS.filter((subject) => !isSet(given[subject]) && (mask?.includes(subject) ?? true));
      const kept = SUBJECTS.filter((subject) => isSet(before[subject]) && !cleared.includes(subject));
      requireOne(sent.length > 0 ? sent : kept);
      const checked = await check(given, mask, call);
      // Who is named anew takes the place of whoever was named before.
      const all = sent.length > 0 && mask ? [...new Set([...mask, ...SUBJECTS])] : mask;
      const alone = Object.fromEntries(SUBJECTS.map((one) => [one, sent.includes(one) ? given[one] : undefined]));
      return methods.update(pk, sent.length > 0 ? { ...checked, ...alone } : checked, all, call);
    },
    deletePolicyBinding: ({ policy_binding_uuid }, call) => methods.remove(policy_binding_uuid, call),
    listPolicyBindingUsedBy: ({ policy_binding_uuid }, call) => methods.usedBy(policy_binding_uuid, call),
  });
}

function isSet(subject: string | number | null | undefined): boolean {
  return subject !== undefined && subject !== null && subject !== '';
}

function requireOne(subjects: readonly string[]): void {
  if (subjects.length > 1) throw policyErrors.ONE_SUBJECT_ONLY();
  if (subjects.length === 0) throw policyErrors.NO_SUBJECT();
}

function required(given: Given | undefined): Given {
  if (given === undefined) throw common.INVALID_ARGUMENT();
  return given;
}
