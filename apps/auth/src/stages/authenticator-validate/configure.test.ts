import { events } from '@postern/proto';
import { describe, expect, it } from 'vitest';
import { asUser } from '../../flows/flows.fixture.ts';
import { aGuardedHouse, errorsOf } from './validate.fixture.ts';

const house = await aGuardedHouse();
const DENIED = 'ak-stage-access-denied';
const DONE = 'ak-stage-dummy';
const TOTP = 'ak-stage-authenticator-totp';

await house.flow('set-ups', [{ kind: 'authenticator_totp' }, { kind: 'authenticator_static' }]);
const [totp, codes] = await house.sql<{ pk: string; name: string }>(
  "select pk, name from stage where name like 'set-ups%' order by name",
);
const gone = '00000000-0000-4000-8000-000000000000';
const stagesOf = (...pks: (string | undefined)[]) => ({
  not_configured_action: 'configure',
  configuration_stages: pks.map((pk) => pk ?? ''),
});
await house.guarded('skip');
await house.guarded('deny', { not_configured_action: 'deny' });
await house.guarded('none', stagesOf(gone));
await house.guarded('one', stagesOf(gone, totp?.pk));
await house.guarded('two', stagesOf(totp?.pk, codes?.pk));
const NAME = { kind: 'identification', settings: { user_fields: ['username'] } };
for (const [slug, settings] of [
  ['early-deny', { not_configured_action: 'deny' }],
  ['early-one', stagesOf(totp?.pk)],
  ['early-two', stagesOf(totp?.pk, codes?.pk)],
] as const) {
  await house.flow(slug, [NAME, { kind: 'authenticator_validate', settings }, { kind: 'dummy' }]);
}

describe('somebody without a device', () => {
  it('passes, or is denied, as the stage says', async () => {
    const alice = await house.someone();
    expect((await house.atStage('skip', alice)).challenge.component).toBe(DONE);
    expect((await house.atStage('deny', alice)).challenge).toMatchObject({
      component: DENIED,
      error_message: 'No (allowed) MFA authenticator configured.',
    });
  });

  it('is denied where no stage is there to set one up, and administrators read of it', async () => {
    expect((await house.atStage('none', await house.someone())).challenge.component).toBe(DENIED);
    const told = await house.sql<{ envelope: Uint8Array }>(
      "select envelope from outbox where subject = 'auth.v1.event.recorded'",
    );
    const recorded = told.map(({ envelope }) => events.EventRecorded.decode(events.Envelope.decode(envelope).payload));
    const [problem] = recorded.filter(({ action }) => action === 'configuration_error');
    expect(problem?.context).toMatchObject({ message: expect.stringContaining('no configuration flow is set') });
  });

  it('sets one up in the only stage there is, and is not asked again', async () => {
    const alice = await house.someone();
    const { challenge, answer } = await house.atStage('one', alice);
    expect(challenge.config_url).toMatch(/^otpauth:/);
    expect((await answer({ code: '000000' })).challenge.config_url).toBe(challenge.config_url);
    expect((await answer({ component: 'ak-stage-authenticator-validate' })).challenge.component).toBe(TOTP);
    expect(await house.store.ofUser(house.tenant, alice.pk)).toEqual([]);
  });

  it('chooses among several, and nothing else', async () => {
    const { challenge, answer } = await house.atStage('two', await house.someone());
    expect(challenge).toMatchObject({
      device_challenges: [],
      configuration_stages: [
        {
          pk: totp?.pk,
          name: totp?.name,
          verbose_name: 'TOTP Authenticator Setup Stage',
          meta_model_name: 'authentik_stages_authenticator_totp.authenticatortotpstage',
        },
        { pk: codes?.pk },
      ],
    });
    const wrong = { selected_stage: ['Selected stage is invalid'] };
    expect(errorsOf((await answer({ selected_stage: gone })).challenge)).toEqual(wrong);
    expect(errorsOf((await answer({ code: '000000' })).challenge)).toEqual({
      code: ['No compatible device class allowed'],
    });
    const chosen = await answer({ selected_stage: codes?.pk ?? '' });
    expect(chosen.challenge.codes).toHaveLength(6);
    expect((await answer({ component: 'ak-stage-authenticator-static' })).challenge.component).toBe(DONE);
  });
});

it('sets no second device up for somebody who has one', async () => {
  const alice = await house.someone();
  await house.anApp(alice);
  for (const slug of ['one', 'two']) {
    const { answer } = await house.atStage(slug, alice);
    const { challenge } = await answer({ selected_stage: totp?.pk ?? '' });
    expect(errorsOf(challenge)).toEqual({ selected_stage: ['Selected stage is invalid'] });
    expect(challenge.device_challenges).toHaveLength(1);
  }
});

it.each(['early-deny', 'early-one', 'early-two'])(
  'answers a name that nobody has like that of somebody without a device (%s)',
  async (slug) => {
    const alice = await house.someone('without-devices');
    const walk = async (uid_field: string) => {
      const browser = house.browser();
      await browser.get(slug);
      const seen = [(await browser.post(slug, { uid_field })).challenge];
      seen.push((await browser.post(slug, { selected_stage: totp?.pk ?? '' })).challenge);
      return JSON.stringify(seen).replaceAll(uid_field, 'NAME');
    };
    const [known, unknown] = [await walk(alice.username), await walk('nobody-has-this')];
    expect(unknown).toBe(known);
    expect(known).not.toContain('otpauth:');
    await house.sql('delete from account where pk = $1', [alice.pk]);
    house.people.splice(house.people.indexOf(alice), 1);
  },
);

it('refuses to be saved without a stage to set devices up in, and with a time that is none', async () => {
  const create = (given: object) =>
    house.current().validateStages.createAuthenticatorValidateStage(
      {
        authenticator_validate_stage: {
          name: JSON.stringify(given),
          not_configured_action: 'skip',
          last_auth_threshold: 'seconds=0',
          webauthn_user_verification: 'preferred',
          ...given,
        },
      },
      asUser(house.tenant, true),
    );
  await expect(create({ not_configured_action: 'configure' })).rejects.toMatchObject({
    violations: [{ field: 'not_configured_action', description: expect.stringContaining('"Configure"') }],
  });
  await expect(create({ last_auth_threshold: 'soon' })).rejects.toMatchObject({
    violations: [{ field: 'last_auth_threshold' }],
  });
  expect(await create({ device_classes: ['totp', 'static'] })).toMatchObject({ device_classes: ['totp', 'static'] });
});

it('lets go of a stage that is deleted', async () => {
  const admin = asUser(house.tenant, true);
  await house.flow('short-lived', [{ kind: 'authenticator_totp' }]);
  const [stage] = await house.sql<{ pk: string }>("select pk from stage where name like 'short-lived%'");
  await house.guarded('names-it', stagesOf(totp?.pk, stage?.pk));
  await house.current().stages.deleteStage({ stage_uuid: stage?.pk ?? '' }, admin);
  const [row] = await house.sql("select settings from stage where name = 'names-it 2'");
  expect(row).toMatchObject({ settings: { configuration_stages: [totp?.pk] } });
});
