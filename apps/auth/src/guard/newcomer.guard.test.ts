import { auth as api } from '@postern/proto';
import { aTenant } from '@postern/testkit';
import { expect, it } from 'vitest';
import { anAuth, refusal } from '../testing/auth.fixture.ts';

const house = await anAuth();
const { people, asUser, userWriteStages, invitations, flows, captchaStages } = house;

const PERMISSIONS = [
  'authentik_stages_user_write.add_userwritestage',
  'authentik_stages_user_write.change_userwritestage',
  'authentik_stages_invitation.add_invitation',
  'authentik_flows.add_flow',
  'authentik_stages_captcha.add_captchastage',
  'authentik_stages_captcha.change_captchastage',
];
const RIGHT = 'authentik_core.view_user';
const BEYOND = { code: 'PERMISSION_DENIED', reason: 'RIGHTS_BEYOND_YOURS' };

/** A tenant with somebody who may change flows, and a group that gives something. */
function aTown(more: string[] = []) {
  const { tenant } = aTenant();
  const boss = asUser(tenant, people.add(tenant, 'boss', { superuser: true }));
  const person = people.add(tenant, 'clerk', { permissions: [...PERMISSIONS, ...more] });
  const clerk = asUser(tenant, person);
  const [giving, plain] = [people.addGroup('giving'), people.addGroup('plain')];
  people.groupRights.set(giving.pk, [RIGHT]);
  return { tenant, person, boss, clerk, giving: giving.pk, plain: plain.pk };
}

const stage = (name: string, create_users_group: string) => {
  const given = { user_creation_mode: 'always_create', user_type: 'internal', name, create_users_group };
  return { user_write_stage: given };
};
const flow = (slug: string) => ({
  flow: {
    ...api.Flow.fromPartial({ name: slug, slug, title: slug, designation: 'enrollment' }),
    ...{ policy_engine_mode: 'any', layout: 'stacked', denied_action: 'message', authentication: 'none' },
  },
});

it('lets nobody make newcomers members of a group that gives more than they have', async () => {
  const { clerk, giving, plain } = aTown();
  await refusal(userWriteStages.createUserWriteStage(stage('one', giving), clerk), {
    ...BEYOND,
    metadata: { permission: RIGHT },
  });
  const { pk: stage_uuid } = await userWriteStages.createUserWriteStage(stage('two', plain), clerk);
  const change = { stage_uuid, ...stage('two', giving), update_mask: ['create_users_group'] };
  await refusal(userWriteStages.updateUserWriteStage(change, clerk), BEYOND);
  const holder = aTown([RIGHT]);
  await userWriteStages.createUserWriteStage(stage('one', holder.giving), holder.clerk);
});

it('takes what such a group gives to change flows and to invite, while there is one', async () => {
  const { tenant, person, boss, clerk, giving } = aTown();
  await house.tell(tenant, 'created', person);
  await expect.poll(() => house.sql('select from account where pk = $1', [person.pk])).toHaveLength(1);
  const { pk } = await flows.createFlow(flow('join'), clerk);
  const { pk: stage_uuid } = await userWriteStages.createUserWriteStage(stage('giving', giving), boss);
  const invite = (name: string) => invitations.createInvitation({ invitation: { name, flow: pk } }, clerk);
  await refusal(invite('one'), BEYOND);
  await refusal(flows.createFlow(flow('other'), clerk), BEYOND);
  // Nobody takes it away to come by again, either.
  const change = { stage_uuid, user_write_stage: {}, update_mask: ['create_users_group'] };
  await refusal(userWriteStages.updateUserWriteStage(change, clerk), BEYOND);
  await userWriteStages.updateUserWriteStage(change, boss);
  await invite('two');
});

it('leaves to superusers which programs run in the page', async () => {
  const { clerk } = aTown();
  const robot = { name: 'robot', public_key: 'x', private_key: 'x', ...WHOLE_CAPTCHA };
  const { pk: stage_uuid } = await captchaStages.createCaptchaStage({ captcha_stage: robot }, clerk);
  const rename = { stage_uuid, captcha_stage: { ...robot, name: 'renamed' } };
  expect((await captchaStages.updateCaptchaStage(rename, clerk)).name).toBe('renamed');
  const other = { stage_uuid, captcha_stage: { ...robot, js_url: 'https://evil.example.org/' } };
  await refusal(captchaStages.updateCaptchaStage(other, clerk), BEYOND);
});

const WHOLE_CAPTCHA = {
  js_url: 'https://www.recaptcha.net/recaptcha/api.js',
  api_url: 'https://www.recaptcha.net/recaptcha/api/siteverify',
};
