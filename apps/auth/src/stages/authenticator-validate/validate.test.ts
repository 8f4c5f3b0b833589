import { describe, expect, it } from 'vitest';
import { aGuardedHouse, errorsOf } from './validate.fixture.ts';

const house = await aGuardedHouse();
const ALL = await house.guarded('all');
const ONLY_STATIC = await house.guarded('only-static', { device_classes: ['static'] });
const DONE = 'ak-stage-dummy';
const ASKED = 'ak-stage-authenticator-validate';
const INVALID = { code: ['Invalid Token'] };

describe('a code of an authenticator app', () => {
  it('is refused when it is wrong, too old, of another app, or nothing', async () => {
    const [alice, bob] = [await house.someone(), await house.someone()];
    const [{ code }, others] = [await house.anApp(alice), await house.anApp(bob)];
    for (const [answer, errors] of [
      [{}, { non_field_errors: ['Empty response'] }],
      [{ component: ASKED }, { non_field_errors: ['Empty response'] }],
      [{ code: null, webauthn: null }, { non_field_errors: ['Empty response'] }],
      [{ code: '000000' }, INVALID],
      [{ code: others.code() }, INVALID],
      [{ code: code(61) }, INVALID],
      [{ code: code(-61) }, INVALID],
      [{ webauthn: {} }, { webauthn: ['No compatible device class allowed'] }],
      [{ duo: 1 }, { duo: ['No compatible device class allowed'] }],
      [{ selected_stage: 'x' }, { selected_stage: ['Selected stage is invalid'] }],
    ] as const) {
      const { answer: post } = await house.atStage(ALL, alice);
      const { challenge } = await post(answer);
      expect(challenge.component, JSON.stringify(answer)).toBe(ASKED);
      expect(errorsOf(challenge), JSON.stringify(answer)).toEqual(errors);
      house.clock.advance(3_600_000);
    }
    const told = await house.failures(alice);
    expect(told).toHaveLength(4);
    expect(told[0]).toMatchObject({ device_class: 'totp', password: '' });
  });

  it('passes, once; its step and those before it are used for every browser', async () => {
    const alice = await house.someone();
    const { code, device } = await house.anApp(alice);
    const { challenge, answer } = await house.atStage(ALL, alice);
    expect(challenge).toMatchObject({
      device_challenges: [{ device_class: 'totp', device_uid: String(device.pk), challenge: {} }],
      configuration_stages: [],
    });
    expect((await answer({ code: `${code().slice(0, 3)} ${code().slice(3)}` })).challenge.component).toBe(DONE);
    for (const again of [code(), code(30)]) {
      const second = await house.atStage(ALL, alice);
      expect(errorsOf((await second.answer({ code: again })).challenge)).toEqual(INVALID);
    }
    house.clock.advance(30_000);
    const third = await house.atStage(ALL, alice);
    expect((await third.answer({ code: code() })).challenge.component).toBe(DONE);
  });

  it('passes exactly one of twenty browsers that give it at once', async () => {
    const alice = await house.someone();
    const { code } = await house.anApp(alice);
    const browsers = await Promise.all(Array.from({ length: 20 }, () => house.atStage(ALL, alice)));
    const now = code();
    const seen = await Promise.all(browsers.map(({ answer }) => answer({ code: now })));
    expect(seen.filter(({ challenge }) => challenge.component === DONE)).toHaveLength(1);
    for (const { challenge } of seen.filter((one) => one.challenge.component !== DONE)) {
      expect(errorsOf(challenge)).toEqual(INVALID);
    }
    const told = await house.failures(alice);
    expect(told).toHaveLength(19);
  }, 30_000);

  it('passes one of twenty answers of one browser', async () => {
    const alice = await house.someone();
    const { code } = await house.anApp(alice);
    const { answer, browser } = await house.atStage(ALL, alice);
    const now = code();
    await Promise.all(Array.from({ length: 20 }, () => answer({ code: now })));
    expect((await browser.get(ALL)).challenge.component).toBe(DONE);
    expect(await house.failures(alice)).toEqual([]);
  });

  it('is not looked at for 2^(n-1) seconds after n wrong ones, the right one neither', async () => {
    const alice = await house.someone();
    const { code } = await house.anApp(alice);
    const { answer } = await house.atStage(ALL, alice);
    for (const wait of [1, 2, 4]) {
      await answer({ code: '000000' });
      expect(errorsOf((await answer({ code: code() })).challenge)).toEqual(INVALID);
      house.clock.advance(wait * 1000);
    }
    expect((await answer({ code: code() })).challenge.component).toBe(DONE);
  });

  it('is judged for one of many that guess at once', async () => {
    const alice = await house.someone();
    const { code } = await house.anApp(alice);
    const guessers = await Promise.all(Array.from({ length: 10 }, () => house.atStage(ALL, alice)));
    await guessers[0]?.answer({ code: '000000' });
    const seen = await Promise.all(guessers.map(({ answer }) => answer({ code: code() })));
    expect(seen.filter(({ challenge }) => challenge.component === DONE)).toEqual([]);
  });
});

