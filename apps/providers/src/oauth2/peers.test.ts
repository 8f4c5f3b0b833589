/** Failures that providers like this one have had, each with a name: docs/conformance.md tells of them. */

import { createPublicKey } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createEgress } from '@postern/egress';
import { asService } from '@postern/rpc';
import { decodeJwt, exportSPKI, importJWK, SignJWT } from 'jose';
import { afterEach, describe, expect, it } from 'vitest';
import { DEVICE_CODE_GRANT, TOKEN_EXCHANGE_GRANT } from '../client-settings/index.ts';
import { CALLBACK } from './client.fixture.ts';
import { createRemoteKeys } from './client-keys/index.ts';
import { ADA, aProtocol, aUser, PKCE } from './protocol.fixture.ts';
import { aKeyPair } from './signing/certificate.fixture.ts';
import { aClientKey, assertionClaims, secondsOf } from './token/client-keys.fixture.ts';
import { TOKEN_TYPES } from './token-exchange/index.ts';

const protocol = await aProtocol();
const { aCode, authorize, clock, complete, devices, endpoint, exchange, origin, redeem, refresh, signIn } = protocol;
const { tenant, tokens, world } = protocol;
const ROBOT = 21;
const JWT_BEARER = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
const rsa = await aClientKey('k1', 'RS256');
const settings = {
  grantTypes: ['authorization_code', 'refresh_token', 'client_credentials', TOKEN_EXCHANGE_GRANT, 'implicit'] as const,
};
await protocol.client('a', { keys: aKeyPair('rsa'), settings });
await protocol.client('b', { keys: aKeyPair('rsa'), settings });
await protocol.client('spa', { clientType: 'public' });
await protocol.client('tv', { clientType: 'public' });
await protocol.client('signer', {
  settings: { jwks: { keys: [rsa.jwk] }, tokenEndpointAuthMethod: 'private_key_jwt' },
});
world.people.set(ROBOT, aUser(ROBOT, 'robot'));
world.appPasswords.set('robot:right', { user: ROBOT, identifier: 'robot-token' });
world.accounts.set('ak-a-client_credentials', ROBOT);

const NO_GRANT = { reason: 'INVALID_GRANT' };
const NO_CLIENT = { reason: 'INVALID_CLIENT' };
const asked = { response_type: 'code', client_id: 'a', redirect_uri: CALLBACK, scope: 'openid', state: 's' };
const tokensOf = async (client: string, scope = 'openid offline_access') =>
  redeem(client, (await aCode(client, { scope })).code);
const read = (access_token: string) => endpoint.getUserInfo({ access_token }, origin({}));
const bodyOf = ({ data }: { data: Uint8Array }) => JSON.parse(Buffer.from(data).toString());
const introspect = async (client: string, token: string) =>
  bodyOf(await endpoint.introspectToken({ token, client_id: client, client_secret: `${client} secret` }, origin({})));
const errorIn = (location: string) => new URL(location, 'https://id.example').searchParams.get('error');

describe('PKCE', () => {
  it('cannot be skipped by a public client', async () => {
    expect(errorIn(await authorize({ ...asked, client_id: 'spa' }, { session: signIn() }))).toBe('invalid_request');
  });

  it('cannot be emptied on its way: an empty challenge is none', async () => {
    const emptied = { ...asked, client_id: 'spa', code_challenge: '', code_challenge_method: 'S256' };
    expect(errorIn(await authorize(emptied, { session: signIn() }))).toBe('invalid_request');
  });

  it('cannot be stripped off the request of a client that need not use it: its verifier is refused then', async () => {
    const { code } = await aCode('a');
    await expect(redeem('a', code, { code_verifier: PKCE.verifier })).rejects.toMatchObject(NO_GRANT);
  });

  it('cannot be stripped off the redemption', async () => {
    const { code } = await aCode('a', PKCE.challenge);
    await expect(redeem('a', code)).rejects.toMatchObject({ reason: 'INVALID_REQUEST' });
  });

  it('cannot be weakened: the challenge itself is no verifier', async () => {
    const { code } = await aCode('spa', PKCE.challenge);
    const code_verifier = PKCE.challenge.code_challenge;
    await expect(redeem('spa', code, { client_secret: '', code_verifier })).rejects.toMatchObject(NO_GRANT);
  });
});

