import { expect, it } from 'vitest';
import { aProtocol } from '../protocol.fixture.ts';
import { aClientKey, assertionClaims, secondsOf } from './client-keys.fixture.ts';

const protocol = await aProtocol();
const { clock, world, exchange } = protocol;
const JWT_BEARER = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
const key = await aClientKey('k-1');
const other = await aClientKey('k-1');
const CERTS = 'https://app.example/jwks';
const byKey = { tokenEndpointAuthMethod: 'private_key_jwt' as const };
await protocol.client('signer', { settings: { ...byKey, jwks: { keys: [key.jwk] } } });
await protocol.client('remote', { settings: { ...byKey, jwksUri: CERTS } });
await protocol.client('posting', { settings: { tokenEndpointAuthMethod: 'client_secret_post' } });
await protocol.client('header', { settings: { tokenEndpointAuthMethod: 'client_secret_basic' } });
await protocol.client('plain');

const basic = (id: string, secret: string) => ({
  headers: { authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}` },
});
/** A request of a client that has proven itself is refused for its code alone. */
const PROVEN = { reason: 'INVALID_GRANT' };
const UNPROVEN = { reason: 'INVALID_CLIENT' };
const ask = (request: object, from = {}) => exchange({ grant_type: 'authorization_code', code: 'x', ...request }, from);
const assert = (client_assertion: string, request: object = {}) =>
  ask({ client_assertion_type: JWT_BEARER, client_assertion, ...request });
const claims = (changed: object = {}, client = 'signer') => ({ ...assertionClaims(client, clock.now()), ...changed });
const at = (seconds: number) => secondsOf(clock.now()) + seconds;

it.each([
  ['signed by another key', () => other.sign(claims())],
  ['of another issuer', () => key.sign(claims({ iss: 'plain' }))],
  ['of another client', () => key.sign(claims({ iss: 'remote', sub: 'remote' }))],
  ['for somebody else', () => key.sign(claims({ aud: 'https://evil.example/token' }))],
  ['for us and somebody else', () => key.sign(claims({ aud: [claims().aud, 'https://evil.example/token'] }))],
  ['for nobody', () => key.sign(claims({ aud: undefined }))],
  ['that is over', () => key.sign(claims({ exp: at(-60) }))],
  ['without an end', () => key.sign(claims({ exp: undefined }))],
  ['that lasts for an hour', () => key.sign(claims({ exp: at(3_600) }))],
  ['that does not hold yet', () => key.sign(claims({ nbf: at(120) }))],
  ['without an id', () => key.sign(claims({ jti: undefined }))],
  ['that is no token', async () => 'a.b.c'],
  ['that is not signed', async () => `${Buffer.from('{"alg":"none"}').toString('base64url')}.e30.`],
])('refuses an assertion %s', async (_name, make) => {
  await expect(assert(await make())).rejects.toMatchObject(UNPROVEN);
});

it('takes an assertion once, for the issuer or for the endpoint', async () => {
  const once = await key.sign(claims());
  await expect(assert(once)).rejects.toMatchObject(PROVEN);
  await expect(assert(once)).rejects.toMatchObject(UNPROVEN);
  const issuer = 'https://id.example/application/o/signer/';
  await expect(assert(await key.sign(claims({ aud: issuer })))).rejects.toMatchObject(PROVEN);
  await expect(assert(await key.sign(claims()), { client_id: 'signer' })).rejects.toMatchObject(PROVEN);
});

it('lets one of many parallel uses of an assertion win', async () => {
  const raced = await key.sign(claims());
  const outcomes = await Promise.allSettled(Array.from({ length: 20 }, () => assert(raced)));
  const reasons = outcomes.map((each) => (each.status === 'rejected' ? each.reason.reason : 'none'));
  expect(reasons.filter((reason) => reason === 'INVALID_GRANT')).toHaveLength(1);
});

it('refuses a client that shows itself in two ways, or by a kind of assertion that nobody knows', async () => {
  const client_assertion = await key.sign(claims());
  const both = { client_assertion_type: JWT_BEARER, client_assertion };
  await expect(ask({ ...both, client_id: 'signer', client_secret: 's' })).rejects.toMatchObject({
    reason: 'INVALID_REQUEST',
  });
  await expect(ask(both, basic('signer', 'signer secret'))).rejects.toMatchObject({ reason: 'INVALID_REQUEST' });
  await expect(ask({ client_assertion_type: 'saml', client_assertion })).rejects.toMatchObject(UNPROVEN);
});

it('takes a client by the way that its settings name, and by no other', async () => {
  const secret = (id: string) => ({ client_id: id, client_secret: `${id} secret` });
  await expect(ask(secret('signer'))).rejects.toMatchObject(UNPROVEN);
  await expect(ask(secret('header'))).rejects.toMatchObject(UNPROVEN);
  await expect(ask({}, basic('posting', 'posting secret'))).rejects.toMatchObject(UNPROVEN);
  await expect(assert(await key.sign(claims({}, 'plain')), { client_id: 'plain' })).rejects.toMatchObject(UNPROVEN);
  await expect(ask(secret('posting'))).rejects.toMatchObject(PROVEN);
  await expect(ask({}, basic('header', 'header secret'))).rejects.toMatchObject(PROVEN);
});

it('reads the keys that a client publishes, again for one that is not among them, and not for every stranger', async () => {
  const [old, fresh] = [await aClientKey('old'), await aClientKey('fresh')];
  const signed = (by: typeof old) => by.sign(claims({}, 'remote'));
  world.published.set(CERTS, { keys: [old.jwk] });
  clock.advance(31_000);
  world.reads.length = 0;
  await expect(assert(await signed(old))).rejects.toMatchObject(PROVEN);
  await expect(assert(await signed(old))).rejects.toMatchObject(PROVEN);
  expect(world.reads).toEqual([CERTS]);
  world.published.set(CERTS, { keys: [fresh.jwk] });
  await expect(assert(await signed(fresh))).rejects.toMatchObject(UNPROVEN);
  clock.advance(31_000);
  await expect(assert(await signed(fresh))).rejects.toMatchObject(PROVEN);
  for (const stranger of await Promise.all(['a', 'b', 'c'].map((kid) => aClientKey(kid))))
    await expect(assert(await signed(stranger))).rejects.toMatchObject(UNPROVEN);
  expect(world.reads).toHaveLength(2);
  world.published.clear();
  clock.advance(601_000);
  await expect(assert(await signed(fresh))).rejects.toMatchObject(UNPROVEN);
});
