import { randomUUID } from 'node:crypto';
import type { ReceivedHead } from '@postern/rpc';
import { expect, it } from 'vitest';
import { aHouse, aPerson, asUser } from './flows.fixture.ts';

const house = await aHouse([aPerson('alice', { password: 'correct horse' })]);
const { flows, stages, bindings, identification, consent, prompts, promptStages, urls } = house.current();
const admin = asUser(house.tenant, true);
const flow = { name: 'Own', slug: 'own', title: 'Own', designation: 'authentication', layout: 'stacked' };
const face = { ...flow, policy_engine_mode: 'any', denied_action: 'message_continue', authentication: 'none' };

it('lets nobody look after flows who has no permission', async () => {
  await expect(flows.listFlows({}, asUser(house.tenant, false))).rejects.toMatchObject({ code: 'PERMISSION_DENIED' });
});

it('shows a tenant the flows it starts with, and another tenant none of them', async () => {
  const { results } = await flows.listFlows({}, admin);
  expect(results.map(({ slug }) => slug)).toEqual([
    'default-authentication-flow',
    'default-authenticator-static-setup',
    'default-authenticator-totp-setup',
    'default-authenticator-webauthn-setup',
    'default-invalidation-flow',
    'default-password-change',
    'default-provider-authorization-explicit-consent',
    'default-provider-authorization-implicit-consent',
    'default-user-settings-flow',
    'initial-setup',
  ]);
  expect(results[0]).toMatchObject({
    background: '/static/dist/assets/images/flow_background.jpg',
    export_url: '/api/v3/flows/instances/default-authentication-flow/export/',
    policies: [],
  });
  expect(results[0]?.stages).toHaveLength(4);
  expect((await flows.listFlows({}, asUser(randomUUID(), true))).results).toEqual([]);
});

