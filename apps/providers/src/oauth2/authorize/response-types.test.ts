import { createHash } from 'node:crypto';
import { decodeJwt } from 'jose';
import { describe, expect, it } from 'vitest';
import { CALLBACK } from '../client.fixture.ts';
import { aProtocol, PKCE } from '../protocol.fixture.ts';
import { aKeyPair } from '../signing/certificate.fixture.ts';

const protocol = await aProtocol();
const { authorize, complete, signIn, world } = protocol;
await protocol.client('web', { keys: aKeyPair('P-256') });
await protocol.client('spare', { includeClaimsInIdToken: false });
await protocol.client('coded', { settings: { responseTypes: ['code'] } });
await protocol.client('bound', { settings: { dpopBoundAccessTokens: true } });
await protocol.client('narrow', { settings: { grantTypes: ['authorization_code'] } });
await protocol.client('app', { clientType: 'public' });

const ISSUER = 'https://id.example/application/o/web/';
const asked = { client_id: 'web', redirect_uri: CALLBACK, scope: 'openid profile email', state: 's t/1', nonce: 'n-1' };

/** Parameters of an answer, wherever they stand, in their order. */
function parametersOf(location: string, mode: 'query' | 'fragment'): [string, string][] {
  const { searchParams, hash } = new URL(location);
  return [...(mode === 'query' ? searchParams : new URLSearchParams(hash.slice(1)))];
}

/** Passes the flow; what the client gets, and the way it travels. */
async function answerTo(request: object, session = signIn()) {
  await authorize({ ...asked, ...request }, { session });
  const { redirect = '', form_post } = await complete(session);
  if (form_post) return { mode: 'form_post', entries: Object.entries(form_post.attrs), url: form_post.url };
  const mode = redirect.includes('#') ? 'fragment' : 'query';
  return { mode, entries: parametersOf(redirect, mode), url: redirect.slice(0, CALLBACK.length) };
}

const TABLE = [
  ['code', ['code']],
  ['id_token', ['id_token']],
  ['id_token token', ['access_token', 'id_token', 'token_type', 'expires_in']],
  ['code token', ['access_token', 'code', 'token_type', 'expires_in']],
  ['code id_token', ['id_token', 'code']],
  ['code id_token token', ['access_token', 'id_token', 'code', 'token_type', 'expires_in']],
] as const;

describe.each(TABLE)('the response type %s', (response_type, names) => {
  const own = response_type === 'code' ? 'query' : 'fragment';

  it.each([
    ['', own],
    ['fragment', 'fragment'],
    ['form_post', 'form_post'],
  ])('answers in the mode %j with exactly what it stands for', async (response_mode, mode) => {
    const answer = await answerTo({ response_type, response_mode });
    expect(answer).toMatchObject({ mode, url: CALLBACK });
    const expected = [...names, 'state', 'iss'];
    const got = answer.entries.map(([name]) => name);
    // The map of a form has no order on its way through the protocol between services.
    expect(mode === 'form_post' ? got.toSorted() : got).toEqual(mode === 'form_post' ? expected.toSorted() : expected);
    expect(Object.fromEntries(answer.entries)).toMatchObject({ state: 's t/1', iss: ISSUER });
  });
});

describe.each(TABLE.slice(1))('the response type %s, of which something travels in the open', (response_type) => {
  it('never travels in a query, nor does an error of it', async () => {
    const location = await authorize({ ...asked, response_type, response_mode: 'query' }, { session: signIn() });
    expect(location.startsWith(`${CALLBACK}#`)).toBe(true);
    expect(Object.fromEntries(parametersOf(location, 'fragment'))).toMatchObject({ error: 'invalid_request' });
  });

  it('needs openid and a nonce for an id token', async () => {
    const errorOf = async (change: object) => {
      const location = await authorize({ ...asked, response_type, ...change }, { session: signIn() });
      return new URLSearchParams(new URL(location, CALLBACK).hash.slice(1)).get('error');
    };
    const hasIdToken = response_type.includes('id_token');
    expect(await errorOf({ nonce: '' })).toBe(hasIdToken ? 'invalid_request' : null);
    expect(await errorOf({ scope: 'profile' })).toBe(hasIdToken ? 'invalid_scope' : null);
  });

  it('is refused to clients whose settings leave it out', async () => {
    for (const client_id of ['coded', 'narrow']) {
      const location = await authorize({ ...asked, client_id, response_type }, { session: signIn() });
      expect(Object.fromEntries(parametersOf(location, 'fragment'))).toMatchObject({ error: 'unauthorized_client' });
    }
  });
});

it('means the same in any order of its words', async () => {
  const { entries } = await answerTo({ response_type: 'token id_token code' });
  expect(entries.map(([name]) => name)).toContain('access_token');
});

it('gives a client whose tokens are bound to a key none that anybody may use', async () => {
  const location = await authorize(
    { ...asked, client_id: 'bound', response_type: 'code token' },
    { session: signIn() },
  );
  expect(location).toContain('#error=unauthorized_client');
});

it('needs PKCE of public clients wherever a code is issued', async () => {
  const request = { ...asked, client_id: 'app' };
  for (const response_type of ['code', 'code id_token']) {
    const location = await authorize({ ...request, response_type }, { session: signIn() });
    expect(location).toContain('error=invalid_request');
  }
  expect(await authorize({ ...request, response_type: 'id_token' }, { session: signIn() })).toBe(
    `/if/flow/consent/?${new URLSearchParams({ ...request, response_type: 'id_token' })}`,
  );
});

const halfOf = (text: string) => createHash('sha256').update(text).digest().subarray(0, 16).toString('base64url');

