import type { EntityManager, PlainRow } from '@postern/database';
import type { auth } from '@postern/proto';
import type { PolicyRow } from './policy.entity.ts';
import type { PolicyModel } from './policy.model.ts';

/** What the API says about every policy. */
export type PolicyHead = Pick<
  auth.Policy,
  | 'pk'
  | 'name'
  | 'execution_logging'
  | 'component'
  | 'verbose_name'
  | 'verbose_name_plural'
  | 'meta_model_name'
  | 'bound_to'
>;

/** What a policy and its kind are called, and how much hangs on it. */
export function headOf(
  row: Pick<PlainRow<PolicyRow>, 'pk' | 'name' | 'executionLogging'>,
  model: PolicyModel | undefined,
  boundTo: number,
): PolicyHead {
  return {
    pk: row.pk,
    name: row.name,
    execution_logging: row.executionLogging,
    component: model?.component ?? '',
    verbose_name: model?.verboseName ?? '',
    verbose_name_plural: model?.verboseNamePlural ?? '',
    meta_model_name: model?.model ?? '',
    bound_to: boundTo,
  };
}

const USES = `select policy.pk,
    (select count(*) from policy_binding where policy_binding.policy = policy.pk)
    + (select count(*) from stage where stage.kind = 'prompt' and stage.settings->'validation_policies' @> to_jsonb(policy.pk::text))
    as uses
  from policy where policy.pk = any (?::uuid[])`;

/** How many bindings and prompt stages use each policy. */
export async function usesOf(em: EntityManager, policies: readonly string[]): Promise<ReadonlyMap<string, number>> {
  if (policies.length === 0) return new Map();
  const rows = await em.execute<{ pk: string; uses: string | number }[]>(USES, [`{${policies.join(',')}}`]);
  return new Map(rows.map(({ pk, uses }) => [pk, Number(uses)]));
}
