/** The kinds that look at what the login service keeps: the age of passwords and the record of sign-ins. */

import { randomUUID } from 'node:crypto';
import { DEFAULT_TENANT } from '@postern/database';
import { events } from '@postern/proto';
import { expect, it } from 'vitest';
import { anAuth, refusal } from '../testing/auth.fixture.ts';
import { factsOf } from '../testing/directory.fixture.ts';

const house = await anAuth();
const admin = house.people.add(DEFAULT_TENANT, 'root', { superuser: true });
const as = house.asUser(DEFAULT_TENANT, admin);
const service = house.asService(DEFAULT_TENANT, 'providers');
const FLOW = { name: 'f', title: 'f', designation: 'enrollment', policy_engine_mode: 'any', layout: 'stacked' };

async function guardedBy(policy: string): Promise<string> {
  const flow = { ...FLOW, slug: randomUUID(), denied_action: 'message', authentication: 'none' };
  const { pk } = await house.flows.createFlow({ flow }, as);
  const policy_binding = { target: pk, policy, order: 0, enabled: true, timeout: 30 };
  await house.policyBindings.createPolicyBinding({ policy_binding }, as);
  return pk;
}

const decide = async (target: string, given: object = {}) =>
  (await house.evaluation.evaluate({ targets: [target], ...given }, service)).decisions[0];

it('takes a password out of use once it is too old, and goes on saying so', async () => {
  const alice = house.people.add(DEFAULT_TENANT, 'alice');
  await house.credentials.setUserPassword({ user: factsOf(alice), password: 'correct horse' }, service);
  const expiry = { name: randomUUID(), days: 30, deny_only: false };
  const { pk } = await house.expiryPolicies.createPasswordExpiryPolicy({ password_expiry_policy: expiry }, as);
  const lenient = { ...expiry, name: randomUUID(), deny_only: true };
  const denying = await house.expiryPolicies.createPasswordExpiryPolicy({ password_expiry_policy: lenient }, as);
  const [guarded, watched] = [await guardedBy(pk), await guardedBy(denying.pk)];
  expect(await decide(guarded, { user_pk: alice.pk })).toMatchObject({ passing: true });
  await house.sql("update password set changed = now() - interval '31 days 1 hour' where user_pk = $1", [alice.pk]);
  const test = { policy_uuid: pk, policy_test: { user: alice.pk } };
  const message = 'Password expired 1 days ago. Please update your password.';
  expect(await house.policies.testPolicy(test, as)).toMatchObject({ passing: false, messages: [message] });
  expect(await decide(watched, { user_pk: alice.pk })).toMatchObject({ messages: ['Password has expired.'] });
  expect(await house.browser(DEFAULT_TENANT).signIn('alice', 'correct horse')).toMatchObject({ to: '/' });
  for (const _ of ['first', 'again']) {
    expect(await decide(guarded, { user_pk: alice.pk })).toMatchObject({ passing: false, messages: [message] });
  }
  expect(await house.browser(DEFAULT_TENANT).signIn('alice', 'correct horse')).toMatchObject({
    component: 'ak-stage-password',
  });
  await house.credentials.setUserPassword({ user: factsOf(alice), password: 'another horse' }, service);
  expect(await decide(guarded, { user_pk: alice.pk })).toMatchObject({ passing: true });
});

it('has no fault with somebody who has no password', async () => {
  const bob = house.people.add(DEFAULT_TENANT, 'bob');
  const policy = { name: randomUUID(), days: 0 };
  const { pk } = await house.expiryPolicies.createPasswordExpiryPolicy({ password_expiry_policy: policy }, as);
  expect(await decide(await guardedBy(pk), { user_pk: bob.pk })).toMatchObject({ passing: true });
});

it('passes for an address with a bad record, until it is forgotten', async () => {
  const policy = { name: randomUUID(), check_ip: true, check_username: false, threshold: -2 };
  const { pk } = await house.reputationPolicies.createReputationPolicy({ reputation_policy: policy }, as);
  const guarded = await guardedBy(pk);
  const client = { address: '192.0.2.1' };
  expect(await decide(guarded, { client })).toMatchObject({ passing: false });
  const browser = house.browser(DEFAULT_TENANT);
  await browser.signIn('mallory', 'guess');
  await browser.call('default-authentication-flow', { password: 'guess again' });
  const score = async () => {
    const { results } = await house.reputations.listReputations({ identifier: 'mallory' }, as);
    return results[0]?.score;
  };
  await expect.poll(score).toBe(-2);
  expect(await decide(guarded, { client })).toMatchObject({ passing: true });
  expect(await decide(guarded, { client: { address: '192.0.2.9' } })).toMatchObject({ passing: false });
  await house.sql("update reputation set expires = now() - interval '1 hour'");
  expect(await decide(guarded, { client })).toMatchObject({ passing: false });
});

it('refuses a reputation policy that looks at nothing', async () => {
  const policy = { name: randomUUID(), check_ip: false, check_username: false, threshold: 0 };
  await refusal(house.reputationPolicies.createReputationPolicy({ reputation_policy: policy }, as), {
    violations: [{ description: 'Either IP or Username must be checked' }],
  });
});

it('judges what a prompt stage was told, and tells nobody the password', async () => {
  const rules = { name: randomUUID(), password_field: 'secret_word', length_min: 12, error_message: 'Too short.' };
  const given = { ...rules, check_static_rules: true, symbol_charset: '!', execution_logging: true };
  const { pk } = await house.passwordPolicies.createPasswordPolicy({ password_policy: given }, as);
  const slug = randomUUID();
  const flow = { ...FLOW, slug, denied_action: 'message', authentication: 'none' };
  const { pk: target } = await house.flows.createFlow({ flow }, as);
  const [prompt, stage] = [randomUUID(), randomUUID()];
  await house.sql(
    `insert into prompt (pk, tenant_id, name, field_key, label, type) values ($1, $2, $3, 'secret_word', 'New', 'password')`,
    [prompt, DEFAULT_TENANT, prompt],
  );
  const settings = JSON.stringify({ fields: [prompt], validation_policies: [pk] });
  await house.sql(`insert into stage (pk, tenant_id, kind, name, settings) values ($1, $2, 'prompt', $4, $3)`, [
    ...[stage, DEFAULT_TENANT, settings, stage],
  ]);
  await house.sql(
    `insert into flow_stage_binding (pk, tenant_id, policy_target, target, stage, "order") values ($1, $2, $3, $4, $5, 0)`,
    [randomUUID(), DEFAULT_TENANT, randomUUID(), target, stage],
  );
  expect(await house.policies.getPolicy({ policy_uuid: pk }, as)).toMatchObject({ bound_to: 1 });
  const browser = house.browser(DEFAULT_TENANT);
  await browser.call(slug);
  const refused = await browser.call(slug, { secret_word: 'hunter2' });
  expect(JSON.stringify(refused)).toContain('Too short.');
  expect(await browser.call(slug, { secret_word: 'a longer secret word' })).toMatchObject({ to: '/' });
  const told = await house.published(DEFAULT_TENANT, 'auth.v1.event.recorded', events.EventRecorded);
  expect(told.some(({ payload }) => payload.action === 'policy_execution')).toBe(true);
  expect(JSON.stringify(told)).not.toContain('hunter2');
  await house.policies.deletePolicy({ policy_uuid: pk }, as);
  const again = house.browser(DEFAULT_TENANT);
  await again.call(slug);
  expect(await again.call(slug, { secret_word: 'short' })).toMatchObject({ to: '/' });
});