describe('classes of devices', () => {
  it('that the stage does not admit are neither asked nor heard', async () => {
    const alice = await house.someone();
    const { code } = await house.anApp(alice);
    await house.keep(alice, { class: 'static', name: 'codes', codes: ['once-only'] });
    const { challenge, answer } = await house.atStage(ONLY_STATIC, alice);
    expect(challenge.device_challenges).toMatchObject([{ device_class: 'static' }]);
    expect(errorsOf((await answer({ code: code() })).challenge)).toEqual(INVALID);
    expect((await house.failures(alice))[0]).toMatchObject({ device_class: 'static' });
    house.clock.advance(1_000);
    expect((await answer({ code: 'once-only' })).challenge.component).toBe(DONE);
  });

  it('are not punished for the right code of another', async () => {
    const alice = await house.someone();
    const { code } = await house.anApp(alice);
    await house.keep(alice, { class: 'static', name: 'codes', codes: ['once-only'] });
    const first = await house.atStage(ALL, alice);
    expect(first.challenge.device_challenges).toMatchObject([{ device_class: 'static' }, { device_class: 'totp' }]);
    expect((await first.answer({ code: code() })).challenge.component).toBe(DONE);
    const second = await house.atStage(ALL, alice);
    expect((await second.answer({ code: 'once-only' })).challenge.component).toBe(DONE);
  });

  it('keep a code that works once for one of ten browsers', async () => {
    const alice = await house.someone();
    await house.keep(alice, { class: 'static', name: 'codes', codes: ['once-only', 'another'] });
    const browsers = await Promise.all(Array.from({ length: 10 }, () => house.atStage(ALL, alice)));
    const seen = await Promise.all(browsers.map(({ answer }) => answer({ code: 'once-only' })));
    expect(seen.filter(({ challenge }) => challenge.component === DONE)).toHaveLength(1);
    house.clock.advance(60_000);
    const { answer } = await house.atStage(ALL, alice);
    expect(errorsOf((await answer({ code: 'ANOTHER' })).challenge)).toEqual(INVALID);
  });

  it('ask with confirmed devices only', async () => {
    const alice = await house.someone();
    await house.keep(alice, { class: 'totp', name: 'not yet', secret: 'JBSWY3DPEHPK3PXP', confirmed: false });
    expect((await house.atStage(ALL, alice)).challenge.component).toBe(DONE);
  });

  it('are chosen among those that were asked', async () => {
    const [alice, bob] = [await house.someone(), await house.someone()];
    const [own, other] = [await house.anApp(alice), await house.anApp(bob)];
    const { answer } = await house.atStage(ALL, alice);
    const choose = async (device_class: string, uid: number) => {
      const selected_challenge = { device_class, device_uid: String(uid), challenge: {} };
      return errorsOf((await answer({ selected_challenge })).challenge);
    };
    const refused = { selected_challenge: ['invalid challenge selected'] };
    expect(await choose('totp', other.device.pk)).toEqual(refused);
    expect(await choose('sms', own.device.pk)).toEqual(refused);
    expect(await choose('__proto__', own.device.pk)).toEqual(refused);
    expect(await choose('totp', own.device.pk)).toEqual({ non_field_errors: ['Empty response'] });
    const selected_challenge = { device_class: 'totp', device_uid: String(own.device.pk), challenge: {} };
    expect((await answer({ selected_challenge, code: own.code() })).challenge.component).toBe(DONE);
  });

  it('may be chosen where a wrong answer begins the flow anew: a choice is no answer', async () => {
    await house.guarded('strict', {}, { invalid_response_action: 'restart' });
    const alice = await house.someone();
    const { device } = await house.anApp(alice);
    const { answer } = await house.atStage('strict', alice);
    const selected_challenge = { device_class: 'totp', device_uid: String(device.pk), challenge: {} };
    expect((await answer({ selected_challenge })).challenge.component).toBe('ak-stage-authenticator-validate');
    expect((await answer({ code: '000000' })).challenge.component).toBe('ak-stage-identification');
  });
});

it('adds the device to how somebody signed in, and leaves that what it was', async () => {
  const alice = await house.someone();
  const { code, device } = await house.anApp(alice);
  const { answer, browser } = await house.atStage(ALL, alice);
  await answer({ code: code() });
  const [row] = await house.sql<{ plan: { context: object } }>('select plan from flow_plan where session = $1', [
    browser.session,
  ]);
  const mfa_device = {
    app: 'authentik_stages_authenticator_totp',
    model_name: 'totpdevice',
    pk: device.pk,
    name: 'app',
  };
  expect(row?.plan.context).toMatchObject({
    auth_method: 'password',
    auth_method_args: { mfa_devices: [mfa_device] },
  });
});
