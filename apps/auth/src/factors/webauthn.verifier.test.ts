import { createSoftwareAuthenticator, type Deviation, type SoftwareAuthenticator } from '@postern/testkit';
import { describe, expect, it } from 'vitest';
import { aDeviceStore } from '../devices/devices.fixture.ts';
import type { Device, UserVerification } from '../devices/index.ts';
import { StageRefused } from '../plans/index.ts';
import { aDeviceVisit } from '../testing/device-visit.fixture.ts';
import { readRegistration } from './registration.verifier.ts';
import { relyingPartyOf } from './relying-party.ts';
import { createWebauthnVerifier } from './webauthn.verifier.ts';

const ORIGIN = 'https://id.example:8443';
const [ALICE, BOB] = [1, 2];
const UUIDS = ['00000000-0000-4000-8000-00000000000a', '00000000-0000-4000-8000-00000000000b'];
const { store, tenant, write, sql } = await aDeviceStore([ALICE, BOB]);
const verifier = createWebauthnVerifier({ devices: store });
const FAILED = { ok: false, errors: { webauthn: [{ string: 'Assertion failed', code: 'invalid' }] } };
const INVALID = { ok: false, errors: { webauthn: [{ string: 'Invalid device', code: 'invalid' }] } };

const visitOf = (webauthn_user_verification: UserVerification = 'preferred', host = 'id.example:8443') =>
  aDeviceVisit(tenant, { webauthn_user_verification }, { host });

/** Somebody with a passkey. */
async function aPasskey(user = ALICE) {
  const passkey = createSoftwareAuthenticator(ORIGIN);
  const uuid = UUIDS[user - 1] ?? '';
  const id = Buffer.from(uuid.replaceAll('-', '')).toString('base64url');
  const options = { rp: { id: 'id.example' }, user: { id }, challenge: 'c2V0LXVw' };
  const asked = {
    party: relyingPartyOf(visitOf()),
    challenge: 'c2V0LXVw',
    user: { pk: user, uuid },
    needsVerification: false,
  };
  const registered = await readRegistration(asked, JSON.parse(JSON.stringify(passkey.create(options))));
  if (!('device' in registered)) throw new Error(registered.failure);
  const device = { ...registered.device, name: 'WebAuthn Device' };
  await write((tx) => store.add(tx, device, visitOf().request));
  const kept = await store.byNaturalKey(tenant, 'webauthn', passkey.id);
  if (kept === undefined) throw new Error('the passkey was not kept');
  return { passkey, device: kept };
}

/** Asks for the passkeys of somebody and judges the answer. */
async function answered(
  passkey: SoftwareAuthenticator,
  owned: readonly Device[],
  deviation?: Deviation,
  uv?: UserVerification,
) {
  const asked = await verifier.challenge(visitOf(uv), owned);
  const answer = JSON.parse(JSON.stringify(passkey.get(asked?.challenge ?? {}, deviation)));
  return {
    answer,
    memory: asked?.memory ?? {},
    verdict: await verifier.verify(visitOf(uv), answer, owned, asked?.memory ?? {}),
  };
}

async function settle(verdict: Awaited<ReturnType<typeof answered>>['verdict']) {
  if (verdict.ok !== true) throw new Error(JSON.stringify(verdict));
  await write((tx) => verdict.effect(tx));
}

