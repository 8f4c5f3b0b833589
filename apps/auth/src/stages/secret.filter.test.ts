import { expect, it } from 'vitest';
import { aHouse, asUser } from '../flows/flows.fixture.ts';

const house = await aHouse([]);
const { smsStages } = house.current();
const admin = asUser(house.tenant, true);
const VIEW = 'authentik_stages_authenticator_sms.view_authenticatorsmsstage';
const CHANGE = 'authentik_stages_authenticator_sms.change_authenticatorsmsstage';

it('finds stages by a secret for those who may see it, and none for those who may not', async () => {
  const stage = { provider: 'generic', from_number: '1', account_sid: 'https://sms.example' };
  for (const auth of ['first', 'second']) {
    const made = { ...stage, name: auth, auth, auth_password: 'shared', auth_type: 'basic' };
    await smsStages.createAuthenticatorSmsStage({ authenticator_sms_stage: made }, admin);
  }
  const found = async (asked: object, as = admin) =>
    (await smsStages.listAuthenticatorSmsStages(asked, as)).results?.map(({ name }) => name);
  const reader = asUser(house.tenant, false, '', [VIEW]);
  expect(await found({ auth: 'first' }, reader)).toEqual([]);
  expect(await found({}, reader)).toEqual(['first', 'second']);
  expect(await found({ auth: 'first' }, asUser(house.tenant, false, '', [VIEW, CHANGE]))).toEqual(['first']);
  expect(await found({ auth: 'firs' })).toEqual([]);
  expect(await found({ auth_password: 'shared', ordering: '-name' })).toEqual(['second', 'first']);
  expect(await found({ auth: 'second', auth_password: 'shared' })).toEqual(['second']);
});
