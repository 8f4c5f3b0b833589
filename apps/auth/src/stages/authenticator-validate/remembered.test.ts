import { createSoftwareAuthenticator } from '@postern/testkit';
import { describe, expect, it } from 'vitest';
import { createMfaCookies } from './mfa.cookie.ts';
import { aGuardedHouse, errorsOf } from './validate.fixture.ts';

const house = await aGuardedHouse();
const HOUR = 3_600_000;
const HOURLY = await house.guarded('hourly', { last_auth_threshold: 'hours=1' });
const OTHER = await house.guarded('other', { last_auth_threshold: 'hours=1' });
const ASKED = 'ak-stage-authenticator-validate';
const DONE = 'ak-stage-dummy';

/** Somebody who has just proved a second factor in a browser. */
async function aProved() {
  const alice = await house.someone();
  const app = await house.anApp(alice);
  const { browser, answer } = await house.atStage(HOURLY, alice);
  expect((await answer({ code: app.code() })).challenge.component).toBe(DONE);
  const cookie = browser.jar.authentik_mfa ?? '';
  /** What a browser with this cookie sees. */
  const again = async (value: string, slug = HOURLY, person = alice) => {
    const other = house.browser();
    other.jar.authentik_mfa = value;
    return (await house.atStage(slug, person, other)).challenge.component ?? ASKED;
  };
  return { alice, app, cookie, again };
}

describe('a second factor that was proved a short while ago', () => {
  it('is asked again of a forged, foreign or older cookie, for another stage, person or device, and after its time', async () => {
    const { alice, app, cookie, again } = await aProved();
    const bob = await house.someone();
    await house.anApp(bob);
    const foreign = createMfaCookies({ secrets: ['another installation'], clock: () => house.clock.now() });
    const [stage] = await house.sql<{ pk: string }>("select pk from stage where name = 'hourly 2'");
    const proof = { device: app.device.pk, stage: stage?.pk ?? '' };
    const { value } = await foreign.mint(proof, { seconds: 60, scheme: 'https' });
    for (const one of ['', 'x', cookie.slice(0, -2), value]) expect(await again(one), one).toBe(ASKED);
    expect(await again(cookie, OTHER)).toBe(ASKED);
    expect(await again(cookie, HOURLY, bob)).toBe(ASKED);
    expect(await again(cookie)).toBe(DONE);
    await house.sql(
      'update stage set settings = settings || \'{"last_auth_threshold":"minutes=5"}\' where name = \'hourly 2\'',
    );
    expect(await again(cookie), 'the administrator made the time shorter').toBe(ASKED);
    await house.sql(
      'update stage set settings = settings || \'{"last_auth_threshold":"hours=1"}\' where name = \'hourly 2\'',
    );
    house.clock.advance(HOUR - 1000);
    expect(await again(cookie)).toBe(DONE);
    house.clock.advance(1000);
    expect(await again(cookie)).toBe(ASKED);
    house.clock.advance(-HOUR);
    await house.anApp(alice);
    await house.sql('delete from device where pk = $1', [app.device.pk]);
    expect(await again(cookie), 'its device is gone').toBe(ASKED);
  });

  it('is remembered in a cookie that no script reads, over https only where it came over https', async () => {
    const cookies = createMfaCookies({ secrets: ['new', 'old'], clock: () => new Date(0) });
    const proof = { device: 7, stage: '00000000-0000-4000-8000-000000000001' };
    const cookie = await cookies.mint(proof, { seconds: 60, scheme: 'https' });
    expect(cookie).toMatchObject({
      name: 'authentik_mfa',
      path: '/',
      httpOnly: true,
      secure: true,
      sameSite: 'lax',
      maxAge: 60,
    });
    expect((await cookies.mint(proof, { seconds: 60, scheme: 'http' })).secure).toBe(false);
    const [, claims = ''] = cookie.value.split('.');
    expect(JSON.parse(Buffer.from(claims, 'base64url').toString())).toEqual({
      device: 7,
      stage: '00000000000040008000000000000001',
      exp: 60,
    });
    const before = createMfaCookies({ secrets: ['old'], clock: () => new Date(0) });
    const { value } = await before.mint(proof, { seconds: 60, scheme: 'https' });
    expect(await cookies.read(value, proof.stage, 60)).toBe(7);
  });
});

describe('a passkey instead of a name', () => {
  const ORIGIN = 'https://id.example';

  it('is not asked of nobody in a flow that signs nobody in, and where the stage does not admit passkeys', async () => {
    await house.flow('no-passkeys', [
      { kind: 'authenticator_validate', settings: { device_classes: ['totp'], not_configured_action: 'deny' } },
    ]);
    expect((await house.browser().get('no-passkeys')).challenge.component).toBe('ak-stage-access-denied');
    await house.flow('enrolment', [{ kind: 'authenticator_validate', settings: { not_configured_action: 'deny' } }]);
    await house.sql("update flow set designation = 'enrollment' where slug = 'enrolment'");
    expect((await house.browser().get('enrolment')).challenge.component).toBe('ak-stage-access-denied');
  });

  it('signs its owner in; codes, and passkeys that nobody has, do not', async () => {
    const alice = await house.someone();
    const passkey = createSoftwareAuthenticator(ORIGIN);
    const LOGIN = { kind: 'user_login', settings: {} };
    await house.flow('set-up', [
      { kind: 'identification', settings: { user_fields: ['username'] } },
      { kind: 'password', settings: { backends: ['authentik.core.auth.InbuiltBackend'] } },
      { kind: 'authenticator_webauthn' },
    ]);
    const { challenge: registration, answer: register } = await house.atStage('set-up', alice);
    await register({ response: passkey.create(JSON.parse(JSON.stringify(registration.registration))) });
    await house.flow('passwordless', [{ kind: 'authenticator_validate', settings: {} }, LOGIN]);
    const browser = house.browser();
    const { challenge } = await browser.get('passwordless');
    const [asked] = JSON.parse(JSON.stringify(challenge.device_challenges));
    expect(asked).toMatchObject({ device_class: 'webauthn', device_uid: '-1', challenge: { allowCredentials: [] } });
    expect(errorsOf((await browser.post('passwordless', { code: '123456' })).challenge)).toEqual({
      code: ['No compatible device class allowed'],
    });
    const ask = async () =>
      JSON.parse(JSON.stringify((await browser.get('passwordless')).challenge.device_challenges))[0];
    const stranger = createSoftwareAuthenticator(ORIGIN);
    stranger.create(JSON.parse(JSON.stringify(registration.registration)));
    const foreign = await browser.post('passwordless', { webauthn: stranger.get((await ask()).challenge) });
    expect(errorsOf(foreign.challenge)).toEqual({ webauthn: ['Invalid device'] });
    const seen = await browser.post('passwordless', { webauthn: passkey.get((await ask()).challenge) });
    expect(seen.challenge).toMatchObject({ component: 'xak-flow-redirect', to: '/' });
    expect(house.sessions.get(browser.session ?? '')?.user?.pk).toBe(alice.pk);
  });
});
