import { events } from '@postern/proto';
import { decodeJwt } from 'jose';
import { expect, it } from 'vitest';
import { OAuth2ProviderEntity } from '../../providers/index.ts';
import { OAuthSourceEntity } from '../../sources/index.ts';
import { aProtocol, aUser } from '../protocol.fixture.ts';
import { aClientKey, secondsOf } from './client-keys.fixture.ts';

const protocol = await aProtocol();
const { clock, world, exchange } = protocol;
const JWT_BEARER = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
const [ROBOT, PROGRAM, FOREIGN] = [21, 22, 23];
const key = await aClientKey('gh-1', 'RS256');
for (const name of ['web', 'other', 'federated']) await protocol.client(name);
await protocol.client('spa', { clientType: 'public' });
await protocol.client('bare', { application: false });
await protocol.client('closed', { settings: { grantTypes: ['authorization_code'] } });
await protocol.client('reachable', { settings: { resources: ['https://api.example/', 'urn:api'] } });
await protocol.db.write({ tenant: protocol.tenant }, async (em) => {
  const shared = { kind: 'oauth' as const, name: 'Actions', slug: 'actions', providerType: 'openidconnect' };
  const secrets = { consumerKey: 'us', consumerSecret: 'hush', additionalScopes: '' };
  const keys = { oidcWellKnownUrl: '', oidcJwksUrl: '', oidcJwks: { keys: [key.jwk] } };
  const source = em.create(OAuthSourceEntity, { ...shared, ...secrets, ...keys });
  const provider = await em.findOneOrFail(OAuth2ProviderEntity, { clientId: 'federated' });
  provider.jwksSources = [source.pk];
});
world.people.set(ROBOT, aUser(ROBOT, 'robot'));
world.people.set(PROGRAM, aUser(PROGRAM, 'ak-web-client_credentials'));
world.people.set(FOREIGN, aUser(FOREIGN, 'federated-repo:x'));
world.appPasswords.set('robot:right', { user: ROBOT, identifier: 'robot-token' });
for (const name of ['web', 'closed', 'reachable']) world.accounts.set(`ak-${name}-client_credentials`, PROGRAM);
world.accounts.set('federated-repo:x', FOREIGN);

const REFUSED = { reason: 'INVALID_GRANT' };
const UNPROVEN = { reason: 'INVALID_CLIENT' };
const own = (client: string, rest: object = {}) =>
  exchange({ grant_type: 'client_credentials', client_id: client, client_secret: `${client} secret`, ...rest });
const robot = (rest: object = {}) =>
  exchange({ grant_type: 'client_credentials', client_id: 'web', username: 'robot', password: 'right', ...rest });
const claims = (changed: object = {}) => {
  const at = secondsOf(clock.now());
  return { iss: 'https://ci.example', sub: 'repo:x', aud: 'federated', iat: at, exp: at + 600, ...changed };
};
const federated = (client_assertion: string, rest: object = {}) =>
  exchange({
    grant_type: 'client_credentials',
    client_id: 'federated',
    client_assertion_type: JWT_BEARER,
    client_assertion,
    ...rest,
  });
const loginsOf = async () => (await protocol.facts('providers.v1.event.recorded')).length;
const lastLogin = async () => {
  const told = (await protocol.facts('providers.v1.event.recorded')).at(-1);
  return events.EventRecorded.decode(told?.payload ?? new Uint8Array());
};

it.each([
  ['without its secret', { client_secret: '' }],
  ['with a wrong secret', { client_secret: 'wrong' }],
])('refuses a client of its own name %s', async (_name, wrong) => {
  await expect(own('web', wrong)).rejects.toMatchObject(UNPROVEN);
});

it('refuses a public client, one without an application, and one whose settings do not let it', async () => {
  await expect(own('spa')).rejects.toMatchObject(REFUSED);
  await expect(own('spa', { client_secret: '' })).rejects.toMatchObject(REFUSED);
  world.accounts.set('ak-bare-client_credentials', PROGRAM);
  await expect(own('bare')).rejects.toMatchObject(REFUSED);
  await expect(own('closed')).rejects.toMatchObject({ reason: 'UNAUTHORIZED_CLIENT' });
});

