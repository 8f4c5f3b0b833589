import type { ReceivedHead } from '@postern/rpc';
import { describe, expect, it } from 'vitest';
import { aHouse, aPerson, asUser } from './flows.fixture.ts';

const alice = aPerson('alice', { password: 'correct horse' });
const house = await aHouse([alice]);
const { tenant } = house;
const api = () => house.current().inspector;
const boss = () => asUser(tenant, true);

await house.flow('steps', [{ kind: 'dummy' }, { kind: 'dummy' }, { kind: 'dummy' }]);
await house.flow('strict', [{ kind: 'dummy' }]);
await house.sql(
  `insert into policy_binding (pk, tenant_id, target, user_pk, "order")
   select gen_random_uuid(), $1, policy_target, $2, 0 from flow where slug = 'strict'`,
  [tenant, alice.pk],
);

describe('running a flow for oneself', () => {
  it('is refused without the permission, without a session to somebody who is no superuser, and where the flow refuses', async () => {
    const execute = (slug: string, as: ReturnType<typeof asUser>) => api().executeFlow({ slug }, as);
    await expect(execute('steps', asUser(tenant, false))).rejects.toMatchObject({ code: 'PERMISSION_DENIED' });
    await expect(execute('no-such', boss())).rejects.toMatchObject({ reason: 'FLOW_NOT_FOUND' });
    const refused = { reason: 'FLOW_NOT_EXECUTABLE', message: expect.stringContaining('does not apply') };
    await expect(execute('strict', boss())).rejects.toMatchObject(refused);
    expect(await house.plans.find(tenant, 's')).toBeUndefined();
  });

  it('plans it afresh, about whoever runs it, and says where it is', async () => {
    const viewer = asUser(tenant, false, '', ['authentik_flows.view_flow']);
    const heads: ReceivedHead[] = [];
    const options = { onHead: (head: ReceivedHead) => void heads.push(head) };
    const { link } = await api().executeFlow({ slug: 'steps' }, viewer, options);
    expect([link, heads[0]?.cookies]).toEqual(['https://id.example/if/flow/steps/', []]);
    const stored = await house.plans.find(tenant, 's');
    expect(stored?.plan.context.pending_user).toMatchObject({ pk: 1, username: 'admin' });
  });
});

describe('the inspector', () => {
  it('is closed to those without its permission, and empty without a plan of that flow', async () => {
    const inspect = (flow_slug: string, as: ReturnType<typeof asUser>) => api().inspectFlow({ flow_slug }, as);
    await expect(inspect('steps', asUser(tenant, false))).rejects.toMatchObject({ code: 'PERMISSION_DENIED' });
    await api().executeFlow({ slug: 'steps' }, boss());
    const other = inspect('default-authentication-flow', boss());
    await expect(other).rejects.toMatchObject({ reason: 'NO_PLAN_IN_SESSION' });
  });

  it('shows each step that was passed and what comes next, and no secret', async () => {
    await api().executeFlow({ slug: 'steps' }, boss());
    const browser = house.browser('s');
    await browser.get('steps');
    await browser.post('steps', { component: 'ak-stage-dummy' });
    const secrets = {
      new_password_hash: 'the hash',
      prompt_data: { nick: 'al', api_key: 'the key', deep: [{ pin_code: 1 }] },
    };
    await house.sql(`update flow_plan set plan = jsonb_set(plan, '{context}', (plan->'context') || $1::jsonb)`, [
      JSON.stringify(secrets),
    ]);
    const inspector = asUser(tenant, false, '', ['authentik_flows.inspect_flow']);
    const { plans, current_plan, is_completed } = await api().inspectFlow({ flow_slug: 'steps' }, inspector);
    expect([plans.length, is_completed]).toEqual([1, false]);
    expect(plans[0]).toMatchObject({
      current_stage: { order: 0, stage_obj: { name: 'steps 0' } },
      next_planned_stage: { order: 1 },
    });
    expect(current_plan).toMatchObject({
      current_stage: { order: 1 },
      next_planned_stage: { order: 2, stage_obj: { meta_model_name: 'authentik_stages_dummy.dummystage' } },
      plan_context: { pending_user: { username: 'admin' }, prompt_data: { nick: 'al' } },
    });
    const shown = JSON.stringify(current_plan);
    expect(shown).not.toMatch(/the hash|the key|"pin_code":1/);
    await browser.post('steps', { component: 'ak-stage-dummy' });
    const last = await api().inspectFlow({ flow_slug: 'steps' }, inspector);
    expect(last.plans).toHaveLength(2);
    expect(last.current_plan?.next_planned_stage).toMatchObject({ pk: '', order: 0 });
  });
});