describe('a redirect URI', () => {
  it.each([
    ['that an expression matches somewhere', '^https://app\\.example/cb', 'https://app.example/cb.evil.example/'],
    ['with a dot that stands for anything', 'https://app.example/cb', 'https://appxexample/cb'],
    ['for a star', 'https://*.example/cb', 'https://evil.example/cb'],
    ['for nothing but a star', '*', 'https://evil.example/cb'],
    ['that begins like the one registered', 'https://app.example/cb', 'https://app.example/cb/../evil'],
    ['of a host that begins like the one registered', 'https://app.example', 'https://app.example.evil.example'],
    ['whose host is a user name', 'https://app.example', 'https://app.example@evil.example'],
    ['whose host is a user name, for an expression', '^https://app\\.example.*', 'https://app.example@evil.example/'],
    ['with a backslash that browsers turn', '^https://app\\.example.*', 'https://app.example\\@evil.example/'],
    ['with a fragment', 'https://app.example/cb', 'https://app.example/cb#x'],
    ['that runs a program', '^.*', 'javascript:alert(document.domain)'],
    ['where none is registered', '', 'https://evil.example/cb'],
  ])('%s is not gone to, by GET or pushed', async (name, redirectUris, redirect_uri) => {
    await protocol.client(name, { redirectUris });
    const request = { ...asked, client_id: name, redirect_uri };
    await expect(authorize(request, { session: signIn() })).rejects.toMatchObject({ reason: 'REDIRECT_URI_INVALID' });
    const pushed = endpoint.pushAuthorization({ ...request, client_secret: `${name} secret` }, origin({}));
    await expect(pushed).rejects.toMatchObject({ reason: 'INVALID_REQUEST' });
  });

  it.each([
    { response_type: 'nonsense' },
    { response_type: '' },
    { scope: 'nonsense' },
    { request: 'a.b.c' },
    { request_uri: 'https://evil.example/r' },
    { prompt: 'none' },
    { prompt: 'none login' },
    { max_age: 'x' },
    { id_token_hint: 'x' },
    { response_mode: 'form_post', response_type: 'nonsense' },
    { nonce: 'a\0b' },
  ])('of others is not gone to with an error, either: %o', async (wrong) => {
    for (const session of [signIn(), undefined])
      await expect(
        authorize(
          { ...asked, redirect_uri: 'https://evil.example/', ...wrong },
          session === undefined ? {} : { session },
        ),
      ).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
  });
});

