import { randomUUID } from 'node:crypto';
import { DEFAULT_TENANT } from '@postern/database';
import { events } from '@postern/proto';
import { aTenant } from '@postern/testkit';
import { beforeAll, describe, expect, it } from 'vitest';
import { anAuth, refusal } from '../testing/auth.fixture.ts';

const house = await anAuth();
const { policies, policyBindings, dummyPolicies, eventMatchers, expressionPolicies, evaluation, flows } = house;
const admin = house.people.add(DEFAULT_TENANT, 'root', { superuser: true });
const alice = house.people.add(DEFAULT_TENANT, 'alice');
const as = house.asUser(DEFAULT_TENANT, admin);
const FLOW = {
  name: 'f',
  title: 'f',
  designation: 'enrollment',
  policy_engine_mode: 'any',
  layout: 'stacked',
  denied_action: 'message',
  authentication: 'none',
};
const service = house.asService(DEFAULT_TENANT, 'tasks');

const aDummy = (given: object = {}) =>
  dummyPolicies.createDummyPolicy(
    { dummy_policy: { name: randomUUID(), result: true, wait_min: 0, wait_max: 0, ...given } },
    as,
  );
const anExpression = (expression: string, given: object = {}) =>
  expressionPolicies.createExpressionPolicy({ expression_policy: { name: randomUUID(), expression, ...given } }, as);
const aFlow = () => flows.createFlow({ flow: { ...FLOW, slug: randomUUID() } }, as);
const bind = (target: string, given: object) =>
  policyBindings.createPolicyBinding(
    { policy_binding: { target, order: 0, enabled: true, timeout: 30, ...given } },
    as,
  );
const decide = async (target: string, given: object = {}) => {
  const { decisions } = await evaluation.evaluate({ targets: [target], ...given }, service);
  return decisions[0];
};

describe('policies', () => {
  it('have a name that no policy of another kind has', async () => {
    const { name } = await aDummy();
    await refusal(eventMatchers.createEventMatcherPolicy({ event_matcher_policy: { name, action: 'login' } }, as), {
      violations: [{ field: 'name', description: 'Policy with this name already exists.' }],
    });
  });

  it('are found under their own kind only, and count what they are bound to', async () => {
    const policy = await aDummy();
    const flow = await aFlow();
    await bind(flow.pk, { policy: policy.pk });
    const shown = await policies.getPolicy({ policy_uuid: policy.pk }, as);
    expect(shown).toMatchObject({ bound_to: 1, meta_model_name: 'authentik_policies_dummy.dummypolicy' });
    await refusal(expressionPolicies.getExpressionPolicy({ policy_uuid: policy.pk }, as), { code: 'NOT_FOUND' });
    const { items } = await policies.listPolicyUsedBy({ policy_uuid: policy.pk }, as);
    expect(items).toMatchObject([{ model_name: 'policybinding', action: 'CASCADE' }]);
    const { results } = await policies.listPolicies({ bindings_isnull: true, search: policy.name }, as);
    expect(results).toEqual([]);
  });

  it('take their bindings with them', async () => {
    const policy = await aDummy();
    const { pk } = await bind((await aFlow()).pk, { policy: policy.pk });
    await policies.deletePolicy({ policy_uuid: policy.pk }, as);
    await refusal(policyBindings.getPolicyBinding({ policy_binding_uuid: pk }, as), { code: 'NOT_FOUND' });
  });

  it('keep settings that an update does not name', async () => {
    const { pk } = await aDummy({ result: true });
    const patch = { policy_uuid: pk, dummy_policy: { wait_max: 7 }, update_mask: ['wait_max'] };
    expect(await dummyPolicies.updateDummyPolicy(patch, as)).toMatchObject({ result: true, wait_max: 7 });
  });

  it('are not shown to another tenant, nor to somebody without the permission', async () => {
    const { pk } = await aDummy();
    const { tenant } = aTenant();
    const other = house.people.add(tenant, 'root', { superuser: true });
    await refusal(policies.getPolicy({ policy_uuid: pk }, house.asUser(tenant, other)), { code: 'NOT_FOUND' });
    await refusal(policies.getPolicy({ policy_uuid: pk }, house.asUser(DEFAULT_TENANT, alice)), {
      code: 'PERMISSION_DENIED',
    });
  });

  it('refuse a criterion that nothing can meet', async () => {
    const empty = { name: randomUUID(), action: '', client_ip: '' };
    await refusal(eventMatchers.createEventMatcherPolicy({ event_matcher_policy: empty }, as), {
      violations: [{ reason: 'string.in' }, { reason: 'string.min_len' }],
    });
  });
});