it('refuses a client whose account has the name of somebody else, and tells', async () => {
  const before = (await protocol.facts('providers.v1.oauth2_client.misconfigured')).length;
  await expect(own('other')).rejects.toMatchObject(REFUSED);
  expect(await protocol.facts('providers.v1.oauth2_client.misconfigured')).toHaveLength(before + 1);
});

it('gives a client tokens of its own, which nothing refreshes, as an account that was made for it', async () => {
  const tokens = await own('web', { scope: 'openid email unheard-of offline_access' });
  expect(tokens).toMatchObject({ token_type: 'Bearer', expires_in: 3_600, scope: 'openid email' });
  expect(tokens.refresh_token).toBeUndefined();
  expect(decodeJwt(tokens.access_token)).toMatchObject({ sub: world.people.get(PROGRAM)?.uid, aud: 'web', azp: 'web' });
  expect(world.kept.at(-1)).toMatchObject({
    owner: expect.stringMatching(/^oauth2\/\d+$/),
    path: 'goauthentik.io/apps/web',
  });
  const read = { access_token: tokens.access_token };
  await expect(protocol.endpoint.getUserInfo(read, protocol.origin({}))).resolves.toBeDefined();
});

it('refuses scopes of which nothing is left, and gives none where none is asked', async () => {
  await expect(own('web', { scope: 'unheard-of' })).rejects.toMatchObject({ reason: 'INVALID_SCOPE' });
  expect(await own('web')).toMatchObject({ scope: '', id_token: undefined });
});

it('makes a token out to the resources that the client may ask for', async () => {
  const named = (...resource: string[]) => own('reachable', { resource });
  await expect(named('https://evil.example/')).rejects.toMatchObject({ reason: 'INVALID_TARGET' });
  await expect(own('web', { resource: ['urn:api'] })).rejects.toMatchObject({ reason: 'INVALID_TARGET' });
  expect(decodeJwt((await named('urn:api')).access_token).aud).toBe('urn:api');
  const both = decodeJwt((await named('urn:api', 'https://api.example/')).access_token).aud;
  expect(both).toEqual(['urn:api', 'https://api.example/']);
  expect(decodeJwt((await own('reachable')).access_token).aud).toBe('reachable');
});

it.each([
  ['a wrong app password', { password: 'wrong' }],
  ['somebody else', { username: 'ada' }],
  ['a name alone', { password: '' }],
  ['an app password alone', { username: '' }],
])('refuses %s', async (_name, wrong) => {
  await expect(robot(wrong)).rejects.toMatchObject(REFUSED);
});

it('refuses an account that is deactivated, and whomever the policies of the application refuse', async () => {
  const known = world.people.get(ROBOT) ?? aUser(ROBOT, 'robot');
  world.people.set(ROBOT, { ...known, is_active: false });
  await expect(robot()).rejects.toMatchObject(REFUSED);
  world.people.set(ROBOT, known);
  world.verdict = { passing: false, messages: [] };
  await expect(robot()).rejects.toMatchObject(REFUSED);
  await expect(own('web')).rejects.toMatchObject(REFUSED);
  world.verdict = { passing: true, messages: [] };
  await expect(robot({ client_secret: 'wrong' })).rejects.toMatchObject(UNPROVEN);
});

it('takes an app password for both grants, without the secret of the client, and tells of the sign-in', async () => {
  const before = await loginsOf();
  const tokens = await robot({ scope: 'openid' });
  expect(tokens.refresh_token).toBeUndefined();
  expect(decodeJwt(tokens.access_token).sub).toBe(world.people.get(ROBOT)?.uid);
  expect(world.asked.at(-1)).toMatchObject({ oauth_grant_type: 'client_credentials', oauth_scopes: ['openid'] });
  await expect(robot({ grant_type: 'password' })).resolves.toMatchObject({ token_type: 'Bearer' });
  expect(await loginsOf()).toBe(before + 2);
});

