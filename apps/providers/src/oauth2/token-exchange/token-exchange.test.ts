import { decodeJwt } from 'jose';
import { expect, it } from 'vitest';
import { ADA, aProtocol } from '../protocol.fixture.ts';
import { TOKEN_TYPES } from './index.ts';

const protocol = await aProtocol();
const { aCode, redeem, clock, world, endpoint, origin } = protocol;
const grantTypes = ['authorization_code', 'refresh_token', 'urn:ietf:params:oauth:grant-type:token-exchange'] as const;
const exchanging = { grantTypes, resources: ['https://api.example/'] };
await protocol.client('front', { settings: { ...exchanging, exchangeAudiences: ['back', 'gone'] } });
await protocol.client('back', { settings: exchanging });
await protocol.client('lonely', { settings: exchanging });
await protocol.client('plain');
await protocol.client('spa', { clientType: 'public', settings: exchanging });

const SCOPE = 'openid email offline_access';
const tokensOf = async (client: string, scope = SCOPE) => redeem(client, (await aCode(client, { scope })).code);
const exchange = (client: string, request: object) =>
  protocol.exchange({
    grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
    client_id: client,
    client_secret: `${client} secret`,
    subject_token_type: TOKEN_TYPES.access,
    ...request,
  });
const INVALID = { reason: 'INVALID_REQUEST' };
const read = (access_token: string) => endpoint.getUserInfo({ access_token }, origin({}));

it('is for clients whose settings let them, and that show who they are', async () => {
  const { access_token: subject_token } = await tokensOf('plain');
  await expect(exchange('plain', { subject_token })).rejects.toMatchObject({ reason: 'UNAUTHORIZED_CLIENT' });
  await expect(exchange('front', { subject_token, client_secret: '' })).rejects.toMatchObject({
    reason: 'INVALID_CLIENT',
  });
  await expect(exchange('spa', { subject_token, client_secret: '' })).rejects.toMatchObject({
    reason: 'INVALID_CLIENT',
  });
});

it.each([
  ['no token', {}],
  ['an unknown token', { subject_token: 'x' }],
  ['a kind that nobody knows', { subject_token_type: 'urn:ietf:params:oauth:token-type:saml2' }],
  ['no kind', { subject_token_type: '' }],
  ['an actor that is unknown', { actor_token: 'x', actor_token_type: TOKEN_TYPES.access }],
  ['a refresh token in return', { requested_token_type: 'urn:ietf:params:oauth:token-type:refresh_token' }],
])('refuses %s', async (name, request) => {
  const { access_token } = await tokensOf('front');
  const subject = name === 'no token' ? { subject_token: '' } : { subject_token: access_token };
  await expect(exchange('front', { ...subject, ...request })).rejects.toMatchObject(INVALID);
});

it('refuses a token that was issued to another application', async () => {
  const { access_token: subject_token, id_token } = await tokensOf('back');
  await expect(exchange('front', { subject_token })).rejects.toMatchObject(INVALID);
  const identity = { subject_token: id_token, subject_token_type: TOKEN_TYPES.id };
  await expect(exchange('front', identity)).rejects.toMatchObject(INVALID);
});

it('refuses audiences and resources that the settings do not name, and several audiences', async () => {
  const { access_token: subject_token } = await tokensOf('lonely');
  const target = (request: object) => expect(exchange('lonely', { subject_token, ...request })).rejects;
  await target({ audience: ['back'] }).toMatchObject({ reason: 'INVALID_TARGET' });
  await target({ resource: ['https://evil.example/'] }).toMatchObject({ reason: 'INVALID_TARGET' });
  const front = (await tokensOf('front')).access_token;
  const from = (audience: string[]) => expect(exchange('front', { subject_token: front, audience })).rejects;
  await from(['back', 'front']).toMatchObject({ reason: 'INVALID_TARGET' });
  await from(['gone']).toMatchObject({ reason: 'INVALID_TARGET' });
});

it('refuses more scopes than the token has, and gives no more than it has', async () => {
  const { access_token: subject_token } = await tokensOf('front', 'openid');
  await expect(exchange('front', { subject_token, scope: 'openid email' })).rejects.toMatchObject({
    reason: 'INVALID_SCOPE',
  });
  expect(await exchange('front', { subject_token, audience: ['back'] })).toMatchObject({ scope: 'openid' });
});