describe('bindings', () => {
  it('name exactly one of a policy, a group and a user', async () => {
    const { pk } = await aFlow();
    const policy = await aDummy();
    await refusal(bind(pk, {}), { reason: 'NO_SUBJECT' });
    await refusal(bind(pk, { policy: policy.pk, user: alice.pk }), { reason: 'ONE_SUBJECT_ONLY' });
    const bound = await bind(pk, { policy: policy.pk });
    const patch = { policy_binding_uuid: bound.pk, policy_binding: { user: alice.pk }, update_mask: ['user'] };
    expect(await policyBindings.updatePolicyBinding(patch, as)).toMatchObject({
      policy: undefined,
      user: alice.pk,
      user_obj: { username: 'alice' },
    });
    const clear = { policy_binding_uuid: bound.pk, policy_binding: {}, update_mask: ['user'] };
    await refusal(policyBindings.updatePolicyBinding(clear, as), { reason: 'NO_SUBJECT' });
  });

  it('refuse targets and policies that do not exist, and the same policy twice at one place', async () => {
    const policy = await aDummy();
    const unknown = randomUUID();
    await refusal(bind(unknown, { policy: policy.pk }), { violations: [{ field: 'target' }] });
    const flow = await aFlow();
    await refusal(bind(flow.pk, { policy: unknown }), { violations: [{ field: 'policy' }] });
    await bind(flow.pk, { policy: policy.pk });
    await refusal(bind(flow.pk, { policy: policy.pk }), { reason: 'POLICY_BOUND_ALREADY' });
  });

  it('know a flow by its own key and by the one of its policies, and go with it', async () => {
    const flow = await aFlow();
    const policy = await aDummy();
    const bound = await bind(flow.policybindingmodel_ptr_id, { policy: policy.pk });
    expect(bound.target).toBe(flow.pk);
    for (const target of [flow.pk, flow.policybindingmodel_ptr_id]) {
      expect((await policyBindings.listPolicyBindings({ target }, as)).results).toMatchObject([{ pk: bound.pk }]);
      expect((await policyBindings.listPolicyBindings({ target_in: [target] }, as)).results).toHaveLength(1);
    }
    await flows.deleteFlow({ slug: flow.slug }, as);
    await refusal(policyBindings.getPolicyBinding({ policy_binding_uuid: bound.pk }, as), { code: 'NOT_FOUND' });
  });
});

