/** The guard over the whole login service. */

import { auth as api } from '@postern/proto';
import { aTenant } from '@postern/testkit';
import { describe, expect, it } from 'vitest';
import { anAuth } from '../testing/auth.fixture.ts';
import { factsOf } from '../testing/directory.fixture.ts';

const house = await anAuth();
const SLUG = 'default-authentication-flow';

/** A tenant with its flows and an administrator, whose password is set unless told otherwise. */
async function aTenancy({ password = 'correct horse' }: { password?: string } = {}) {
  const { tenant } = aTenant();
  await house.giveFlows(tenant);
  const admin = house.people.add(tenant, 'boss', { superuser: true });
  const request = { user: factsOf(admin), password };
  await house.credentials.setUserPassword(request, house.asService(tenant));
  const asAdmin = (query = '') => house.asUser(tenant, admin, { query });
  const flow = await house.flows.getFlow({ slug: SLUG }, asAdmin());
  house.people.setFlow(tenant, flow.pk);
  const { results: stages } = await house.stages.listStages({}, asAdmin());
  const { results: bindings } = await house.flowBindings.listFlowStageBindings({ target: flow.pk }, asAdmin());
  const stage = (name: string) => stages.find((one) => one.name === name)?.pk ?? '';
  const bindingOf = (name: string) => bindings.find((one) => one.stage === stage(name))?.pk ?? '';
  return { tenant, admin, asAdmin, flow, stage, bindingOf };
}

const lockedOut = (problem: RegExp): object => ({
  code: 'INVALID_ARGUMENT',
  violations: [{ reason: 'ADMINISTRATORS_LOCKED_OUT', description: expect.stringMatching(problem) }],
});

/** What the edge fills in. */
const DEFAULTS = { re_evaluate_policies: true, policy_engine_mode: 'any', invalid_response_action: 'retry' };

type Tenancy = Awaited<ReturnType<typeof aTenancy>>;

/** An expression policy, bound to something. */
async function bound({ asAdmin }: Tenancy, expression: string, target: string, query = '') {
  const policy = { name: crypto.randomUUID(), expression };
  const { pk } = await house.expressionPolicies.createExpressionPolicy({ expression_policy: policy }, asAdmin());
  const binding = { policy: pk, target, order: 0, enabled: true };
  return house.policyBindings.createPolicyBinding({ policy_binding: binding }, asAdmin(query));
}

describe('a change after which no administrator could sign in', () => {
  it('of a flow is refused: its last, its designation, who may enter', async () => {
    const { asAdmin } = await aTenancy();
    await expect(house.flows.deleteFlow({ slug: SLUG }, asAdmin())).rejects.toMatchObject(
      lockedOut(/there is no flow to sign in with\. With \?override=lockout/),
    );
    const change = {
      flow: api.Flow.fromPartial({ authentication: 'require_superuser' }),
      update_mask: ['authentication'],
    };
    await expect(house.flows.updateFlow({ slug: SLUG, ...change }, asAdmin())).rejects.toMatchObject(
      lockedOut(/the flow “default-authentication-flow” lets nobody in/),
    );
    expect((await house.flows.getFlow({ slug: SLUG }, asAdmin())).authentication).toBe('none');
  });

  it('of a stage or of its place is refused', async () => {
    const { asAdmin, stage, bindingOf } = await aTenancy();
    const login = stage('default-authentication-login');
    await expect(house.stages.deleteStage({ stage_uuid: login }, asAdmin())).rejects.toMatchObject(
      lockedOut(/ends before anybody is signed in/),
    );
    const identification = bindingOf('default-authentication-identification');
    await expect(
      house.flowBindings.deleteFlowStageBinding({ fsb_uuid: identification }, asAdmin()),
    ).rejects.toMatchObject(
      lockedOut(/nobody was asked who they are before the stage “default-authentication-password”/),
    );
    const password = { stage_uuid: stage('default-authentication-password'), update_mask: ['backends'] };
    const backends = ['authentik.sources.ldap.auth.LDAPBackend'];
    await expect(
      house.passwordStages.updatePasswordStage({ ...password, password_stage: { name: 'x', backends } }, asAdmin()),
    ).rejects.toMatchObject(lockedOut(/no administrator has a password that the stage/));
  });

  it('of a policy or of its binding is refused', async () => {
    const tenancy = await aTenancy();
    const { asAdmin, flow } = tenancy;
    await expect(bound(tenancy, 'return False', flow.pk)).rejects.toMatchObject(lockedOut(/lets nobody in/));
    await expect(bound(tenancy, 'raise ValueError("x")', flow.pk)).rejects.toMatchObject(lockedOut(/lets nobody in/));
    const { policy } = await bound(tenancy, 'return True', flow.pk);
    const change = { expression_policy: { name: 'x', expression: 'return False' }, update_mask: ['expression'] };
    await expect(
      house.expressionPolicies.updateExpressionPolicy({ policy_uuid: policy, ...change }, asAdmin()),
    ).rejects.toMatchObject(lockedOut(/lets nobody in/));
    expect(await house.expressionPolicies.getExpressionPolicy({ policy_uuid: policy ?? '' }, asAdmin())).toMatchObject({
      expression: 'return True',
    });
  });

  it('is made all the same by an administrator who insists, and by no service', async () => {
    const tenancy = await aTenancy();
    const { tenant, asAdmin, flow } = tenancy;
    const asService = house.as({ kind: 'service', tenant, name: 'tasks' }, { query: 'override=lockout' });
    await expect(house.flows.deleteFlow({ slug: SLUG }, asService)).rejects.toMatchObject(lockedOut(/no flow/));
    await bound(tenancy, 'return False', flow.pk, 'x=1&override=lockout');
    // Nobody gets in any more: what follows locks nobody out.
    await house.flows.deleteFlow({ slug: SLUG }, asAdmin());
  });
});

