import { directory } from '@postern/proto';
import { asService } from '@postern/rpc';
import { createSoftwareAuthenticator, type Deviation } from '@postern/testkit';
import { beforeEach, describe, expect, it } from 'vitest';
import { type HeadlessClient, headlessHouse, type Json } from './headless-house.fixture.ts';

const house = await headlessHouse({ POSTERN_PASSWORDS__MEMORY_KIB: '1024', POSTERN_PASSWORDS__PASSES: '1' });
const PATH = '/account/authenticators/webauthn';

beforeEach(async () => {
  await house.reset();
  await house.forgetRates();
  await house.set({
    mfa_allow_unverified_email: true,
    mfa_passkey_login_enabled: true,
    mfa_passkey_signup_enabled: true,
    mfa_supported_types: ['recovery_codes', 'totp', 'webauthn'],
  });
});

type Somebody = Awaited<ReturnType<typeof house.person>>;

const REQUIRED = { message: 'This field is required.', code: 'required', param: 'credential' };
const INVALID = { message: 'Enter a valid JSON.', code: 'invalid', param: 'credential' };
const INCORRECT = { message: 'Incorrect code.', code: 'incorrect_code', param: 'credential' };

async function signedIn(client: HeadlessClient, { username, password }: Somebody) {
  return client.post('/auth/login', { username, password });
}

function optionsIn({ data }: Json): Json {
  const { creation_options, request_options } = Object(data);
  return Object(creation_options ?? request_options).publicKey;
}

/** A passkey that the browser says signs in alone. */
function made(key: ReturnType<typeof createSoftwareAuthenticator>, options: Json, deviation?: Deviation) {
  return { ...key.create(options, deviation), clientExtensionResults: { credProps: { rk: true } } };
}

/** Somebody who is signed in and has a passkey. */
async function withPasskey(kind: 'app' | 'browser' = 'app') {
  const somebody = await house.person();
  const client = house[kind]();
  await signedIn(client, somebody);
  const key = createSoftwareAuthenticator(house.url);
  const options = optionsIn((await client.get(`${PATH}?passwordless`)).body);
  const { body } = await client.post(PATH, { name: '', credential: made(key, options) });
  expect(body.status).toBe(200);
  return { somebody, client, key, id: Object(body.data).id };
}

function pendingOf({ data }: Json): unknown {
  const { flows } = Object(data);
  return Array.isArray(flows) ? flows.find(({ is_pending }) => is_pending) : undefined;
}

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

describe('a passkey as a second factor', () => {
  it('is asked for by a login alone', async () => {
    expect((await house.app().get('/auth/webauthn/authenticate')).status).toBe(401);
    expect((await house.app().post('/auth/webauthn/authenticate', {})).status).toBe(401);
  });

  it.each(['app', 'browser'] as const)('goes on with the login, once, as %s', async (kind) => {
    const { somebody, key, id } = await withPasskey(kind);
    const client = house[kind]();
    const waiting = await signedIn(client, somebody);
    expect(pendingOf(waiting.body)).toEqual({
      id: 'mfa_authenticate',
      is_pending: true,
      types: ['recovery_codes', 'webauthn'],
    });
    const post = (credential?: unknown) => client.post('/auth/webauthn/authenticate', { credential });
    expect((await post()).body.errors).toEqual([REQUIRED]);
    expect((await post({ id: key.id })).body.errors).toEqual([INCORRECT]);
    const asked = await client.get('/auth/webauthn/authenticate');
    const options = optionsIn(asked.body);
    expect(options).toMatchObject({
      challenge: expect.any(String),
      rpId: '127.0.0.1',
      allowCredentials: [{ id: key.id, type: 'public-key' }],
      userVerification: 'preferred',
    });
    expect((await post(key.get(options, { challenge: 'AAAA' }))).body.errors).toEqual([INCORRECT]);
    const credential = key.get(options);
    expect((await post(credential)).body).toMatchObject({
      status: 200,
      data: { methods: [{ method: 'password' }, { method: 'mfa', type: 'webauthn', id }] },
    });
    const other = house[kind]();
    await signedIn(other, somebody);
    expect((await other.post('/auth/webauthn/authenticate', { credential })).body.errors).toEqual([INCORRECT]);
  });

  it('is not answered with what was asked for something else', async () => {
    const { somebody, key } = await withPasskey();
    const client = house.app();
    await signedIn(client, somebody);
    const options = optionsIn((await client.get('/auth/webauthn/login')).body);
    expect((await client.post('/auth/webauthn/authenticate', { credential: key.get(options) })).status).toBe(400);
  });

  it('says that it was too often after five wrong answers', async () => {
    const { client } = await withPasskey();
    const post = () => client.post('/auth/webauthn/reauthenticate', { credential: { id: 'x' } });
    for (let time = 0; time < 5; time += 1) expect((await post()).body.errors).toEqual([INCORRECT]);
    expect((await post()).body.errors).toMatchObject([{ code: 'too_many_login_attempts', param: 'credential' }]);
  });
});