describe('what application A holds', () => {
  it('tells B nothing at introspection', async () => {
    const { access_token, refresh_token = '' } = await tokensOf('a');
    for (const token of [access_token, refresh_token]) expect(await introspect('b', token)).toEqual({ active: false });
  });

  it('is not revoked by B', async () => {
    const { access_token, refresh_token = '' } = await tokensOf('a');
    for (const token of [access_token, refresh_token])
      await endpoint.revokeToken({ token, client_id: 'b', client_secret: 'b secret' }, origin({}));
    expect(await introspect('a', access_token)).toMatchObject({ active: true });
    await expect(refresh('a', refresh_token)).resolves.toBeDefined();
  });

  it('is not exchanged by B', async () => {
    const { access_token, id_token } = await tokensOf('a');
    const by = { grant_type: TOKEN_EXCHANGE_GRANT, client_id: 'b', client_secret: 'b secret' };
    for (const [subject_token, subject_token_type] of [
      [access_token, TOKEN_TYPES.access],
      [access_token, TOKEN_TYPES.jwt],
      [id_token, TOKEN_TYPES.id],
    ] as const)
      await expect(exchange({ ...by, subject_token, subject_token_type })).rejects.toMatchObject({
        reason: 'INVALID_REQUEST',
      });
  });

  it('is neither refreshed nor redeemed by B', async () => {
    const { refresh_token } = await tokensOf('a');
    await expect(refresh('b', refresh_token)).rejects.toMatchObject(NO_GRANT);
    await expect(refresh('a', refresh_token)).resolves.toBeDefined();
    const { code } = await aCode('a');
    await expect(redeem('b', code)).rejects.toMatchObject(NO_GRANT);
    await expect(redeem('a', code)).resolves.toBeDefined();
  });

  it('is refused to B under the name of A', async () => {
    const { code } = await aCode('a');
    const authorization = `Basic ${Buffer.from('b:b secret').toString('base64')}`;
    const request = { grant_type: 'authorization_code', client_id: 'a', code, redirect_uri: CALLBACK };
    await expect(exchange(request, { headers: { authorization } })).rejects.toMatchObject(NO_CLIENT);
  });

  it('opens user info and the API as an access token alone, and the API within its scopes', async () => {
    const { access_token, refresh_token = '', id_token = '' } = await tokensOf('a');
    for (const token of [id_token, refresh_token]) {
      await expect(read(token)).rejects.toMatchObject({ reason: 'INVALID_TOKEN' });
      await expect(tokens.resolveAccessToken({ token }, asService(tenant))).rejects.toMatchObject({
        reason: 'NOT_FOUND',
      });
    }
    const { scopes } = await tokens.resolveAccessToken({ token: access_token }, asService(tenant));
    expect(scopes).not.toContain('goauthentik.io/api');
  });
});

it('grants no scope that is not configured, by any grant', async () => {
  const scope = 'openid goauthentik.io/api root';
  const { scope: granted } = await tokensOf('a', scope);
  expect(granted).toBe('openid');
  const own = await exchange({ grant_type: 'client_credentials', client_id: 'a', client_secret: 'a secret', scope });
  expect(own.scope).toBe('openid');
  const { refresh_token } = await tokensOf('a');
  await expect(refresh('a', refresh_token, { scope })).rejects.toMatchObject({ reason: 'INVALID_SCOPE' });
  const { device_code } = await devices.authorizeDevice({ client_id: 'tv', scope }, origin({}));
  expect(device_code).toBeDefined();
  const rows = await protocol.sql<{ scopes: string }>(
    'select scopes from oauth2_device_code order by created desc limit 1',
  );
  expect(rows).toEqual([{ scopes: 'openid' }]);
});

describe('a user or service account that was deactivated', () => {
  const deactivate = (user: number) => {
    const known = world.people.get(user) ?? aUser(user, 'x');
    world.people.set(user, { ...known, is_active: false });
  };
  afterEach(() => {
    world.people.set(ADA, aUser(ADA, 'ada'));
    world.people.set(ROBOT, aUser(ROBOT, 'robot'));
  });

  it('gets no code, and none is redeemed', async () => {
    const { code } = await aCode('a');
    const session = signIn();
    await authorize(asked, { session });
    deactivate(ADA);
    await expect(redeem('a', code)).rejects.toMatchObject(NO_GRANT);
    expect(errorIn((await complete(session)).redirect ?? '')).toBe('access_denied');
  });

  it('is not refreshed, told about, or looked at', async () => {
    const { access_token, refresh_token = '' } = await tokensOf('a');
    deactivate(ADA);
    await expect(refresh('a', refresh_token)).rejects.toMatchObject(NO_GRANT);
    await expect(read(access_token)).rejects.toMatchObject({ reason: 'INVALID_TOKEN' });
    for (const token of [access_token, refresh_token]) expect(await introspect('a', token)).toEqual({ active: false });
  });

  it('is not exchanged', async () => {
    const { access_token: subject_token } = await tokensOf('a');
    deactivate(ADA);
    const request = { grant_type: TOKEN_EXCHANGE_GRANT, client_id: 'a', client_secret: 'a secret', subject_token };
    const exchanged = exchange({ ...request, subject_token_type: TOKEN_TYPES.access });
    await expect(exchanged).rejects.toMatchObject(NO_GRANT);
  });

  it('gets nothing by an app password or the secret of its client', async () => {
    deactivate(ROBOT);
    const own = { grant_type: 'client_credentials', client_id: 'a', client_secret: 'a secret' };
    await expect(exchange(own)).rejects.toMatchObject(NO_GRANT);
    for (const grant_type of ['client_credentials', 'password'])
      await expect(
        exchange({ grant_type, client_id: 'spa', username: 'robot', password: 'right' }),
      ).rejects.toMatchObject(NO_GRANT);
  });

  it('gives nothing to a device that it let in', async () => {
    const { device_code } = await approvedDevice();
    deactivate(ADA);
    await expect(poll(device_code)).rejects.toMatchObject(NO_GRANT);
  });
});