describe('a change that leaves a way in', () => {
  it('is made, whatever else it closes', async () => {
    const tenancy = await aTenancy();
    const { asAdmin, flow } = tenancy;
    await bound(tenancy, 'return request.user.username != "boss"', flow.pk);
    await house.flows.deleteFlow({ slug: 'default-invalidation-flow' }, asAdmin());
  });

  it('is made where nobody could sign in before, so that it can be mended', async () => {
    const { asAdmin, flow, tenant } = await aTenancy({ password: '' });
    await house.flows.updateFlow({ slug: SLUG, flow: { ...flow, title: 'Another' } }, asAdmin());
    house.people.setFlow(tenant, undefined);
    await house.flows.deleteFlow({ slug: SLUG }, asAdmin());
  });

  it('leaves another flow to sign in with where the brand names none', async () => {
    const { asAdmin, tenant, stage, ...given } = await aTenancy();
    house.people.setFlow(tenant, undefined);
    const flow = { ...given.flow, slug: 'other' };
    // An empty flow that came before it would take its place.
    await expect(house.flows.createFlow({ flow: { ...flow, slug: 'a' } }, asAdmin())).rejects.toMatchObject(
      lockedOut(/the flow “a” ends before anybody is signed in/),
    );
    const { pk } = await house.flows.createFlow({ flow }, asAdmin());
    for (const [order, name] of ['identification', 'password', 'login'].entries()) {
      const key = stage(`default-authentication-${name}`);
      const place = { ...DEFAULTS, target: pk, stage: key, order };
      await house.flowBindings.createFlowStageBinding({ flow_stage_binding: place }, asAdmin());
    }
    await house.flows.deleteFlow({ slug: SLUG }, asAdmin());
    await expect(house.flows.deleteFlow({ slug: 'other' }, asAdmin())).rejects.toMatchObject(lockedOut(/no flow/));
  });
});

describe('asked by the directory', () => {
  const check = (tenant: string, administrators: api.CheckSignInRequest['administrators']) =>
    house.signInGuard.checkSignIn({ administrators }, house.asService(tenant));

  it('knows no way in for nobody, and for nobody who has nothing to prove themselves with', async () => {
    const { tenant, flow } = await aTenancy();
    expect(await check(tenant, { administrators: [], flow: flow.pk })).toMatchObject({ possible: false });
    const stranger = house.people.add(tenant, 'stranger');
    expect(await check(tenant, { administrators: [{ user: factsOf(stranger), groups: [] }], flow: flow.pk })).toEqual({
      possible: false,
      problem: 'no administrator has a password that the stage “default-authentication-password” takes.',
    });
  });

  it('asks policies about the groups that people would have', async () => {
    const tenancy = await aTenancy();
    const { tenant, admin, asAdmin, flow, bindingOf } = tenancy;
    const group = house.people.addGroup('staff').pk;
    const place = { group, target: bindingOf('default-authentication-login'), order: 0, enabled: true };
    await house.policyBindings.createPolicyBinding({ policy_binding: place }, asAdmin('override=lockout'));
    const user = factsOf(admin);
    expect(await check(tenant, { administrators: [{ user, groups: [] }], flow: flow.pk })).toMatchObject({
      possible: false,
      problem: 'the flow “default-authentication-flow” ends before anybody is signed in.',
    });
    const some = [
      { user: factsOf(house.people.add(tenant, 'x')), groups: [] },
      { user, groups: [group] },
    ];
    expect(await check(tenant, { administrators: some, flow: flow.pk })).toEqual({ possible: true, problem: '' });
  });
});