describe('a passkey that shows once more who one is', () => {
  it('needs somebody who is signed in', async () => {
    expect((await house.app().get('/auth/webauthn/reauthenticate')).status).toBe(401);
    expect((await house.app().post('/auth/webauthn/reauthenticate', {})).status).toBe(401);
  });

  it('is noted among their methods', async () => {
    const { client, key, id } = await withPasskey();
    const options = optionsIn((await client.get('/auth/webauthn/reauthenticate')).body);
    const { body } = await client.post('/auth/webauthn/reauthenticate', { credential: key.get(options) });
    const record = { method: 'mfa', at: expect.any(Number), id, type: 'webauthn', reauthenticated: true };
    expect(body).toMatchObject({ status: 200, data: { methods: [{ method: 'password' }, record] } });
  });
});

describe('signing in by passkey', () => {
  it('is not there where the tenant has it not', async () => {
    await house.set({ mfa_passkey_login_enabled: false });
    expect((await house.app().get('/auth/webauthn/login')).status).toBe(404);
    expect((await house.app().post('/auth/webauthn/login', {})).status).toBe(404);
  });

  it.each(['app', 'browser'] as const)('needs no name and no second factor, as %s', async (kind) => {
    const { key, id, somebody } = await withPasskey(kind);
    const client = house[kind]();
    const asked = await client.get('/auth/webauthn/login');
    const token = kind === 'app' ? { meta: { session_token: client.token } } : {};
    expect(asked.body).toEqual({
      status: 200,
      data: {
        request_options: {
          publicKey: {
            challenge: expect.any(String),
            rpId: '127.0.0.1',
            allowCredentials: [],
            userVerification: 'preferred',
          },
        },
      },
      ...token,
    });
    const { body } = await client.post('/auth/webauthn/login', { credential: key.get(optionsIn(asked.body)) });
    const record = { method: 'mfa', at: expect.any(Number), id, type: 'webauthn', passwordless: true };
    expect(body).toMatchObject({ status: 200, data: { user: { id: somebody.pk }, methods: [record] } });
  });

  it.each<[string, Deviation]>([
    ['to another challenge', { challenge: 'AAAA' }],
    ['of another origin', { origin: 'https://elsewhere.example' }],
    ['without a user that was verified', { userVerified: false }],
    ['that does not say whose it is', { userHandle: '' }],
    ['that says that it is for somebody else', { userHandle: 'Ym9i' }],
  ])('refuses an answer %s', async (_what, deviation) => {
    const { key } = await withPasskey();
    const client = house.app();
    const options = optionsIn((await client.get('/auth/webauthn/login')).body);
    const { body } = await client.post('/auth/webauthn/login', { credential: key.get(options, deviation) });
    expect(body).toEqual({ status: 400, errors: [INCORRECT] });
  });

  it('refuses what nobody asked for, a passkey nobody has, and one of somebody who is deactivated', async () => {
    const { key, somebody } = await withPasskey();
    const post = (client: HeadlessClient, credential: unknown) => client.post('/auth/webauthn/login', { credential });
    expect((await post(house.app(), key.get({ rpId: '127.0.0.1', challenge: '' }))).body.errors).toEqual([INCORRECT]);
    const client = house.app();
    const options = optionsIn((await client.get('/auth/webauthn/login')).body);
    const stranger = createSoftwareAuthenticator(house.url);
    expect((await post(client, stranger.get(options))).body.errors).toEqual([INCORRECT]);
    const users = house.running.client(directory.UserServiceDefinition, 'directory');
    await users.updateUser(
      { id: somebody.pk, user: { is_active: false }, update_mask: ['is_active'] },
      asService(house.tenant),
    );
    const answer = await post(client, key.get(options));
    expect(answer.status).toBe(401);
    expect(pendingOf(answer.body)).toBeUndefined();
  });

  it('works from a page of another origin that the tenant trusts, under the same host', async () => {
    const { key } = await withPasskey();
    await house.set({ trusted_origins: ['https://127.0.0.1:3000'] });
    const client = house.app();
    const options = optionsIn((await client.get('/auth/webauthn/login')).body);
    const credential = key.get(options, { origin: 'https://127.0.0.1:3000' });
    expect((await client.post('/auth/webauthn/login', { credential })).status).toBe(200);
  });
});