it('creates, changes and deletes a flow, and refuses a slug that is taken', async () => {
  await flows.createFlow({ flow: face }, admin);
  await expect(flows.createFlow({ flow: face }, admin)).rejects.toMatchObject({
    violations: [{ field: 'slug', reason: 'FLOW_SLUG_TAKEN' }],
  });
  const changed = await flows.updateFlow({ slug: 'own', flow: { title: 'New' }, update_mask: ['title'] }, admin);
  expect(changed).toMatchObject({ title: 'New', name: 'Own' });
  await flows.setFlowBackgroundUrl({ slug: 'own', url: 'https://pictures.example/1.jpg' }, admin);
  expect(await flows.getFlow({ slug: 'own' }, admin)).toMatchObject({ background: 'https://pictures.example/1.jpg' });
  const stage = { name: 'asks', user_fields: ['username'], recovery_flow: changed.pk };
  const { pk } = await identification.createIdentificationStage({ identification_stage: stage }, admin);
  await flows.deleteFlow({ slug: 'own' }, admin);
  await expect(flows.getFlow({ slug: 'own' }, admin)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  const left = await identification.getIdentificationStage({ stage_uuid: pk }, admin);
  expect(left.recovery_flow).toBeUndefined();
});

it('keeps settings of a stage that an update does not name', async () => {
  const stage = { name: 'who', user_fields: ['email'], case_insensitive_matching: false, pretend_user_exists: true };
  const { pk } = await identification.createIdentificationStage({ identification_stage: stage }, admin);
  const update_mask = ['show_source_labels'];
  const patch = { stage_uuid: pk, identification_stage: { show_source_labels: true }, update_mask };
  expect(await identification.updateIdentificationStage(patch, admin)).toMatchObject({
    name: 'who',
    user_fields: ['email'],
    case_insensitive_matching: false,
    show_source_labels: true,
    meta_model_name: 'authentik_stages_identification.identificationstage',
  });
  const filter = { case_insensitive_matching: false };
  const { results } = await identification.listIdentificationStages(filter, admin);
  expect(results.map(({ name }) => name)).toEqual(['asks', 'who']);
});

it('refuses stages that make no sense, and names that any other stage has', async () => {
  const stage = { name: 'nothing to ask' };
  await expect(identification.createIdentificationStage({ identification_stage: stage }, admin)).rejects.toMatchObject({
    violations: [{ reason: 'NOTHING_TO_ASK' }],
  });
  const wrong = { name: 'c', mode: 'expiring', consent_expire_in: 'soon' };
  await expect(consent.createConsentStage({ consent_stage: wrong }, admin)).rejects.toMatchObject({
    violations: [
      { field: 'consent_expire_in', description: "soon is not in the correct format of 'hours=3;minutes=1'." },
    ],
  });
  const endless = { ...wrong, consent_expire_in: 'days=99999999' };
  await expect(consent.createConsentStage({ consent_stage: endless }, admin)).rejects.toMatchObject({
    violations: [{ field: 'consent_expire_in', description: 'days=99999999 is longer than a thousand years.' }],
  });
  const taken = { ...wrong, name: 'default-authentication-login', consent_expire_in: 'weeks=1' };
  await expect(consent.createConsentStage({ consent_stage: taken }, admin)).rejects.toMatchObject({
    violations: [{ field: 'name', reason: 'STAGE_NAME_TAKEN' }],
  });
});

it('finds a stage under its own kind only', async () => {
  const [login] = (await stages.listStages({ name: 'default-authentication-login' }, admin)).results;
  expect(login).toMatchObject({
    component: 'ak-stage-user-login-form',
    flow_set: [{ slug: 'default-authentication-flow' }, {}],
  });
  await expect(consent.getConsentStage({ stage_uuid: login?.pk }, admin)).rejects.toMatchObject({ code: 'NOT_FOUND' });
});

it('shows which stages ask a prompt, and takes a deleted prompt out of them', async () => {
  const { results } = await prompts.listPrompts({ search: 'initial-setup', field_key: 'password_repeat' }, admin);
  const [prompt] = results;
  expect(prompt?.promptstage_set).toMatchObject([{ name: 'stage-default-oobe-password' }]);
  const used = await prompts.listPromptUsedBy({ prompt_uuid: prompt?.pk }, admin);
  expect(used.items).toMatchObject([{ app: 'authentik_stages_prompt', name: 'stage-default-oobe-password' }]);
  await prompts.deletePrompt({ prompt_uuid: prompt?.pk }, admin);
  const left = await promptStages.listPromptStages({ name: 'stage-default-oobe-password' }, admin);
  expect(left.results[0]?.fields).toHaveLength(3);
});

it('refuses a binding that never asks its policies, and one that stands there already', async () => {
  const { results } = await bindings.listFlowStageBindings({ search: 'authentication-login' }, admin);
  const [binding] = results;
  expect(binding?.stage_obj?.name).toBe('default-authentication-login');
  const off = { fsb_uuid: binding?.pk, flow_stage_binding: { re_evaluate_policies: false, evaluate_on_plan: false } };
  await expect(
    bindings.updateFlowStageBinding({ ...off, update_mask: ['re_evaluate_policies', 'evaluate_on_plan'] }, admin),
  ).rejects.toMatchObject({ reason: 'NEVER_EVALUATED' });
  const again = { ...binding, re_evaluate_policies: true };
  await expect(bindings.createFlowStageBinding({ flow_stage_binding: again }, admin)).rejects.toMatchObject({
    reason: 'BINDING_EXISTS',
  });
});

it('finds bindings by the policies that decide about them', async () => {
  const { results } = await bindings.listFlowStageBindings({}, admin);
  const [bound] = results;
  const policy = randomUUID();
  await house.sql('insert into policy_binding (pk, tenant_id, target, policy, "order") values ($1, $2, $3, $4, 0)', [
    ...[randomUUID(), house.tenant, bound?.policybindingmodel_ptr_id, policy],
  ]);
  expect((await bindings.listFlowStageBindings({ policies: [randomUUID()] }, admin)).results).toEqual([]);
  const found = await bindings.listFlowStageBindings({ policies: [randomUUID(), policy] }, admin);
  expect(found.results.map(({ pk }) => pk)).toEqual([bound?.pk]);
});

it('sends browsers to the first flow that applies, and the root to the sign-in or the portal', async () => {
  const heads: ReceivedHead[] = [];
  const options = { onHead: (head: ReceivedHead) => void heads.push(head) };
  const anonymous = { context: { client: asUser(house.tenant, true, 'next=/x').context.client } };
  await urls.openDefaultFlow({ designation: 'authentication' }, anonymous, options);
  await urls.openRoot({}, anonymous, options);
  await urls.openRoot({}, admin, options);
  await urls.cancelFlow({}, admin, options);
  expect(heads.map(({ headers }) => headers.find(([name]) => name === 'location')?.[1])).toEqual([
    '/if/flow/default-authentication-flow/?next=/x',
    '/flows/-/default/authentication/?next=/',
    '/if/user/',
    '/flows/-/default/invalidation/',
  ]);
  await expect(urls.openDefaultFlow({ designation: 'enrollment' }, anonymous)).rejects.toMatchObject({
    code: 'NOT_FOUND',
  });
});

it('has entities that agree with its tables', async () => {
  expect(await house.db.checkSchema()).toEqual([]);
});