const poll = (device_code: string) => exchange({ grant_type: DEVICE_CODE_GRANT, client_id: 'tv', device_code });

/** A device that somebody let in. */
async function approvedDevice() {
  const codes = await devices.authorizeDevice({ client_id: 'tv', scope: 'openid' }, origin({}));
  const session = signIn();
  const query = `code=${codes.user_code}`;
  await devices.enterUserCode({ code: codes.user_code }, origin({ session, query }));
  const reference = world.started.at(-1)?.completion?.reference;
  const facts = { reference, session: world.sessions.get(session), consented: ['device_code', 'openid'] };
  await protocol.completion.complete(facts, asService(tenant));
  return codes;
}

it('asks the policies of the application when a device gets its tokens, however it was approved', async () => {
  const { device_code } = await approvedDevice();
  world.verdict = { passing: false, messages: [] };
  await expect(poll(device_code)).rejects.toMatchObject(NO_GRANT);
  world.verdict = { passing: true, messages: [] };
});

describe('a token that somebody makes up', () => {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const unsigned = (claims: object, alg = 'none') => `${part({ alg, typ: 'JWT' })}.${part(claims)}.`;
  const prove = (client_assertion: string) =>
    exchange({ grant_type: 'refresh_token', client_id: 'signer', client_assertion_type: JWT_BEARER, client_assertion });
  /** What anybody may have: public keys, as bytes to use as a secret. */
  const publicBytes = async (jwk: object) => {
    const key = await importJWK({ ...jwk, kty: 'RSA' }, 'RS256', { extractable: true });
    if (key instanceof Uint8Array) throw new Error('not a public key');
    const pem = await exportSPKI(key);
    return [pem, pem.trim(), JSON.stringify(jwk)].map((text) => new TextEncoder().encode(text));
  };
  const bySecret = (claims: Record<string, unknown>, secret: Uint8Array, alg = 'HS256') =>
    new SignJWT(claims).setProtectedHeader({ alg, typ: 'JWT', kid: 'k1' }).sign(secret);

  it.each(['none', 'None', 'NONE', 'nOnE', ''])('proves no client by the algorithm %j', async (alg) => {
    await expect(prove(unsigned(assertionClaims('signer', clock.now()), alg))).rejects.toMatchObject(NO_CLIENT);
  });

  it('proves no client by its public key as a secret', async () => {
    for (const secret of await publicBytes(rsa.jwk))
      await expect(prove(await bySecret(assertionClaims('signer', clock.now()), secret))).rejects.toMatchObject(
        NO_CLIENT,
      );
  });

  it('proves no client by a key that it brings along', async () => {
    const mine = await aClientKey('k1', 'RS256');
    const token = await mine.sign(assertionClaims('signer', clock.now()), {
      jwk: mine.jwk,
      jku: 'https://evil.example/',
    });
    await expect(prove(token)).rejects.toMatchObject(NO_CLIENT);
    expect(world.reads).toEqual([]);
  });

  it('asks for nothing as a request object', async () => {
    const claims = { ...asked, client_id: 'signer', iss: 'signer', aud: 'https://id.example/application/o/signer/' };
    const made = [
      unsigned(claims),
      ...(await Promise.all((await publicBytes(rsa.jwk)).map((key) => bySecret(claims, key)))),
    ];
    for (const request of made)
      expect(errorIn(await authorize({ ...asked, client_id: 'signer', request }, { session: signIn() }))).toBe(
        'invalid_request_object',
      );
  });

  it('names nobody as a hint, at authorization or at the end of a session', async () => {
    const { id_token = '' } = await tokensOf('a');
    const { keys } = await endpoint.getJwks({ application_slug: 'a' }, origin({}));
    const claims = decodeJwt(id_token);
    const own = await bySecret({ ...claims }, new TextEncoder().encode('a secret'));
    const swapped = await Promise.all((await publicBytes(keys[0] ?? {})).map((key) => bySecret({ ...claims }, key)));
    for (const id_token_hint of [unsigned(claims), own, ...swapped]) {
      expect(errorIn(await authorize({ ...asked, id_token_hint }, { session: signIn() }))).toBe('invalid_request');
      const session = signIn();
      await endpoint.endSession({ application_slug: 'a', id_token_hint }, origin({ session, query: 'x=y' }));
      expect(world.sessions.has(session)).toBe(true);
    }
  });

  it('opens nothing as an access token, whatever it says', async () => {
    const { access_token, id_token = '' } = await tokensOf('a');
    const claims = { ...decodeJwt(access_token), exp: secondsOf(clock.now()) + 9_999 };
    const [head = '', , signature = ''] = access_token.split('.');
    for (const token of [unsigned(claims), `${head}.${part(claims)}.${signature}`, `${access_token}.`, id_token])
      await expect(read(token)).rejects.toMatchObject({ reason: 'INVALID_TOKEN' });
  });
});

