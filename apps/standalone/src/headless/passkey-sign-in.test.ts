import { directory } from '@postern/proto';
import { asService } from '@postern/rpc';
import { createSoftwareAuthenticator, type Deviation } from '@postern/testkit';
import { beforeEach, describe, expect, it } from 'vitest';
import { signedIn } from './factors.fixture.ts';
import { type HeadlessClient, headlessHouse } from './headless-house.fixture.ts';
import { INCORRECT, made, optionsIn, PASSKEYS, passkeysOf, pendingOf, REQUIRED } from './passkeys.fixture.ts';

const house = await headlessHouse();
const withPasskey = passkeysOf(house);

beforeEach(async () => {
  await house.reset();
  await house.forgetRates();
  await house.set(PASSKEYS);
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
