import { type EntityManager, seedId } from '@postern/database';
import { readSettings } from '../plans/index.ts';
import { STAGE_FAMILIES } from '../stages/index.ts';
import {
  DEFAULT_EXPRESSIONS,
  DEFAULT_FLOWS,
  DEFAULT_PROMPTS,
  DEFAULT_STAGES,
  type DefaultFlow,
  type DefaultStage,
} from './default.flows.ts';

/** Model labels under which the keys of seeded objects are made. */
const LABEL = {
  flow: 'authentik_flows.flow',
  binding: 'authentik_flows.flowstagebinding',
  stage: 'authentik_flows.stage',
  prompt: 'authentik_stages_prompt.prompt',
  policy: 'authentik_policies.policy',
  policyBinding: 'authentik_policies.policybinding',
  target: 'authentik_policies.policybindingmodel',
} as const;

/** Key of a flow that every tenant starts with. */
export function seededFlow(tenant: string, slug: string): string {
  return seedId(tenant, LABEL.flow, slug);
}

/**
 * Makes sure that a tenant has the flows it starts with. A flow that is there is left as its administrators have it, with the stages
 * that it has or has not.
 */
export async function seedFlows(tenant: string, em: EntityManager): Promise<void> {
  for (const prompt of DEFAULT_PROMPTS) {
    const { name, field_key, label, type, placeholder, order } = prompt;
    await em.execute(
      `insert into prompt (pk, name, field_key, label, type, placeholder, "order") values (?, ?, ?, ?, ?, ?, ?)
       on conflict do nothing`,
      [seedId(tenant, LABEL.prompt, name), name, field_key, label, type, placeholder, order],
    );
  }
  for (const [name, expression] of Object.entries(DEFAULT_EXPRESSIONS)) {
    await em.execute(
      `insert into policy (pk, kind, name, settings) values (?, 'expression', ?, ?::jsonb) on conflict do nothing`,
      [seedId(tenant, LABEL.policy, name), name, JSON.stringify({ expression })],
    );
  }
  for (const stage of DEFAULT_STAGES) await seedStage(tenant, em, stage);
  for (const flow of DEFAULT_FLOWS) await seedFlow(tenant, em, flow);
}

async function seedStage(tenant: string, em: EntityManager, stage: DefaultStage): Promise<void> {
  const fields = stage.fields?.map((name) => seedId(tenant, LABEL.prompt, name));
  const family = STAGE_FAMILIES.find(({ model }) => model.kind === stage.kind);
  if (family === undefined) throw new TypeError(`no stage is of kind ${stage.kind}`);
  const settings = readSettings(family.settings, fields === undefined ? stage.settings : { ...stage.settings, fields });
  await em.execute('insert into stage (pk, kind, name, settings) values (?, ?, ?, ?::jsonb) on conflict do nothing', [
    seedId(tenant, LABEL.stage, stage.name),
    stage.kind,
    stage.name,
    JSON.stringify(settings),
  ]);
}

async function seedFlow(tenant: string, em: EntityManager, flow: DefaultFlow): Promise<void> {
  const pk = seededFlow(tenant, flow.slug);
  const target = seedId(tenant, LABEL.target, flow.slug);
  const added = await em.execute<unknown[]>(
    `insert into flow (pk, policy_target, name, slug, title, designation, authentication) values (?, ?, ?, ?, ?, ?, ?)
     on conflict do nothing returning 1`,
    [pk, target, flow.name, flow.slug, flow.title, flow.designation, flow.authentication],
  );
  if (added.length === 0) return;
  await bindPolicies(tenant, em, target, flow.slug, flow.policies ?? []);
  for (const { stage, order, onPlan = false, policies = [] } of flow.bindings) {
    const place = `${flow.slug}/${order}`;
    const placeTarget = seedId(tenant, LABEL.target, place);
    // By name: a stage that an administrator made in its place is as good.
    await em.execute(
      `insert into flow_stage_binding (pk, policy_target, target, stage, "order", evaluate_on_plan, re_evaluate_policies)
       select ?, ?, ?, pk, ?, ?, ? from stage where name = ? on conflict do nothing`,
      [seedId(tenant, LABEL.binding, place), placeTarget, pk, order, onPlan, !onPlan, stage],
    );
    await bindPolicies(tenant, em, placeTarget, place, policies);
  }
}

async function bindPolicies(
  tenant: string,
  em: EntityManager,
  target: string,
  place: string,
  policies: readonly string[],
): Promise<void> {
  for (const name of policies) {
    await em.execute(
      `insert into policy_binding (pk, target, policy, "order") select ?, ?, pk, 0 from policy where name = ?
       on conflict do nothing`,
      [seedId(tenant, LABEL.policyBinding, `${place}/${name}`), target, name],
    );
  }
}
