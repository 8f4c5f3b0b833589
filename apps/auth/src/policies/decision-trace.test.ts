/** Why somebody was denied, as the audit log hears it. */

import { randomUUID } from 'node:crypto';
import { DEFAULT_TENANT } from '@postern/database';
import { events } from '@postern/proto';
import { expect, it } from 'vitest';
import { anAuth } from '../testing/auth.fixture.ts';
import { factsOf } from '../testing/directory.fixture.ts';

const house = await anAuth();
const admin = house.people.add(DEFAULT_TENANT, 'root', { superuser: true });
const as = house.asUser(DEFAULT_TENANT, admin);
const FLOW = {
  name: 'Settings',
  title: 'Settings',
  designation: 'stage_configuration',
  policy_engine_mode: 'all',
  layout: 'stacked',
  denied_action: 'message',
  authentication: 'none',
};

async function signedIn(username: string) {
  const person = house.people.add(DEFAULT_TENANT, username);
  const request = { user: factsOf(person), password: 'correct horse' };
  await house.credentials.setUserPassword(request, house.asService(DEFAULT_TENANT));
  const browser = house.browser(DEFAULT_TENANT);
  await browser.signIn(username, 'correct horse');
  return { person, browser };
}

const bind = (target: string, order: number, given: object) =>
  house.policyBindings.createPolicyBinding(
    { policy_binding: { target, order, enabled: true, timeout: 30, ...given } },
    as,
  );

const anExpression = async (name: string, expression: string) =>
  (await house.expressionPolicies.createExpressionPolicy({ expression_policy: { name, expression } }, as)).pk;

const denials = async () =>
  (await house.published(DEFAULT_TENANT, 'auth.v1.event.recorded', events.EventRecorded))
    .map(({ payload }) => payload)
    .filter(({ context }) => context?.message === 'Access denied');

it('tells whom a flow denied, and which binding decided so', async () => {
  const slug = randomUUID();
  const flow = await house.flows.createFlow({ flow: { ...FLOW, slug } }, as);
  const staff = house.people.addGroup('staff');
  await bind(flow.pk, 0, {
    policy: await anExpression('office-hours', 'ak_message("Come back at nine.")\nreturn False'),
  });
  await bind(flow.pk, 1, { group: staff.pk, negate: true });
  const { person, browser } = await signedIn('ada');
  expect(await browser.call(slug)).toMatchObject({ error_message: 'Come back at nine.' });
  await expect.poll(denials).toHaveLength(1);
  const [denial] = await denials();
  expect(denial).toMatchObject({
    action: 'policy_execution',
    user: { pk: person.pk, username: 'ada' },
    context: {
      reason: 'Come back at nine.',
      object: { app: 'authentik_flows', model_name: 'flow', pk: flow.pk, name: slug },
      trace: [
        {
          ...{ guards: 'flow', of: 'Settings', mode: 'all', decision: 'denied', order: 0, kind: 'policy' },
          ...{
            name: 'office-hours',
            passing: false,
            outcome: 'failed',
            decided: true,
            messages: ['Come back at nine.'],
          },
        },
        { order: 1, kind: 'group', name: 'staff', negated: true, passing: true, outcome: 'passed', decided: false },
      ],
    },
  });
});

it('tells what an expression raised, which the person never sees', async () => {
  const slug = randomUUID();
  const flow = await house.flows.createFlow({ flow: { ...FLOW, slug } }, as);
  await bind(flow.pk, 0, { policy: await anExpression('broken', 'return context["nothing"]') });
  const { browser } = await signedIn('bea');
  expect(JSON.stringify(await browser.call(slug))).not.toMatch(/KeyError|nothing/);
  const about = async () => (await denials()).filter(({ user }) => user?.username === 'bea');
  await expect.poll(about).toHaveLength(1);
  expect((await about())[0]?.context?.trace).toMatchObject([
    { name: 'broken', outcome: 'unevaluated', decided: true, messages: [expect.stringContaining('nothing')] },
  ]);
});

it('tells nothing of strangers, whoever they say they are', async () => {
  const slug = randomUUID();
  const flow = await house.flows.createFlow({ flow: { ...FLOW, slug } }, as);
  await bind(flow.pk, 0, { policy: await anExpression('never', 'return False') });
  const before = (await denials()).length;
  expect(await house.browser(DEFAULT_TENANT).call(slug)).toMatchObject({ component: 'ak-stage-access-denied' });
  const { browser } = await signedIn('cleo');
  await browser.call(slug);
  await expect.poll(async () => (await denials()).length).toBe(before + 1);
});

it('tells what a service was refused for somebody, under the name of what they wanted, and nothing of lists', async () => {
  const { pk: target } = await house.flows.createFlow({ flow: { ...FLOW, slug: randomUUID() } }, as);
  const person = house.people.add(DEFAULT_TENANT, 'dora');
  await bind(target, 0, { user: admin.pk });
  const providers = house.asService(DEFAULT_TENANT, 'providers');
  const ask = (wanted?: object) =>
    house.evaluation.evaluate({ targets: [target], user_pk: person.pk, mode: 'any', wanted }, providers);
  expect((await ask()).decisions).toMatchObject([{ passing: false }]);
  await ask({ app: 'authentik_core', model_name: 'application', pk: target, name: 'Grafana' });
  const about = async () => (await denials()).filter(({ user }) => user?.username === 'dora');
  await expect.poll(about).toHaveLength(1);
  expect((await about())[0]?.context).toMatchObject({
    object: { app: 'authentik_core', model_name: 'application', name: 'Grafana' },
    trace: [{ guards: 'flow', of: 'Settings', kind: 'user', subject: String(admin.pk), decided: true }],
  });
});

it('decides about many at once, each in its own mode', async () => {
  const person = house.people.add(DEFAULT_TENANT, 'erin');
  const targets = await Promise.all(
    ['any', 'all'].map(async () => (await house.flows.createFlow({ flow: { ...FLOW, slug: randomUUID() } }, as)).pk),
  );
  for (const target of targets) {
    await bind(target, 0, { user: person.pk });
    await bind(target, 1, { user: admin.pk });
  }
  const request = { targets, user_pk: person.pk, all_of: targets.slice(1) };
  const { decisions } = await house.evaluation.evaluate(request, house.asService(DEFAULT_TENANT, 'providers'));
  expect(decisions.map(({ passing }) => passing)).toEqual([true, false]);
});