describe('a passkey as a second factor', () => {
  it.each<[string, Deviation]>([
    ['of another origin', { origin: 'https://id.example' }],
    ['made inside a foreign page', { crossOrigin: true }],
    ['for another relying party', { rpId: 'example' }],
    ['to another challenge', { challenge: 'AAAA' }],
    ['that is a registration', { type: 'webauthn.create' }],
    ['for somebody else', { userHandle: 'Ym9i' }],
  ])('refuses an assertion %s', async (_what, deviation) => {
    const { passkey, device } = await aPasskey();
    const { verdict } = await answered(passkey, [device], deviation);
    expect(verdict).toMatchObject({ ...FAILED, details: { device: { pk: device.pk, name: 'WebAuthn Device' } } });
  });

  it('refuses one without a challenge, and one that was asked of somebody else', async () => {
    const { passkey, device } = await aPasskey();
    const { answer, memory } = await answered(passkey, [device], { challenge: '' });
    expect(await verifier.verify(visitOf(), answer, [device], {})).toMatchObject(FAILED);
    expect(await verifier.verify(visitOf(), { ...answer, id: 7 }, [device], memory)).toEqual(INVALID);
    expect(await verifier.verify(visitOf(), 'text', [device], memory)).toEqual(INVALID);
  });

  it("answers to somebody else's passkey as to one that does not exist", async () => {
    const [own, other] = [await aPasskey(ALICE), await aPasskey(BOB)];
    const stranger = createSoftwareAuthenticator(ORIGIN);
    expect((await answered(other.passkey, [own.device])).verdict).toEqual(INVALID);
    expect((await answered(stranger, [own.device])).verdict).toEqual(INVALID);
  });

  it('refuses an unverified user where that is required, and lets them pass where it is not', async () => {
    const { passkey, device } = await aPasskey();
    expect((await answered(passkey, [device], { userVerified: false }, 'required')).verdict).toMatchObject(FAILED);
    expect((await answered(passkey, [device], { userVerified: false })).verdict).toMatchObject({ ok: true });
    expect((await answered(passkey, [device], {}, 'required')).verdict).toMatchObject({ ok: true });
  });

  it('refuses a counter that goes back or stands still, one after the other and at once', async () => {
    const { passkey, device } = await aPasskey();
    await settle((await answered(passkey, [device], { counter: 7 })).verdict);
    const [now] = await store.ofUser(tenant, ALICE).then((all) => all.filter(({ pk }) => pk === device.pk));
    if (now === undefined) throw new Error('the passkey is gone');
    expect(now.data).toMatchObject({ counter: 7 });
    expect(now.lastUsed).not.toBeNull();
    for (const counter of [0, 6, 7])
      expect((await answered(passkey, [now], { counter })).verdict).toMatchObject(FAILED);
    const [one, copy] = [
      await answered(passkey, [now], { counter: 8 }),
      await answered(passkey, [now], { counter: 8 }),
    ];
    await settle(one.verdict);
    await expect(settle(copy.verdict)).rejects.toBeInstanceOf(StageRefused);
  });

  it('takes any number of answers of an authenticator that does not count', async () => {
    const { passkey, device } = await aPasskey();
    for (let time = 0; time < 3; time += 1) await settle((await answered(passkey, [device], { counter: 0 })).verdict);
  });

  it('names all passkeys of a person, also those of other hosts', async () => {
    const [one, two] = [await aPasskey(), await aPasskey()];
    const asked = await verifier.challenge(visitOf('discouraged', 'other.example'), [one.device, two.device]);
    expect(asked).toMatchObject({
      device_uid: String(one.device.pk),
      challenge: {
        rpId: 'other.example',
        userVerification: 'discouraged',
        allowCredentials: [{ id: one.passkey.id, type: 'public-key' }, { id: two.passkey.id }],
      },
    });
  });
});

describe('a passkey instead of a name', () => {
  const { passwordless } = verifier;
  if (passwordless === undefined) throw new Error('there is no signing in without a name');

  it('refuses one that nobody has, one that is not confirmed, and one that does not say whom it is for', async () => {
    const { passkey, device } = await aPasskey();
    const asked = await passwordless.challenge(visitOf());
    expect(asked).toMatchObject({ device_uid: '-1', challenge: { allowCredentials: [] } });
    const answerOf = (one: SoftwareAuthenticator, deviation?: Deviation) =>
      JSON.parse(JSON.stringify(one.get(asked?.challenge ?? {}, deviation)));
    const judged = (answer: Record<string, string>) => passwordless.verify(visitOf(), answer, asked?.memory ?? {});
    expect(await judged(answerOf(createSoftwareAuthenticator(ORIGIN)))).toEqual(INVALID);
    expect(await judged(answerOf(passkey, { userHandle: '' }))).toMatchObject(FAILED);
    expect(await judged(answerOf(passkey))).toMatchObject({ ok: true, device: { user: ALICE } });
    await sql('update device set confirmed = false where pk = $1', [device.pk]);
    expect(await judged(answerOf(passkey))).toEqual(INVALID);
  });
});
