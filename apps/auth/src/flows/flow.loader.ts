import { type Database, prepared, type SecretBox } from '@postern/database';
import type { BoundPolicy, FlowBinding, FlowOutline, LoadedFlow, Plan, StageRecord } from '../plans/index.ts';
import { boundAs } from '../policies/index.ts';
import { openSettings, type StoredSettings } from '../stages/index.ts';
import { type FlowRow, factsOf } from './flow.entity.ts';

type Row = {
  flow: FlowRow;
  id: string | null;
  version: number;
  plan: Plan;
  stage: (Omit<StageRecord, 'settings'> & StoredSettings) | null;
  bound: BoundPolicy[] | null;
  next: (Omit<StageRecord, 'settings'> & StoredSettings) | null;
  guarded: boolean;
  outline: OutlineRow | null;
};

/** What plans of a flow are made of, as it is read. */
export type OutlineRow = {
  bound: BoundPolicy[] | null;
  bindings:
    | (Omit<FlowBinding, 'stage' | 'bound'> & {
        bound: BoundPolicy[] | null;
        stage: Omit<StageRecord, 'settings'> & StoredSettings;
      })[]
    | null;
};

const STAGE = `jsonb_build_object('pk', stage.pk, 'name', stage.name, 'kind', stage.kind, 'settings', stage.settings, 'secrets', stage.secrets)`;

const stageAt = (step: number) =>
  `(select ${STAGE} from stage where stage.pk = (flow_plan.plan #>> '{steps,${step},stage,pk}')::uuid)`;

/** What guards the flow of a statement, and its stages in their order with what guards them. */
export const OUTLINE = `jsonb_build_object('bound', (${boundAs('bound.target = flow.policy_target')}), 'bindings', (
    select jsonb_agg(jsonb_build_object('pk', place.pk, 'policyTarget', place.policy_target, 'policyMode', place.policy_engine_mode,
        'evaluateOnPlan', place.evaluate_on_plan, 'reEvaluate', place.re_evaluate_policies,
        'invalidResponse', place.invalid_response_action, 'stage', ${STAGE},
        'bound', (${boundAs('bound.target = place.policy_target')})) order by place."order", place.pk)
    from flow_stage_binding as place join stage on stage.pk = place.stage where place.target = flow.pk))`;

/**
 * One statement for what nearly every request to a flow needs: the flow, the plan that the session has of it, and the stage and the
 * policies of the step where that plan stands; and the stage after it, which may have nothing to ask. Where there is no plan, what one is made of.
 */
const LOAD = prepared(`select
    jsonb_build_object('pk', flow.pk, 'policyTarget', flow.policy_target, 'name', flow.name, 'slug', flow.slug,
      'title', flow.title, 'designation', flow.designation, 'background', flow.background,
      'policyEngineMode', flow.policy_engine_mode, 'compatibilityMode', flow.compatibility_mode,
      'layout', flow.layout, 'deniedAction', flow.denied_action, 'authentication', flow.authentication) as flow,
    flow_plan.pk as id, flow_plan.version, flow_plan.plan,
    ${stageAt(0)} as stage, ${stageAt(1)} as next,
    exists (select 1 from policy_binding as bound where bound.enabled
      and bound.target = (flow_plan.plan #>> '{steps,1,policies,target}')::uuid) as guarded,
    (${boundAs("bound.target = (flow_plan.plan #>> '{steps,0,policies,target}')::uuid")}) as bound,
    case when flow_plan.pk is null then ${OUTLINE} end as outline
  from flow left join flow_plan on flow_plan.flow = flow.pk and flow_plan.session = ? and flow_plan.expires > now()
  where flow.slug = ?`);

/** A stage as it was read, with its secrets opened. */
export function recordOf(
  box: Pick<SecretBox, 'open'>,
  { pk, name, kind, ...stored }: Omit<StageRecord, 'settings'> & StoredSettings,
): StageRecord {
  return { pk, name, kind, settings: openSettings(box, stored) };
}

/** What plans are made of, with secrets of stages opened. */
export function outlineOf(box: Pick<SecretBox, 'open'>, { bound, bindings }: OutlineRow): Omit<FlowOutline, 'flow'> {
  const opened = (bindings ?? []).map((binding) => ({
    ...binding,
    bound: binding.bound ?? [],
    stage: recordOf(box, binding.stage),
  }));
  return { bound: bound ?? [], bindings: opened };
}

/** A flow with where the session stands in it; undefined when there is no such flow. */
export async function loadFlow(
  database: Pick<Database, 'statement' | 'secrets'>,
  tenant: string,
  slug: string,
  session: string | undefined,
): Promise<LoadedFlow | undefined> {
  const { secrets: box } = database;
  const [row] = await database.statement<Row>({ tenant }, LOAD, [session ?? '', slug]);
  if (row === undefined) return undefined;
  const flow = factsOf(row.flow);
  if (row.id === null || session === undefined)
    return { flow, outline: row.outline === null ? undefined : outlineOf(box, row.outline) };
  const stored = { id: row.id, session, version: row.version, plan: row.plan };
  const [step, second] = row.plan.steps;
  if (step === undefined) return { flow, stored };
  const stage = row.stage === null ? undefined : recordOf(box, row.stage);
  const head = { id: step.id, stage, bound: row.bound ?? [] };
  if (second === undefined || row.next === null) return { flow, stored, head };
  return { flow, stored, head, next: { id: second.id, stage: recordOf(box, row.next), hasPolicies: row.guarded } };
}
