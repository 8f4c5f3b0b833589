import { asNumber, boolean, custom, defineList, exact, getOr404, type PlainRow, raw } from '@postern/database';
import { auth } from '@postern/proto';
import { type Resource, type ResourceDeps, type Scope, standardMethods } from '@postern/resource';
import { type BoundService, bind } from '@postern/rpc';
import { headOf, modelOf, StageEntity } from '../stages/index.ts';
import { BindingEntity, type BindingRow } from './binding.entity.ts';
import { flowErrors } from './flow.errors.ts';
import { flowSetsOf } from './flow-set.rpc.ts';

/** Stage bindings as a resource. */
const bindings: Resource<BindingRow, auth.FlowStageBinding> = {
  model: 'authentik_flows.flowstagebinding',
  type: 'postern.auth.v1.FlowStageBinding',
  subject: 'auth.v1.flow_stage_binding',
  entity: BindingEntity,
  list: defineList({
    entity: BindingEntity,
    filters: {
      evaluate_on_plan: boolean('evaluateOnPlan'),
      fsb_uuid: exact('pk'),
      invalid_response_action: exact('invalidResponseAction'),
      order: exact('order', asNumber),
      pbm_uuid: exact('policyTarget'),
      policies: custom((value) => boundTo([value].flat().map(String))),
      policy_engine_mode: exact('policyEngineMode'),
      re_evaluate_policies: boolean('reEvaluatePolicies'),
      stage: exact('stage'),
      target: exact('target'),
    },
    search: [
      (term) => ({
        [raw((alias) => `(select name from stage where stage.pk = ${alias}.stage)`)]: {
          $ilike: `%${term.replaceAll(/[\\%_]/g, '\\$&')}%`,
        },
      }),
    ],
    ordering: { order: 'order', pk: 'pk', target: 'target', stage: 'stage' },
    defaultOrder: ['order'],
  }),
  fields: {
    target: 'target',
    stage: 'stage',
    evaluate_on_plan: 'evaluateOnPlan',
    re_evaluate_policies: 'reEvaluatePolicies',
    order: 'order',
    policy_engine_mode: (binding, value) => Object.assign(binding, { policyEngineMode: value }),
    invalid_response_action: (binding, value) => Object.assign(binding, { invalidResponseAction: value }),
  },
  title: ({ order }) => `Flow-stage binding #${order}`,
  encode: async (rows, { em }) => {
    if (rows.length === 0) return [];
    const keys = [...new Set(rows.map(({ stage }) => stage))];
    const stages = await em.find(StageEntity, { pk: { $in: keys } });
    const flows = await flowSetsOf(em, keys);
    return rows.map((row) => {
      const stage = stages.find(({ pk }) => pk === row.stage);
      return messageOf(row, stage && headOf(stage, modelOf(stage.kind), flows.get(stage.pk) ?? []));
    });
  },
  constraints: { flow_stage_binding__place: () => flowErrors.BINDING_EXISTS() },
};

/** Stage bindings by their keys, as they are shown. */
export async function bindingsInFull(
  pks: readonly string[],
  scope: Scope,
): Promise<ReadonlyMap<string, auth.FlowStageBinding>> {
  if (pks.length === 0) return new Map();
  const query = scope.em.createQueryBuilder(BindingEntity).where({ pk: { $in: [...new Set(pks)] } });
  const messages = await bindings.encode(await query.execute<PlainRow<BindingRow>[]>('all'), scope);
  return new Map(messages.map((binding) => [binding.pk, binding]));
}

/** Serves stage bindings. */
export function createBindingRpc(deps: ResourceDeps): BoundService {
  const methods = standardMethods(deps, bindings);
  return bind(auth.FlowStageBindingServiceDefinition, {
    listFlowStageBindings: methods.list,
    createFlowStageBinding: async ({ flow_stage_binding: binding }, call) => {
      if (binding && !binding.evaluate_on_plan && !binding.re_evaluate_policies) throw flowErrors.NEVER_EVALUATED();
      return methods.create(binding, call);
    },
    getFlowStageBinding: ({ fsb_uuid }, call) => methods.get(fsb_uuid, call),
    updateFlowStageBinding: async ({ fsb_uuid, flow_stage_binding: binding, update_mask: mask }, call) => {
      const before = await deps.db.read(call.context, (em) => getOr404(em, BindingEntity, fsb_uuid));
      const has = (field: string) => mask?.includes(field) ?? true;
      const onPlan = has('evaluate_on_plan') ? binding?.evaluate_on_plan : before.evaluateOnPlan;
      const onRun = has('re_evaluate_policies') ? binding?.re_evaluate_policies : before.reEvaluatePolicies;
      if (onPlan !== true && onRun !== true) throw flowErrors.NEVER_EVALUATED();
      return methods.update(fsb_uuid, binding, mask, call);
    },
    deleteFlowStageBinding: ({ fsb_uuid }, call) => methods.remove(fsb_uuid, call),
    listFlowStageBindingUsedBy: ({ fsb_uuid }, call) => methods.usedBy(fsb_uuid, call),
  });
}

function boundTo(policies: readonly string[]) {
  const sql = (alias: string) =>
    `exists (select 1 from policy_binding where policy_binding.target = ${alias}.policy_target and policy = any (?::uuid[]))`;
  return { [raw(sql, [`{${policies.join(',')}}`])]: [] };
}

function messageOf(row: PlainRow<BindingRow>, stage_obj: auth.Stage | undefined): auth.FlowStageBinding {
  const { pk, policyTarget, target, stage, order } = row;
  return {
    pk,
    policybindingmodel_ptr_id: policyTarget,
    target,
    stage,
    stage_obj,
    evaluate_on_plan: row.evaluateOnPlan,
    re_evaluate_policies: row.reEvaluatePolicies,
    order,
    policy_engine_mode: row.policyEngineMode,
    invalid_response_action: row.invalidResponseAction,
  };
}