it.each([
  ['without a key', () => key.sign(claims(), { kid: undefined }), 'names no key'],
  ['of an unknown key', () => key.sign(claims(), { kid: 'gh-2' }), 'has the key'],
  ['for somebody else', () => key.sign(claims({ aud: 'https://kubernetes.default.svc' })), 'not for this client'],
  ['for nobody', () => key.sign(claims({ aud: undefined })), 'not for this client'],
  ['that is over', () => key.sign(claims({ exp: 1 })), 'has ended'],
  ['that never ends', () => key.sign(claims({ exp: undefined })), 'never ends'],
  ['that does not hold yet', () => key.sign(claims({ nbf: secondsOf(clock.now()) + 600 })), 'does not hold yet'],
  ['of nobody', () => key.sign(claims({ sub: '' })), 'names no subject'],
  ['of a name that is too long', () => key.sign(claims({ sub: 'x'.repeat(150) })), 'too long'],
  ['that is not signed', async () => `${Buffer.from('{"alg":"none"}').toString('base64url')}.e30.`, 'cannot be read'],
])('refuses a foreign token %s, and says so', async (_name, make, why) => {
  const refused = {
    ...REFUSED,
    violations: [{ field: 'client_assertion', description: expect.stringContaining(why) }],
  };
  await expect(federated(await make())).rejects.toMatchObject(refused);
});

it('refuses a foreign token at a client without sources, and one whose policies refuse strangers before there is an account', async () => {
  await expect(federated(await key.sign(claims({ aud: 'web' })), { client_id: 'web' })).rejects.toMatchObject(REFUSED);
  const kept = world.kept.length;
  world.verdict = { passing: false, messages: [] };
  await expect(federated(await key.sign(claims()))).rejects.toMatchObject(REFUSED);
  world.verdict = { passing: true, messages: [] };
  expect(world.kept).toHaveLength(kept);
  await expect(federated(await key.sign(claims({ sub: 'repo:taken' })))).rejects.toMatchObject(REFUSED);
});

it('takes a foreign token that is for the client, also where older clients put it, and keeps an account for its subject', async () => {
  const before = await loginsOf();
  const assertion = await key.sign(claims());
  const tokens = await federated(assertion, { scope: 'openid' });
  expect(tokens.refresh_token).toBeUndefined();
  expect(world.kept.at(-1)).toMatchObject({
    username: 'federated-repo:x',
    path: 'goauthentik.io/sources/actions',
    signedIn: true,
  });
  expect(world.asked.at(-1)).toMatchObject({ oauth_jwt: { sub: 'repo:x' } });
  await expect(federated('', { client_secret: assertion })).resolves.toMatchObject({ token_type: 'Bearer' });
  expect(await loginsOf()).toBe(before + 2);
  const source = { app: 'authentik_sources_oauth', model_name: 'oauthsource', pk: expect.stringMatching(/^\w{32}$/) };
  expect(await lastLogin()).toMatchObject({
    action: 'login',
    context: {
      auth_method: 'jwt',
      auth_method_args: { jwt: { sub: 'repo:x' }, source, jwk_id: expect.any(String) },
      application: { model_name: 'application', name: 'App federated' },
    },
  });
});

it('proves itself by its own key where its settings say so, and is no foreign token then', async () => {
  const mine = await aClientKey('mine');
  const settings = { tokenEndpointAuthMethod: 'private_key_jwt' as const, jwks: { keys: [mine.jwk] } };
  await protocol.client('keyed', { settings });
  world.accounts.set('ak-keyed-client_credentials', PROGRAM);
  const at = secondsOf(clock.now());
  const aud = 'https://id.example/application/o/keyed/';
  const signed = await mine.sign({ iss: 'keyed', sub: 'keyed', aud, jti: 'a', iat: at, exp: at + 60 });
  const request = { grant_type: 'client_credentials', client_assertion_type: JWT_BEARER, client_assertion: signed };
  await expect(exchange(request)).resolves.toMatchObject({ token_type: 'Bearer' });
  await expect(exchange(request)).rejects.toMatchObject(UNPROVEN);
  await expect(own('keyed')).rejects.toMatchObject(UNPROVEN);
  await expect(robot({ client_id: 'keyed' })).rejects.toMatchObject(UNPROVEN);
});