describe('evaluation', () => {
  it('is for services only', async () => {
    await refusal(evaluation.evaluate({ targets: [randomUUID()] }, as), { code: 'PERMISSION_DENIED' });
  });

  it('passes where nothing enabled is bound, and says so', async () => {
    const flow = await aFlow();
    await bind(flow.pk, { policy: (await aDummy({ result: false })).pk, enabled: false });
    expect(await decide(flow.pk)).toMatchObject({ passing: true, bound: 0 });
  });

  it('says which binding decided, and why', async () => {
    const flow = await aFlow();
    const refusing = await aDummy({ result: false });
    await bind(flow.pk, { policy: refusing.pk });
    await bind(flow.pk, { user: alice.pk, order: 1 });
    expect(await decide(flow.pk, { user_pk: alice.pk })).toMatchObject({
      passing: true,
      messages: ['dummy'],
      trace: [
        { kind: 'policy', name: refusing.name, outcome: 'failed', decided: false },
        { kind: 'user', subject: String(alice.pk), outcome: 'passed', decided: true },
      ],
    });
    expect(await decide(flow.pk, { user_pk: admin.pk })).toMatchObject({ passing: false });
    expect(await decide(flow.pk, { mode: 'all', user_pk: alice.pk })).toMatchObject({ passing: false });
  });

  it('counts members of a group', async () => {
    const flow = await aFlow();
    const staff = house.people.addGroup('staff');
    const bob = house.people.add(DEFAULT_TENANT, 'bob', { groups_obj: [{ ...staff, parent_name: undefined }] });
    await bind(flow.pk, { group: staff.pk });
    expect(await decide(flow.pk, { user_pk: bob.pk })).toMatchObject({ passing: true });
    expect(await decide(flow.pk, { user_pk: alice.pk })).toMatchObject({ passing: false });
    expect(await decide(flow.pk)).toMatchObject({ passing: false });
  });

  it.each([
    [{ action: 'login' }, { action: 'login' }, true, ['Action matched.']],
    [
      { action: 'login', app: 'authentik.events' },
      { action: 'x', app: 'authentik.events' },
      true,
      ['Action matched.', 'App matched.'],
    ],
    [{ client_ip: '192.0.2.1' }, { client_ip: '192.0.2.2' }, false, ['Client IP matched.']],
    [
      { model: 'authentik_core.user' },
      { context: { model: { app: 'authentik_core', model_name: 'user' } } },
      true,
      ['Model matched.'],
    ],
    [{}, { action: 'login' }, false, []],
  ])('matches %j with the event %j: %s', async (criteria, event, passing, messages) => {
    const flow = await aFlow();
    const policy = { name: randomUUID(), ...criteria };
    const { pk } = await eventMatchers.createEventMatcherPolicy({ event_matcher_policy: policy }, as);
    await bind(flow.pk, { policy: pk });
    expect(await decide(flow.pk, { context: { event } })).toMatchObject({ passing, messages });
    expect(await decide(flow.pk)).toMatchObject({ passing: false, messages: [] });
  });

  it('says of many cases at once which targets they meet, bound ones alone', async () => {
    const [matched, unbound, personal] = [await aFlow(), await aFlow(), await aFlow()];
    const policy = { name: randomUUID(), action: 'login' };
    const { pk } = await eventMatchers.createEventMatcherPolicy({ event_matcher_policy: policy }, as);
    await bind(matched.pk, { policy: pk });
    await bind(personal.pk, { user: alice.pk });
    const cases = [
      { context: { event: { action: 'login' } }, user_pk: alice.pk },
      { context: { event: { action: 'logout' } }, user_pk: admin.pk },
      {},
    ];
    const asked = { targets: [matched.pk, unbound.pk, personal.pk], cases };
    await refusal(evaluation.match(asked, as), { code: 'PERMISSION_DENIED' });
    const { matches } = await evaluation.match(asked, service);
    expect(matches.map(({ targets }) => targets)).toEqual([[matched.pk, personal.pk], [], []]);
  });

  it('tells the audit log of executions that a policy wants told', async () => {
    const flow = await aFlow();
    const policy = await aDummy({ execution_logging: true });
    await bind(flow.pk, { policy: policy.pk });
    await decide(flow.pk, { user_pk: alice.pk, context: { api_key: 'secret', prompt_data: { a: 1 } } });
    const [told] = await house.published(DEFAULT_TENANT, 'auth.v1.event.recorded', events.EventRecorded, alice);
    expect(told?.payload).toMatchObject({
      action: 'policy_execution',
      app: 'authentik.policies.process',
      user: { username: 'alice' },
      context: {
        message: 'Policy Execution',
        policy_uuid: policy.pk.replaceAll('-', ''),
        result: { passing: true },
        request: { context: { api_key: '*'.repeat(20), prompt_data: { a: 1 } } },
      },
    });
  });
});