it('refuses a person who is deactivated, and one whom the policies refuse', async () => {
  const { access_token: subject_token } = await tokensOf('front');
  const ada = world.people.get(ADA);
  if (!ada) throw new Error('nobody there');
  world.people.set(ADA, { ...ada, is_active: false });
  await expect(exchange('front', { subject_token, audience: ['back'] })).rejects.toMatchObject({
    reason: 'INVALID_GRANT',
  });
  world.people.set(ADA, ada);
  world.verdict = { passing: false, messages: [] };
  await expect(exchange('front', { subject_token, audience: ['back'] })).rejects.toMatchObject({
    reason: 'INVALID_GRANT',
  });
  world.verdict = { passing: true, messages: [] };
});

it('gives a token of the other application for the same person, which nothing refreshes and which ends no later', async () => {
  const { access_token: subject_token } = await tokensOf('front');
  clock.advance(600_000);
  const given = await exchange('front', { subject_token, audience: ['back'] });
  expect(given).toMatchObject({ issued_token_type: TOKEN_TYPES.access, token_type: 'Bearer', scope: 'openid email' });
  expect([given.refresh_token, given.id_token]).toEqual([undefined, undefined]);
  const claims = decodeJwt(given.access_token);
  expect(claims).toMatchObject({ iss: 'https://id.example/application/o/back/', aud: 'back', azp: 'front' });
  expect(claims.exp).toBe(decodeJwt(subject_token).exp);
  expect(claims).not.toHaveProperty('act');
  await expect(read(given.access_token)).resolves.toBeDefined();
});

it('ends what it gave together with the token that it was given for, also at a second remove', async () => {
  const { access_token: subject_token, refresh_token } = await tokensOf('front');
  const first = await exchange('front', { subject_token, audience: ['back'] });
  const second = await exchange('back', { subject_token: first.access_token });
  await expect(read(second.access_token)).resolves.toBeDefined();
  const revoked = { token: refresh_token, client_id: 'front', client_secret: 'front secret' };
  await endpoint.revokeToken(revoked, origin({}));
  for (const { access_token } of [first, second])
    await expect(read(access_token)).rejects.toMatchObject({ reason: 'INVALID_TOKEN' });
});

it('says who acts for whom, and who acted before', async () => {
  const { access_token: subject_token } = await tokensOf('front');
  const actor = (await tokensOf('front')).access_token;
  const delegated = { actor_token: actor, actor_token_type: TOKEN_TYPES.access };
  const first = await exchange('front', { subject_token, ...delegated, audience: ['back'] });
  const { sub, iss } = decodeJwt(actor);
  expect(decodeJwt(first.access_token).act).toEqual({ sub, iss });
  const own = (await tokensOf('back')).access_token;
  const again = { actor_token: own, actor_token_type: TOKEN_TYPES.jwt };
  const second = await exchange('back', { subject_token: first.access_token, ...again });
  expect(decodeJwt(second.access_token).act).toMatchObject({ iss: decodeJwt(own).iss, act: { sub, iss } });
  const silent = await exchange('back', { subject_token: first.access_token });
  expect(decodeJwt(silent.access_token).act).toEqual({ sub, iss });
});

it('takes an id token of the client, while the session is what it was, and no access token in its place', async () => {
  const { id_token, access_token } = await tokensOf('front', 'openid email');
  const identity = (subject_token?: string) => exchange('front', { subject_token, subject_token_type: TOKEN_TYPES.id });
  await expect(identity(access_token)).rejects.toMatchObject(INVALID);
  await expect(identity(`${id_token}x`)).rejects.toMatchObject(INVALID);
  const given = await identity(id_token);
  expect(decodeJwt(given.access_token)).toMatchObject({ aud: 'front', azp: 'front' });
  clock.advance(31 * 86_400_000);
  await expect(identity(id_token)).rejects.toMatchObject(INVALID);
});

it('names resources beside the application', async () => {
  const { access_token: subject_token } = await tokensOf('front');
  const resource = ['https://api.example/'];
  expect(decodeJwt((await exchange('front', { subject_token, resource })).access_token).aud).toBe(resource[0]);
  const both = await exchange('front', { subject_token, resource, audience: ['back'] });
  expect(decodeJwt(both.access_token).aud).toEqual(['back', ...resource]);
});
