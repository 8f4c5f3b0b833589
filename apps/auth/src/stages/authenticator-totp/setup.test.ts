import { generateSync } from 'otplib';
import { describe, expect, it } from 'vitest';
import { aHouse, aPerson } from '../../flows/flows.fixture.ts';

const alice = aPerson('alice', { password: 'correct horse' });
const house = await aHouse([alice]);
const IDENTIFICATION = { kind: 'identification', settings: { user_fields: ['username'] } };
const PASSWORD = { kind: 'password', settings: { backends: ['authentik.core.auth.InbuiltBackend'] } };
await house.flow('set-up', [IDENTIFICATION, PASSWORD, { kind: 'authenticator_totp' }, { kind: 'dummy' }]);
await house.flow('set-up-8', [
  IDENTIFICATION,
  PASSWORD,
  { kind: 'authenticator_totp', settings: { digits: '8' } },
  { kind: 'dummy' },
]);
await house.flow('nobody', [{ kind: 'authenticator_totp' }, { kind: 'dummy' }]);
await house.flow('named', [IDENTIFICATION, { kind: 'authenticator_totp' }, { kind: 'dummy' }]);

/** Somebody who is asked to set an app up, and what the app is told. */
async function anAsked(flow = 'set-up') {
  const browser = house.browser();
  await browser.get(flow);
  await browser.post(flow, { uid_field: 'alice' });
  const { challenge } = await browser.post(flow, { password: 'correct horse' });
  expect(challenge.component ?? 'ak-stage-authenticator-totp').toBe('ak-stage-authenticator-totp');
  const url = String(challenge.config_url);
  const secret = /secret=([A-Z2-7]+)&/.exec(url)?.[1] ?? '';
  return { browser, url, secret, answer: (code: unknown) => browser.post(flow, { code: code as string }) };
}

const codeOf = (secret: string, digits: 6 | 8 = 6, secondsAgo = 0) =>
  generateSync({ secret, digits, epoch: Math.floor(Date.now() / 1000) - secondsAgo });

const devices = () => house.sql<{ data: object; secret: string }>("select * from device where class = 'totp'");

describe('setting up an authenticator app', () => {
  it('is for somebody who proved who they are: nobody, an unknown name and a name alone are denied alike', async () => {
    const denied = { component: 'ak-stage-access-denied', error_message: 'No pending user.' };
    expect((await house.browser().get('nobody')).challenge).toMatchObject(denied);
    for (const name of ['alice', 'mallory']) {
      const browser = house.browser();
      await browser.get('named');
      expect((await browser.post('named', { uid_field: name })).challenge).toMatchObject(denied);
    }
    expect(await devices()).toEqual([]);
  });

  it('refuses other codes and old ones, keeps the secret meanwhile, and no device', async () => {
    const { browser, url, secret, answer } = await anAsked();
    for (const wrong of [
      '000000',
      1,
      codeOf(secret, 6, 90),
      codeOf(secret, 6, -90),
      codeOf(secret, 8),
      '12345678901',
    ]) {
      const { challenge } = await answer(wrong);
      expect(challenge.response_errors).toEqual({
        code: { items: [{ string: 'Code does not match', code: 'invalid' }] },
      });
      expect(challenge.config_url).toBe(url);
    }
    const { challenge } = await answer('no number');
    expect(challenge.response_errors).toMatchObject({ code: { items: [{ string: 'A valid integer is required.' }] } });
    expect((await browser.get('set-up')).challenge.config_url).toBe(url);
    expect(await devices()).toEqual([]);
    const plans = await house.sql('select plan::text from flow_plan');
    expect(JSON.stringify(plans)).not.toContain(secret);
  });

  it('tells the app issuer, name, secret and digits, as apps read them', async () => {
    const { url, secret } = await anAsked();
    const issuer = 'Postern%20%26%20Co';
    expect(url).toBe(
      `otpauth://totp/${issuer}%3Aalice?secret=${secret}&algorithm=SHA1&digits=6&period=30&issuer=${issuer}`,
    );
    expect(secret).toHaveLength(32);
    expect((await anAsked('set-up-8')).url).toContain('&digits=8&');
  });

  it('keeps the device sealed, with the time step used', async () => {
    const { secret, answer } = await anAsked('set-up-8');
    const code = codeOf(secret, 8);
    expect((await answer(code)).challenge.component).toBe('ak-stage-dummy');
    const [device] = await devices();
    expect(device).toMatchObject({ name: 'TOTP Authenticator', confirmed: true, data: { digits: 8 } });
    expect(device).toMatchObject({ last_step: String(Math.floor(Date.now() / 30_000)) });
    expect(device?.secret).not.toContain(secret);
  });

  it('takes codes of numbers that lost their zeros, and of a clock that is one step slow', async () => {
    const { secret, answer } = await anAsked();
    expect((await answer(Number(codeOf(secret, 6, 30)))).challenge.component).toBe('ak-stage-dummy');
  });

  it('takes one of many answers at once', async () => {
    await house.sql('delete from device');
    const { secret, answer } = await anAsked();
    const code = codeOf(secret);
    await Promise.all(Array.from({ length: 10 }, () => answer(code)));
    expect(await devices()).toHaveLength(1);
  });
});