describe('expressions', () => {
  // The interpreter starts with the first expression, and on a busy machine takes its time.
  beforeAll(async () => {
    const policy = { expression_policy: { name: randomUUID(), expression: 'return True' } };
    await expressionPolicies.createExpressionPolicy(policy, as, { deadlineMs: 60_000 });
  }, 60_000);

  it('are refused when they do not compile, with the place', async () => {
    await refusal(anExpression('return ('), {
      violations: [{ field: 'expression', description: expect.stringContaining('Expression Syntax Error:') }],
    });
  });

  it('see the documented variables, and tell the person what they want told', async () => {
    const flow = await aFlow();
    const code = 'ak_message(f"Hello {request.user.username}")\nreturn context["event"]["action"] == "login"';
    await bind(flow.pk, { policy: (await anExpression(code)).pk });
    const asked = { user_pk: alice.pk, context: { event: { action: 'login' } } };
    expect(await decide(flow.pk, asked)).toMatchObject({ passing: true, messages: ['Hello alice'] });
  });

  it('deny when they raise, with an event that says where, and no word of it to the person', async () => {
    const flow = await aFlow();
    const carol = house.people.add(DEFAULT_TENANT, 'carol');
    const policy = await anExpression('x = 1\nreturn x.missing');
    const bound = await bind(flow.pk, { policy: policy.pk });
    expect(await decide(flow.pk, { user_pk: carol.pk })).toMatchObject({
      passing: false,
      unevaluated: true,
      messages: [],
      trace: [{ outcome: 'unevaluated', messages: [expect.stringContaining('missing')] }],
    });
    const [told] = await house.published(DEFAULT_TENANT, 'auth.v1.event.recorded', events.EventRecorded, carol);
    expect(told?.payload).toMatchObject({
      action: 'policy_exception',
      context: {
        line: 2,
        message: expect.stringContaining('AttributeError'),
        policy_uuid: policy.pk.replaceAll('-', ''),
      },
    });
    const change = { policy_binding_uuid: bound.pk, policy_binding: { failure_result: true } };
    await policyBindings.updatePolicyBinding({ ...change, update_mask: ['failure_result'] }, as);
    expect(await decide(flow.pk)).toMatchObject({ passing: true, trace: [{ outcome: 'raised' }] });
  });

  it('call other policies by name, and hand on what they leave in the context', async () => {
    const flow = await aFlow();
    const called = await aDummy();
    await bind(flow.pk, {
      policy: (await anExpression(`context["seen"] = 1\nreturn ak_call_policy("${called.name}").passing`)).pk,
    });
    await bind(flow.pk, { policy: (await anExpression('return context["seen"] == 1')).pk, order: 1 });
    expect(await decide(flow.pk, { mode: 'all' })).toMatchObject({ passing: true });
  });

  it('share context and plan with the expressions they call', async () => {
    const slug = randomUUID();
    const flow = await flows.createFlow({ flow: { ...FLOW, slug } }, as);
    const inner = await anExpression(
      'plan = context["flow_plan"].context\ncontext["found"] = plan["deny_message"]\nplan["deny_message"] = "told by the inner"\nreturn context["given"] == 7',
    );
    const outer = `plan = context["flow_plan"].context
plan["deny_message"] = "told by the outer"
passing = ak_call_policy("${inner.name}", given=7).passing
ak_message(context["found"] + ", " + plan["deny_message"] + ", " + str(context["given"]))
return not passing`;
    await bind(flow.pk, { policy: (await anExpression(outer)).pk });
    const answer = await house.browser(DEFAULT_TENANT).call(slug);
    expect(answer).toMatchObject({ error_message: 'told by the outer, told by the inner, 7' });
  });

  it('know what they are bound to', async () => {
    const flow = await aFlow();
    const code = 'ak_message(f"{request.obj.slug} {request.obj.designation} {request.obj}")\nreturn True';
    await bind(flow.pk, { policy: (await anExpression(code)).pk });
    const told = await decide(flow.pk);
    expect(told?.messages[0]).toMatch(new RegExp(`^${flow.slug} enrollment `));
  });

  it('are tried on somebody without a word to the audit log', async () => {
    const policy = await anExpression('ak_logger.info("looked", a=1)\nreturn request.user.pk', {
      execution_logging: true,
    });
    const test = { policy_uuid: policy.pk, policy_test: { user: alice.pk, context: {} } };
    expect(await policies.testPolicy(test, as)).toMatchObject({ passing: true, log_messages: [{ event: 'looked' }] });
    const nobody = { ...test, policy_test: { user: 999_999, context: {} } };
    await refusal(policies.testPolicy(nobody, as), { violations: [{ field: 'user' }] });
    const about = encodeURIComponent(policy.name);
    const facts = await house.sql("select 1 from outbox where subject = $1 and envelope::text like '%' || $2 || '%'", [
      'auth.v1.event.recorded',
      Buffer.from(about).toString('hex'),
    ]);
    expect(facts).toEqual([]);
  });
});

it('evaluates what every tenant starts with, natively until its text changes', async () => {
  const { results } = await policies.listPolicies({ search: 'default-oobe-password-usable' }, as);
  const [open] = results;
  expect(open).toMatchObject({ bound_to: 1, component: 'ak-policy-expression-form' });
  const change = {
    policy_uuid: open?.pk,
    expression_policy: { expression: 'return True' },
    update_mask: ['expression'],
  };
  expect(await house.browser(DEFAULT_TENANT).call('initial-setup')).toMatchObject({
    component: 'ak-stage-access-denied',
  });
  await expressionPolicies.updateExpressionPolicy(change, as);
  expect(await house.browser(DEFAULT_TENANT).call('initial-setup')).toMatchObject({ component: 'ak-stage-prompt' });
});
