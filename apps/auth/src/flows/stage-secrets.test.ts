import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { aHouse, asProviders, asUser } from './flows.fixture.ts';

const house = await aHouse([]);
const { captchas, smsStages, hidden, stages, flows } = house.current();
const admin = asUser(house.tenant, true);
const LABEL = 'authentik_stages_captcha.captchastage';
const captcha = {
  public_key: 'open',
  private_key: 'hush',
  js_url: 'https://js.example',
  api_url: 'https://api.example',
};

const kept = async (pk: string) => {
  const { values } = await hidden.readHiddenValues({ model: LABEL, keys: [pk] }, asProviders(house.tenant));
  return values.map(({ field, value }) => [field, value]);
};

it('answers a write-only secret to nobody but services of the platform, and keeps it sealed', async () => {
  const made = await captchas.createCaptchaStage({ captcha_stage: { name: 'captcha', ...captcha } }, admin);
  expect(made).toMatchObject({ public_key: 'open', private_key: '' });
  expect(await captchas.getCaptchaStage({ stage_uuid: made.pk }, admin)).toMatchObject({ private_key: '' });
  const { results } = await captchas.listCaptchaStages({ public_key: 'open' }, admin);
  expect(results).toMatchObject([{ name: 'captcha', private_key: '' }]);
  const asked = { model: LABEL, keys: [made.pk] };
  await expect(hidden.readHiddenValues(asked, admin)).rejects.toMatchObject({ code: 'PERMISSION_DENIED' });
  expect(await hidden.readHiddenValues(asked, asProviders(randomUUID()))).toEqual({ values: [] });
  expect(await kept(made.pk)).toEqual([['private_key', 'hush']]);
  const [row] = await house.sql<{ settings: object; secrets: string }>(
    'select settings, secrets from stage where pk = $1',
    [made.pk],
  );
  expect(row?.settings).not.toHaveProperty('private_key');
  expect(row?.secrets).toMatch(/^v1\./);
  const told = await house.sql("select 1 from outbox where position('hush'::bytea in envelope) > 0");
  expect(told).toEqual([]);
});

it('keeps a write-only secret that an update leaves out, and takes one that it names', async () => {
  const { pk } = await captchas.createCaptchaStage({ captcha_stage: { name: 'kept', ...captcha } }, admin);
  const put = { stage_uuid: pk, captcha_stage: { ...captcha, name: 'renamed', private_key: undefined } };
  await captchas.updateCaptchaStage({ ...put, update_mask: ['name', 'public_key'] }, admin);
  expect(await kept(pk)).toEqual([['private_key', 'hush']]);
  const patch = { stage_uuid: pk, captcha_stage: { private_key: 'other' }, update_mask: ['private_key'] };
  expect(await captchas.updateCaptchaStage(patch, admin)).toMatchObject({ name: 'renamed', private_key: '' });
  expect(await kept(pk)).toEqual([['private_key', 'other']]);
});

it('shows a readable secret to those who may change the stage, not to those who may look at it', async () => {
  const stage = {
    name: 'sms',
    provider: 'generic',
    from_number: '1',
    account_sid: 'https://sms.example',
    auth: 'hush',
  };
  const { pk } = await smsStages.createAuthenticatorSmsStage(
    { authenticator_sms_stage: { ...stage, auth_type: 'bearer' } },
    admin,
  );
  const model = 'authentik_stages_authenticator_sms';
  const reader = asUser(house.tenant, false, '', [`${model}.view_authenticatorsmsstage`]);
  expect(await smsStages.getAuthenticatorSmsStage({ stage_uuid: pk }, reader)).toMatchObject({ auth: '' });
  const writer = asUser(house.tenant, false, '', [
    `${model}.view_authenticatorsmsstage`,
    `${model}.change_authenticatorsmsstage`,
  ]);
  expect(await smsStages.getAuthenticatorSmsStage({ stage_uuid: pk }, writer)).toMatchObject({ auth: 'hush' });
});

it('shows people what they can set up for themselves, by kind, with where it begins', async () => {
  const [flow] = (await flows.listFlows({ slug: 'default-password-change' }, admin)).results;
  const sms = (await smsStages.listAuthenticatorSmsStages({}, admin)).results[0];
  const component = 'ak-user-settings-authenticator-sms';
  const own = { object_uid: sms?.pk, title: 'SMS Authenticator Setup Stage', component };
  const items = async () => (await stages.listStageUserSettings({}, asUser(house.tenant, false))).items;
  const mine = async () => (await items()).find(({ object_uid }) => object_uid === sms?.pk);
  expect(await mine()).toEqual({ ...own, configure_url: undefined });
  const kinds = (await items()).map((item) => item.component.replace('ak-user-settings-', ''));
  expect(kinds).toEqual([
    'authenticator-webauthn',
    'authenticator-sms',
    'authenticator-static',
    'authenticator-totp',
    'password',
  ]);
  const named = { friendly_name: 'Text messages', configure_flow: flow?.pk };
  const update = { stage_uuid: sms?.pk, authenticator_sms_stage: named, update_mask: Object.keys(named) };
  await smsStages.updateAuthenticatorSmsStage(update, admin);
  const configure_url = `/flows/-/configure/${sms?.pk}/`;
  expect(await mine()).toEqual({ ...own, title: 'Text messages', configure_url });
  // A password stage without a flow leads nowhere.
  await flows.deleteFlow({ slug: 'default-password-change' }, admin);
  expect((await items()).filter((item) => item.component === 'ak-user-settings-password')).toEqual([]);
  expect(await mine()).toEqual({ ...own, title: 'Text messages', configure_url: undefined });
});
