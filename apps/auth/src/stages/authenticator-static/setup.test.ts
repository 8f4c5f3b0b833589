import { describe, expect, it } from 'vitest';
import { aHouse, aPerson, asUser } from '../../flows/flows.fixture.ts';

const alice = aPerson('alice', { password: 'correct horse' });
const house = await aHouse([alice]);
const IDENTIFICATION = { kind: 'identification', settings: { user_fields: ['username'] } };
const PASSWORD = { kind: 'password', settings: { backends: ['authentik.core.auth.InbuiltBackend'] } };
const SETUP = { kind: 'authenticator_static', settings: { token_count: 4, token_length: 10 } };
await house.flow('set-up', [IDENTIFICATION, PASSWORD, SETUP, { kind: 'dummy' }]);
await house.flow('named', [IDENTIFICATION, SETUP, { kind: 'dummy' }]);

async function anAsked() {
  const browser = house.browser();
  await browser.get('set-up');
  await browser.post('set-up', { uid_field: 'alice' });
  const { challenge } = await browser.post('set-up', { password: 'correct horse' });
  return { browser, codes: JSON.parse(JSON.stringify(challenge.codes)) as string[] };
}

const kept = () => house.sql('select 1 from device_code');

describe('setting up codes that work once', () => {
  it('is for somebody who proved who they are', async () => {
    for (const name of ['alice', 'mallory']) {
      const browser = house.browser();
      await browser.get('named');
      const { challenge } = await browser.post('named', { uid_field: name });
      expect(challenge).toMatchObject({ component: 'ak-stage-access-denied', error_message: 'No pending user.' });
    }
  });

  it('shows the same codes until they are confirmed, and keeps none before', async () => {
    const { browser, codes } = await anAsked();
    expect(codes).toHaveLength(4);
    expect(new Set(codes).size).toBe(4);
    for (const code of codes) expect(code).toMatch(/^[A-Za-z0-9]{10}$/);
    expect((await browser.get('set-up')).challenge.codes).toEqual(codes);
    expect((await browser.post('set-up', {})).challenge.codes, 'an empty answer').toEqual(codes);
    const plans = JSON.stringify(await house.sql('select plan::text from flow_plan'));
    for (const code of codes) expect(plans).not.toContain(code);
    expect(await kept()).toEqual([]);
  });

  it('keeps their hashes for a device of their owner; another set-up adds another one', async () => {
    for (const times of [1, 2]) {
      const { browser, codes } = await anAsked();
      const { challenge } = await browser.post('set-up', { component: 'ak-stage-authenticator-static' });
      expect(challenge.component).toBe('ak-stage-dummy');
      expect(await kept()).toHaveLength(4 * times);
      const rows = JSON.stringify(await house.sql('select code_hash from device_code'));
      for (const code of codes) expect(rows).not.toContain(code);
    }
    const devices = await house.sql("select name, user_pk from device where class = 'static'");
    expect(devices).toEqual([
      { name: 'Static Token', user_pk: alice.pk },
      { name: 'Static Token', user_pk: alice.pk },
    ]);
  });

  it.each([
    ['token_length', { token_length: 17 }, 16],
    ['token_length', { token_length: 0 }, 16],
    ['token_count', { token_count: 101 }, 100],
    ['token_count', { token_count: 63, token_length: 1 }, 62],
  ])('refuses settings with an impossible %s', async (field, given, most) => {
    const admin = asUser(house.tenant, true);
    const stage = { name: `impossible ${JSON.stringify(given)}`, token_count: 6, token_length: 12, ...given };
    const created = house
      .current()
      .staticStages.createAuthenticatorStaticStage({ authenticator_static_stage: stage }, admin);
    const description = `Ensure this value is between 1 and ${most}.`;
    await expect(created).rejects.toMatchObject({ code: 'INVALID_ARGUMENT', violations: [{ field, description }] });
  });
});
