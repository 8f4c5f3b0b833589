import { createHash, createSecretKey } from 'node:crypto';
import { createLocalJWKSet, decodeJwt, type JSONWebKeySet, jwtVerify } from 'jose';
import { expect, it } from 'vitest';
import { aProtocol, PKCE } from '../protocol.fixture.ts';
import { aKeyPair } from './certificate.fixture.ts';

const protocol = await aProtocol();
const { aCode, redeem, endpoint, origin, sql } = protocol;

async function issued(client: string) {
  const { id_token = '', access_token } = await redeem(client, (await aCode(client)).code);
  return { idToken: id_token, accessToken: access_token };
}

async function keySet(client: string): Promise<JSONWebKeySet> {
  const { keys } = await endpoint.getJwks({ application_slug: client }, origin({}));
  return { keys: keys.map((key) => ({ kty: String(key.kty), ...key })) };
}

it('issues nothing for a client that has neither a key nor a secret', async () => {
  await protocol.client('bare', { clientType: 'public', clientSecret: '' });
  const { code } = await aCode('bare', PKCE.challenge);
  await expect(redeem('bare', code, { code_verifier: PKCE.verifier })).rejects.toMatchObject({
    reason: 'SERVER_ERROR',
  });
});

it.each([
  ['rsa', 'RS256', 'sha256'],
  ['P-256', 'ES256', 'sha256'],
  ['P-384', 'ES384', 'sha384'],
  ['P-521', 'ES512', 'sha512'],
] as const)('signs with a key of kind %s as %s', async (kind, alg, digest) => {
  const keys = aKeyPair(kind);
  const client = `signed-${alg}`;
  await protocol.client(client, { keys });
  const { idToken, accessToken } = await issued(client);
  const set = await keySet(client);
  const kid = createHash('md5').update(keys.key).digest('hex');
  expect(set.keys).toMatchObject([{ kid, alg, use: 'sig', x5c: [expect.any(String)], x5t: expect.any(String) }]);
  expect(set.keys[0]).not.toHaveProperty('d');
  const checks = {
    audience: client,
    issuer: `https://id.example/application/o/${client}/`,
    currentDate: protocol.clock.now(),
  };
  const { protectedHeader, payload } = await jwtVerify(idToken, createLocalJWKSet(set), checks);
  expect(protectedHeader).toEqual({ alg, typ: 'JWT', kid });
  const half = createHash(digest).update(accessToken).digest();
  expect(payload.at_hash).toBe(half.subarray(0, half.length / 2).toString('base64url'));
  await expect(jwtVerify(accessToken, createLocalJWKSet(set), checks)).resolves.toBeDefined();
});

it('signs with the secret of a client without a key, and publishes nothing', async () => {
  await protocol.client('secretive');
  const { idToken } = await issued('secretive');
  const key = createSecretKey('secretive secret', 'utf8');
  await expect(jwtVerify(idToken, key, { algorithms: ['HS256'] })).resolves.toBeDefined();
  expect(await keySet('secretive')).toEqual({ keys: [] });
});

it('publishes the key before this one until the last token it signed has expired', async () => {
  await protocol.client('rotating', { keys: aKeyPair('P-256') });
  const { idToken } = await issued('rotating');
  await protocol.client('donor', { keys: aKeyPair('P-256') });
  await sql(`update provider set signing_key_pk = (select signing_key_pk from provider where client_id = 'donor')
    where client_id = 'rotating'`);
  const set = await keySet('rotating');
  expect(set.keys).toHaveLength(2);
  const currentDate = protocol.clock.now();
  await expect(jwtVerify(idToken, createLocalJWKSet(set), { currentDate })).resolves.toBeDefined();
  protocol.clock.advance(32 * 86_400_000);
  expect((await keySet('rotating')).keys).toHaveLength(1);
});

it.each([
  ['hashed_user_id', /^[0-9a-f]{64}$/],
  ['user_id', /^7$/],
  ['user_uuid', /^[0-9a-f-]{36}$/],
  ['user_username', /^ada$/],
  ['user_email', /^ada@example\.com$/],
  ['user_upn', /^ada@corp\.example$/],
] as const)('names people by %s', async (subMode, subject) => {
  await protocol.client(`by-${subMode}`, { subMode });
  expect(decodeJwt((await issued(`by-${subMode}`)).idToken).sub).toMatch(subject);
});

it('names one issuer for all providers that share it, and leaves claims out of tokens that shall not have them', async () => {
  await protocol.client('global', { issuerMode: 'global', includeClaimsInIdToken: false });
  const { code } = await aCode('global', { scope: 'openid email' });
  const claims = decodeJwt((await redeem('global', code)).id_token ?? '');
  expect(claims.iss).toBe('https://id.example/');
  expect(claims).not.toHaveProperty('email');
});
