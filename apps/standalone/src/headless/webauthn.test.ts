import { createSoftwareAuthenticator, type Deviation } from '@postern/testkit';
import { beforeEach, describe, expect, it } from 'vitest';
import { signedIn } from './factors.fixture.ts';
import { headlessHouse } from './headless-house.fixture.ts';
import { INVALID, made, optionsIn, PASSKEYS, PATH, passkeysOf, REQUIRED } from './passkeys.fixture.ts';

const house = await headlessHouse();
const withPasskey = passkeysOf(house);

beforeEach(async () => {
  await house.reset();
  await house.forgetRates();
  await house.set(PASSKEYS);
});

describe('passkeys of somebody', () => {
  it('are for whoever is signed in', async () => {
    for (const method of ['GET', 'POST', 'PUT', 'DELETE'])
      expect((await house.app().send(method, PATH, method === 'GET' ? undefined : {})).status).toBe(401);
  });

  it('are none where the tenant has none', async () => {
    await house.set({ mfa_supported_types: ['totp'] });
    const client = house.app();
    await signedIn(client, await house.person());
    expect((await client.get(PATH)).body).toEqual({ status: 404 });
    expect((await client.get('/auth/webauthn/login')).body).toEqual({ status: 404 });
  });

  it('are refused while an address is not verified', async () => {
    await house.set({ mfa_allow_unverified_email: false });
    const client = house.app();
    await signedIn(client, await house.person());
    await house.sql('update directory.email_address set verified = false');
    for (const { body } of [await client.get(PATH), await client.post(PATH, { credential: { id: 'x' } })])
      expect(body).toMatchObject({ status: 409, errors: [{ code: 'unverified_email' }] });
  });

  it('are asked for as browsers want it, a security key or a passkey', async () => {
    const client = house.app();
    const somebody = await house.person();
    await signedIn(client, somebody);
    const options = optionsIn((await client.get(PATH)).body);
    expect(Object.keys(options).sort()).toEqual([
      'authenticatorSelection',
      'challenge',
      'excludeCredentials',
      'extensions',
      'pubKeyCredParams',
      'rp',
      'user',
    ]);
    expect(options).toMatchObject({
      rp: { id: '127.0.0.1', name: expect.any(String) },
      user: { name: somebody.email, displayName: somebody.username, id: expect.any(String) },
      challenge: expect.stringMatching(/^[\w-]{43}$/),
      excludeCredentials: [],
      authenticatorSelection: {
        residentKey: 'discouraged',
        userVerification: 'discouraged',
        requireResidentKey: false,
      },
      extensions: { credProps: true },
    });
    expect(optionsIn((await client.get(`${PATH}?passwordless`)).body).authenticatorSelection).toEqual({
      residentKey: 'required',
      userVerification: 'required',
      requireResidentKey: true,
    });
  });

  it.each<[string, Deviation]>([
    ['of another origin', { origin: 'https://elsewhere.example' }],
    ['for another host', { rpId: 'elsewhere.example' }],
    ['to another challenge', { challenge: 'AAAA' }],
    ['that did not verify its user', { userVerified: false }],
  ])('are not kept %s', async (_what, deviation) => {
    const client = house.app();
    await signedIn(client, await house.person());
    const options = optionsIn((await client.get(`${PATH}?passwordless`)).body);
    const key = createSoftwareAuthenticator(house.url);
    const { body } = await client.post(PATH, { credential: made(key, options, deviation) });
    expect(body).toEqual({ status: 400, errors: [{ message: 'Incorrect code.', code: 'incorrect_code' }] });
  });

  it('are named, listed, renamed and removed', async () => {
    const { client, key, id } = await withPasskey();
    const shown = {
      type: 'webauthn',
      id,
      name: 'Master key',
      is_passwordless: true,
      created_at: expect.any(Number),
      last_used_at: null,
    };
    const listed = await client.get('/account/authenticators');
    expect(listed.body.data).toEqual([shown, expect.objectContaining({ type: 'recovery_codes' })]);

    const options = optionsIn((await client.get(PATH)).body);
    expect(options.excludeCredentials).toMatchObject([{ id: key.id, type: 'public-key' }]);
    const second = createSoftwareAuthenticator(house.url);
    const credential = JSON.stringify(second.create(options));
    const added = await client.post(PATH, { credential });
    expect(added.body).toEqual({
      status: 200,
      data: { ...shown, id: expect.any(Number), name: 'Backup key', is_passwordless: undefined },
      meta: { recovery_codes_generated: false },
    });
    expect((await client.post(PATH, { credential })).body.errors).toEqual([
      { message: 'Incorrect code.', code: 'incorrect_code' },
    ]);

    expect((await client.put(PATH, { id, name: 'Blue key' })).body).toEqual({
      status: 200,
      data: { ...shown, name: 'Blue key' },
    });
    expect((await client.put(PATH, { id: 0, name: 'x' })).body).toMatchObject({
      errors: [{ code: 'invalid_choice', param: 'id' }],
    });
    expect((await client.put(PATH, { id, name: 'x'.repeat(101) })).body).toMatchObject({
      errors: [{ code: 'max_length', param: 'name' }],
    });

    for (const [wanted, code] of [
      [undefined, 'required'],
      [[], 'required'],
      ['x', 'invalid_list'],
      [['x'], 'invalid_pk_value'],
      [[id, 0], 'invalid_choice'],
    ])
      expect((await client.remove(PATH, { authenticators: wanted })).body).toMatchObject({
        status: 400,
        errors: [{ code, param: 'authenticators' }],
      });
    const both = [id, Object(added.body.data).id];
    expect((await client.remove(PATH, { authenticators: both })).body).toEqual({ status: 200 });
    expect((await client.get('/account/authenticators')).body.data).toEqual([]);
  });

  it("are nobody else's to rename or remove, and not without showing again who one is", async () => {
    const { client, id } = await withPasskey();
    const { client: other } = await withPasskey();
    expect((await other.put(PATH, { id, name: 'mine' })).status).toBe(400);
    expect((await other.remove(PATH, { authenticators: [id] })).status).toBe(400);
    await house.set({ reauthentication_timeout: 0 });
    for (const reply of [
      await client.get(PATH),
      await client.post(PATH, { credential: { id: 'x' } }),
      await client.put(PATH, { id, name: 'x' }),
      await client.remove(PATH, { authenticators: [id] }),
    ])
      expect(reply.body).toMatchObject({ status: 401, meta: { is_authenticated: true } });
  });

  it.each([
    [{}, REQUIRED],
    [{ credential: {} }, REQUIRED],
    [{ credential: 'no json' }, INVALID],
    [{ credential: [1] }, INVALID],
  ])('are read from a credential: %j is none', async (body, problem) => {
    const { client } = await withPasskey();
    for (const path of [PATH, '/auth/webauthn/reauthenticate', '/auth/webauthn/login'])
      expect((await client.post(path, body)).body).toEqual({ status: 400, errors: [problem] });
  });
});
