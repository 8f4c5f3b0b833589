import { custom, defineList, type Filter, type List, raw } from '@postern/database';
import { invalidField } from '@postern/errors';
import { auth } from '@postern/proto';
import type { ResourceDeps } from '@postern/resource';
import { type BoundService, bind, type Call } from '@postern/rpc';
import { familyObjects } from '../families/index.ts';
import { PolicyEntity, type PolicyRow } from './policy.entity.ts';
import { policyFamily } from './policy.family.ts';
import type { PolicyPerson } from './policy.person.ts';
import type { PolicyTrial } from './trial.ts';

/** What serving policies of every kind needs. */
export type PolicyRpcDeps = ResourceDeps & {
  readonly tryOut: PolicyTrial;
  /** Somebody by key; undefined for nobody. */
  readonly personOf: (pk: number, call: Call) => Promise<PolicyPerson | undefined>;
};

const BOUND = (alias: string) => `exists (select 1 from policy_binding where policy_binding.policy = ${alias}.pk)`;
const ASKED = (alias: string) =>
  `exists (select 1 from stage where stage.kind = 'prompt' and stage.settings->'validation_policies' @> to_jsonb(${alias}.pk::text))`;

/** `true` asks for policies that are not used so, `false` for those that are. */
function unused(use: (alias: string) => string): Filter {
  return custom((value) =>
    typeof value === 'boolean' ? { [raw((alias) => `(not ${use(alias)})`)]: value } : undefined,
  );
}

const ALL: List<PolicyRow> = defineList({
  entity: PolicyEntity,
  filters: { bindings_isnull: unused(BOUND), promptstage_isnull: unused(ASKED) },
  search: ['name'],
  ordering: { name: 'name', pk: 'pk' },
  defaultOrder: ['name'],
});

/** Serves policies of every kind. */
export function createPolicyRpc(deps: PolicyRpcDeps): BoundService {
  const { db, tryOut, personOf } = deps;
  const { find, methods } = familyObjects(deps, policyFamily, ALL);
  return bind(auth.PolicyServiceDefinition, {
    listPolicies: methods.list,
    getPolicy: ({ policy_uuid }, call) => methods.get(policy_uuid, call),
    deletePolicy: ({ policy_uuid }, call) => methods.remove(policy_uuid, call),
    listPolicyUsedBy: ({ policy_uuid }, call) => methods.usedBy(policy_uuid, call),
    listPolicyTypes: methods.types,
    testPolicy: async ({ policy_uuid, policy_test }, call) => {
      const row = await db.read(call.context, (em) => find(em, policy_uuid));
      const { user = 0, context = {} } = policy_test ?? {};
      const person = await personOf(user, call);
      if (!person) throw invalidField('user', `Invalid pk "${user}" - object does not exist.`, 'REFERENCE_NOT_FOUND');
      return tryOut(row, person, context, call);
    },
    // Every decision is made anew: nothing is remembered that a change of a policy could make wrong.
    getPolicyCacheInfo: async () => ({ count: 0 }),
    clearPolicyCache: async () => ({}),
  });
}
