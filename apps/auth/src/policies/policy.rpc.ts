import { custom, defineList, type Filter, type List, listPage, raw } from '@postern/database';
import { invalidField } from '@postern/errors';
import { auth } from '@postern/proto';
import type { ResourceDeps } from '@postern/resource';
import { type BoundService, bind, type Call } from '@postern/rpc';
import { headOf, usesOf } from './policy.codec.ts';
import { PolicyEntity, type PolicyRow } from './policy.entity.ts';
import { POLICY_FAMILY } from './policy.families.ts';
import type { PolicyModel } from './policy.model.ts';
import type { PolicyPerson } from './policy.person.ts';
import { findPolicy, keysOf, policyUses, removePolicy } from './policy-methods.rpc.ts';
import type { PolicyTrial } from './trial.ts';

/** What serving policies of every kind needs. */
export type PolicyRpcDeps = ResourceDeps & {
  readonly models: readonly PolicyModel[];
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
  const { db, models, tryOut, personOf } = deps;
  const modelOf = (kind: string) => models.find((model) => model.kind === kind);
  const labelOf = (kind: string) => modelOf(kind)?.model ?? POLICY_FAMILY;
  return bind(auth.PolicyServiceDefinition, {
    listPolicies: (request, call) =>
      db.read(call.context, async (em) => {
        const { pagination, results } = await listPage(em, ALL, request);
        const uses = await usesOf(em, keysOf(results));
        return { pagination, results: results.map((row) => headOf(row, modelOf(row.kind), uses.get(row.pk) ?? 0)) };
      }),
    getPolicy: ({ policy_uuid }, call) =>
      db.read(call.context, async (em) => {
        const row = await findPolicy(em, policy_uuid);
        return headOf(row, modelOf(row.kind), (await usesOf(em, [row.pk])).get(row.pk) ?? 0);
      }),
    deletePolicy: ({ policy_uuid }, call) =>
      db.write(call.context, async (em) => {
        const row = await findPolicy(em, policy_uuid);
        await removePolicy(deps, em, call, row, labelOf(row.kind));
        return {};
      }),
    listPolicyUsedBy: async ({ policy_uuid }, call) => {
      const row = await db.read(call.context, (em) => findPolicy(em, policy_uuid));
      return { items: await policyUses(deps, labelOf(row.kind), row.pk, call) };
    },
    listPolicyTypes: async () => ({ items: typesOf(models) }),
    testPolicy: async ({ policy_uuid, policy_test }, call) => {
      const row = await db.read(call.context, (em) => findPolicy(em, policy_uuid));
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

function typesOf(models: readonly PolicyModel[]) {
  return models
    .filter(({ isForDebugging }) => isForDebugging !== true)
    .map(({ verboseName, component, model }) => ({
      name: verboseName,
      description: verboseName,
      component,
      model_name: model,
    }))
    .sort((a, b) => a.name.localeCompare(b.name));
}