it('ties an id token to the code and the access token beside it, and to the request', async () => {
  const { entries } = await answerTo({ response_type: 'code id_token token' });
  const { code = '', access_token = '', id_token = '' } = Object.fromEntries(entries);
  const claims = decodeJwt(id_token);
  expect(claims).toMatchObject({
    iss: ISSUER,
    aud: 'web',
    nonce: 'n-1',
    c_hash: halfOf(code),
    at_hash: halfOf(access_token),
    amr: ['pwd'],
    email: 'ada@example.com',
  });
  expect(Object.keys(claims).indexOf('c_hash')).toBeLessThan(Object.keys(claims).indexOf('nonce'));
});

it('tells a client that can ask nothing else what it may know, and the others what they asked for by name', async () => {
  const idTokenOf = async (request: object) =>
    decodeJwt(Object.fromEntries((await answerTo({ client_id: 'spare', ...request })).entries).id_token ?? '');
  expect(await idTokenOf({ response_type: 'id_token' })).toMatchObject({ email: 'ada@example.com' });
  expect(await idTokenOf({ response_type: 'code id_token' })).not.toHaveProperty('email');
  const claims = JSON.stringify({ id_token: { email: { essential: true }, phone_number: null } });
  const told = await idTokenOf({ response_type: 'code id_token', claims });
  expect(told).toHaveProperty('email');
  expect(told).not.toHaveProperty('name');
});

it('keeps what was asked for by name for the token endpoint', async () => {
  const claims = JSON.stringify({ id_token: { email: null } });
  const { code } = await protocol.aCode('spare', { scope: 'openid email', claims });
  const { id_token = '' } = await protocol.redeem('spare', code);
  expect(decodeJwt(id_token)).toHaveProperty('email');
  const plain = await protocol.aCode('spare', { scope: 'openid email' });
  expect(decodeJwt((await protocol.redeem('spare', plain.code)).id_token ?? '')).not.toHaveProperty('email');
});

it('issues tokens that hang on the session, names what was granted when it is less, and says who authorized whom', async () => {
  const { entries } = await answerTo({ response_type: 'code token', scope: 'openid nonsense' });
  const { access_token = '', scope, expires_in } = Object.fromEntries(entries);
  expect({ scope, expires_in }).toEqual({ scope: 'openid', expires_in: '3600' });
  const call = protocol.endpoint.getUserInfo({ access_token }, protocol.origin({}));
  await expect(call).resolves.toBeDefined();
  const [authorized] = (await protocol.facts('providers.v1.application.authorized')).slice(-1);
  expect(authorized).toMatchObject({ actor: { kind: 'user' } });
  expect((await protocol.facts('providers.v1.oauth2_token.issued')).length).toBeGreaterThan(0);
});

it('gives nothing when the policies change their mind before the flow is done', async () => {
  const session = signIn();
  await authorize({ ...asked, response_type: 'code id_token token' }, { session });
  world.verdict = { passing: false, messages: [] };
  const { redirect = '' } = await complete(session);
  world.verdict = { passing: true, messages: [] };
  expect(parametersOf(redirect, 'fragment').map(([name]) => name)).toEqual([
    'error',
    'error_description',
    'state',
    'iss',
  ]);
  expect(Object.fromEntries(parametersOf(redirect, 'fragment'))).toMatchObject({ error: 'access_denied' });
});

it('gives one answer when a flow ends 200 times at once', async () => {
  const session = signIn();
  await authorize({ ...asked, response_type: 'code id_token token' }, { session });
  const ends = await Promise.allSettled(Array.from({ length: 200 }, () => complete(session)));
  expect(ends.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
});

it('redeems a code once of 200 times at once, and takes back what it gave', async () => {
  const { code } = await protocol.aCode('web');
  const attempts = Array.from({ length: 200 }, () => protocol.redeem('web', code));
  const ends = await Promise.allSettled(attempts);
  const won = ends.filter((end) => end.status === 'fulfilled');
  expect(won).toHaveLength(1);
  const access_token = won[0]?.value.access_token ?? '';
  await expect(protocol.endpoint.getUserInfo({ access_token }, protocol.origin({}))).rejects.toMatchObject({
    reason: 'INVALID_TOKEN',
  });
  await expect(protocol.refresh('web', won[0]?.value.refresh_token)).rejects.toMatchObject({ reason: 'INVALID_GRANT' });
});

it('answers as an error, and tells administrators, when no token can be signed', async () => {
  await protocol.client('mute', { clientSecret: '' });
  const session = signIn();
  await authorize({ ...asked, client_id: 'mute', response_type: 'id_token' }, { session });
  const { redirect = '' } = await complete(session);
  expect(Object.fromEntries(parametersOf(redirect, 'fragment'))).toMatchObject({ error: 'server_error' });
  expect(await protocol.facts('providers.v1.oauth2_client.misconfigured')).toHaveLength(1);
});

it('gives what somebody gets as somebody else no longer than their session', async () => {
  world.people.set(9, { ...(world.people.get(7) ?? never()), pk: 9, username: 'eve' });
  const session = signIn(7, undefined, 9);
  const { entries } = await answerTo(
    { response_type: 'code token', scope: 'openid offline_access', ...PKCE.challenge },
    session,
  );
  const { access_token = '' } = Object.fromEntries(entries);
  const rows = await protocol.sql<{ session: string | null; user_pk: number }>(
    'select session, user_pk from oauth2_grant where user_pk = 9',
  );
  expect(rows).toEqual([{ session, user_pk: 9 }]);
  expect(access_token).not.toBe('');
});

function never(): never {
  throw new Error('a test needs this');
}