describe('signing up by passkey', () => {
  it('is not there where the tenant has it not, and asks nobody who does not sign up', async () => {
    const path = '/auth/webauthn/signup';
    expect((await house.app().get(path)).body).toEqual({ status: 409 });
    expect((await house.app().put(path, { credential: { id: 'x' } })).body).toEqual({ status: 409 });
    expect((await house.app().put(path, {})).body.errors).toEqual([REQUIRED]);
    await house.set({ mfa_passkey_signup_enabled: false });
    for (const method of ['GET', 'PUT'])
      expect((await house.app().send(method, path, method === 'GET' ? undefined : {})).status).toBe(404);
  });

  it('ends with a passkey, after the address was verified, and no password', async () => {
    await house.set({
      signup_open: true,
      signup_fields: ['email*', 'password1*'],
      email_verification: 'mandatory',
      email_verification_by_code_enabled: true,
    });
    const client = house.app();
    const email = 'passkey@example.com';
    const begun = await client.post('/auth/webauthn/signup', { email });
    expect(begun.status).toBe(401);
    expect(pendingOf(begun.body)).toMatchObject({ id: 'verify_email' });
    expect((await client.get('/auth/webauthn/signup')).status).toBe(409);
    const [key = ''] = /\b[B-Z]{4}-[B-Z]{4}\b/.exec((await house.sink.next()).body) ?? [];
    const verified = await client.post('/auth/email/verify', { key });
    expect(pendingOf(verified.body)).toMatchObject({ id: 'mfa_signup_webauthn' });

    const options = optionsIn((await client.get('/auth/webauthn/signup')).body);
    expect(options).toMatchObject({ user: { name: email }, authenticatorSelection: { residentKey: 'required' } });
    const passkey = createSoftwareAuthenticator(house.url);
    const wrong = made(passkey, options, { userVerified: false });
    expect((await client.put('/auth/webauthn/signup', { credential: wrong })).body).toEqual({
      status: 400,
      errors: [{ message: 'Incorrect code.', code: 'incorrect_code' }],
    });
    const credential = made(passkey, options);
    const done = await client.put('/auth/webauthn/signup', { name: 'Laptop', credential });
    expect(done.body).toMatchObject({
      status: 200,
      data: { user: { email, has_usable_password: false }, methods: [] },
    });
    expect((await client.get('/account/authenticators')).body.data).toMatchObject([
      { type: 'webauthn', name: 'Laptop', is_passwordless: true },
    ]);
    expect((await client.put('/auth/webauthn/signup', { credential })).status).toBe(409);

    const later = house.app();
    const asked = optionsIn((await later.get('/auth/webauthn/login')).body);
    expect((await later.post('/auth/webauthn/login', { credential: passkey.get(asked) })).status).toBe(200);
  });
});