it('calls no address inside for the keys of a client, and follows nobody there', async () => {
  const hits: string[] = [];
  const inside = createServer((request, response) => {
    hits.push(request.url ?? '');
    response.end(JSON.stringify({ keys: [rsa.jwk] }));
  });
  await new Promise<void>((ready) => inside.listen(0, '127.0.0.1', ready));
  const { port } = inside.address() as AddressInfo;
  const egress = createEgress({ allow: [] });
  const remote = createRemoteKeys({ egress, clock });
  const hosts = ['127.0.0.1', 'localhost', '[::1]', '0.0.0.0', '[::ffff:127.0.0.1]', '2130706433', '0x7f.1', '127.1'];
  for (const host of hosts) expect(await remote.find(`http://${host}:${port}/jwks`)).toEqual([]);
  expect(await remote.find('http://169.254.169.254/latest/meta-data/')).toEqual([]);
  expect(await remote.find('file:///etc/passwd')).toEqual([]);
  expect(hits).toEqual([]);
  inside.close();
  await egress.close();
});

it('says in every answer who gives it, so that no client mixes two servers up', async () => {
  for (const client_id of ['a', 'b'])
    for (const change of [{}, { scope: 'nonsense' }, { prompt: 'none' }]) {
      const session = signIn();
      const first = await authorize({ ...asked, client_id, ...change }, { session });
      const answer = first.startsWith(CALLBACK) ? first : ((await complete(session)).redirect ?? '');
      expect(new URL(answer).searchParams.get('iss')).toBe(`https://id.example/application/o/${client_id}/`);
    }
});

it('publishes no private part of a key', async () => {
  const { keys } = await endpoint.getJwks({ application_slug: 'a' }, origin({}));
  for (const key of keys) {
    expect(Object.keys(key)).not.toContain('d');
    expect(createPublicKey({ key: { ...key }, format: 'jwk' }).type).toBe('public');
  }
});
