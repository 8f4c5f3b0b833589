import { defineEntity, type InferEntity, p, tenantTable } from '@postern/database';
import { v7 } from 'uuid';
import type { InvalidResponseAction, PolicyMode } from '../plans/index.ts';

/** A stage in its place in a flow. One stage may stand in several places. */
export const BindingEntity = defineEntity({
  name: 'FlowStageBinding',
  tableName: 'flow_stage_binding',
  properties: {
    ...tenantTable(),
    policyTarget: p.uuid().onCreate(() => v7()),
    target: p.uuid(),
    stage: p.uuid(),
    order: p.integer(),
    evaluateOnPlan: p.boolean().default(false),
    reEvaluatePolicies: p.boolean().default(true),
    policyEngineMode: p.text().$type<PolicyMode>().default('any'),
    invalidResponseAction: p.text().$type<InvalidResponseAction>().default('retry'),
  },
});

export type BindingRow = InferEntity<typeof BindingEntity>;
