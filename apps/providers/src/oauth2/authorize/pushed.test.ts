import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import { describe, expect, it } from 'vitest';
import { CALLBACK } from '../client.fixture.ts';
import { aProtocol, PKCE } from '../protocol.fixture.ts';

const protocol = await aProtocol();
const { authorize, complete, signIn, clock, endpoint, origin, world } = protocol;
const keys = await generateKeyPair('ES256', { extractable: true });
const others = await generateKeyPair('ES256');
const jwks = { keys: [{ ...(await exportJWK(keys.publicKey)), kid: 'k1', alg: 'ES256', use: 'sig' }] };
await protocol.client('web');
await protocol.client('other');
await protocol.client('app', { clientType: 'public' });
await protocol.client('pushing', { settings: { requirePushedAuthorizationRequests: true } });
await protocol.client('signing', { settings: { jwks } });
await protocol.client('strict', { settings: { jwks, requireSignedRequestObject: true } });

const asked = { response_type: 'code', redirect_uri: CALLBACK, scope: 'openid', state: 's' };
const paramsOf = (location: string) => Object.fromEntries(new URL(location).searchParams);

const push = (client: string, request: object = {}, from = {}) =>
  endpoint.pushAuthorization(
    { ...asked, client_id: client, client_secret: `${client} secret`, ...request },
    origin({ in: protocol.tenant, ...from }),
  );
const open = (client_id: string, request_uri: string, session?: string, more: object = {}) =>
  authorize({ client_id, request_uri, ...more }, session === undefined ? {} : { session });

describe('the endpoint for pushed requests', () => {
  it.each([
    ['a wrong secret', { client_secret: 'wrong' }, 'INVALID_CLIENT'],
    ['no secret', { client_secret: '' }, 'INVALID_CLIENT'],
    ['an unknown client', { client_id: 'nobody' }, 'INVALID_CLIENT'],
    ['a request that points to another', { request_uri: 'urn:ietf:params:oauth:request_uri:x' }, 'INVALID_REQUEST'],
    ['another address', { redirect_uri: 'https://evil.example/cb' }, 'INVALID_REQUEST'],
    ['no address', { redirect_uri: '' }, 'INVALID_REQUEST'],
    ['an unknown response type', { response_type: 'token' }, 'UNSUPPORTED_RESPONSE_TYPE'],
    ['an unknown scope', { scope: 'nonsense' }, 'INVALID_SCOPE'],
    ['an unknown resource', { resource: ['https://api.example/'] }, 'INVALID_TARGET'],
    ['tokens in a query', { response_type: 'code token', response_mode: 'query' }, 'INVALID_REQUEST'],
    ['a signed request of a client without keys', { request: 'a.b.c' }, 'REQUEST_NOT_SUPPORTED'],
  ])('refuses %s', async (_name, wrong, reason) => {
    await expect(push('web', wrong)).rejects.toMatchObject({ reason });
  });

  it('needs PKCE of public clients', async () => {
    await expect(push('app', { client_secret: '' })).rejects.toMatchObject({ reason: 'INVALID_REQUEST' });
    expect(await push('app', { client_secret: '', ...PKCE.challenge })).toMatchObject({ expires_in: 60 });
  });

  it('keeps neither the address nor the secret that it was told', async () => {
    const { request_uri, expires_in } = await push('web');
    expect(request_uri).toMatch(/^urn:ietf:params:oauth:request_uri:[\w-]{43}$/);
    expect(expires_in).toBe(60);
    const rows = await protocol.sql<object>('select * from oauth2_pushed_request');
    expect(JSON.stringify(rows)).not.toContain('secret');
    expect(JSON.stringify(rows)).not.toContain(request_uri.slice(-43));
  });
});

describe('a key that a client shows when it pushes', () => {
  const url = 'https://id.example/application/o/';
  const proofOf = async (change: JWTPayload = {}) => {
    const { kty, crv, x, y } = await exportJWK(keys.publicKey);
    const claims = { jti: crypto.randomUUID(), htm: 'GET', htu: url, iat: Math.floor(clock.now().getTime() / 1000) };
    return new SignJWT({ ...claims, ...change })
      .setProtectedHeader({ alg: 'ES256', typ: 'dpop+jwt', jwk: { kty, crv, x, y } })
      .sign(keys.privateKey);
  };
  const thumbprint = async () => calculateJwkThumbprint(await exportJWK(keys.publicKey));

  it('is the one that the code is for, and no other', async () => {
    const other = { dpop_jkt: 'x'.repeat(43) };
    for (const [change, request] of [
      [{ htu: 'https://other.example/' }, {}],
      [{}, other],
    ] as const)
      await expect(push('web', request, { headers: { dpop: await proofOf(change) } })).rejects.toMatchObject({
        reason: 'INVALID_DPOP_PROOF',
      });
    const { request_uri } = await push('web', {}, { headers: { dpop: await proofOf() } });
    const session = signIn();
    await open('web', request_uri, session);
    const { code = '' } = paramsOf((await complete(session)).redirect ?? '');
    const rows = await protocol.sql<{ jkt: string }>('select jkt from oauth2_code where jkt is not null');
    expect(rows).toEqual([{ jkt: await thumbprint() }]);
    await expect(protocol.redeem('web', code)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
  });
});

describe('a pushed request', () => {
  it('is opened once, by its client, within a minute, and as it was pushed', async () => {
    const { request_uri } = await push('web');
    await expect(open('other', request_uri, signIn())).rejects.toMatchObject({ reason: 'REQUEST_INVALID' });
    const session = signIn();
    const more = { redirect_uri: 'https://evil.example/', scope: 'nonsense', state: 'evil', response_type: 'token' };
    expect(await open('web', request_uri, session, more)).toBe('/if/flow/consent/');
    expect(paramsOf((await complete(session)).redirect ?? '')).toMatchObject({ state: 's' });
    await expect(open('web', request_uri, session)).rejects.toMatchObject({ reason: 'REQUEST_INVALID' });
    const late = await push('web');
    clock.advance(60_001);
    await expect(open('web', late.request_uri, signIn())).rejects.toMatchObject({ reason: 'REQUEST_INVALID' });
  });

  it('is opened by one of many at once', async () => {
    const { request_uri } = await push('web');
    const session = signIn();
    const ends = await Promise.allSettled(Array.from({ length: 20 }, () => open('web', request_uri, session)));
    expect(ends.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  it('waits for somebody who has to sign in, under an address of its own that works once', async () => {
    const { request_uri } = await push('pushing', { prompt: 'login' });
    await open('pushing', request_uri);
    const { next = '' } = world.started.at(-1) ?? {};
    const back = Object.fromEntries(new URLSearchParams(next.slice(next.indexOf('?'))));
    expect(back.request_uri).not.toBe(request_uri);
    clock.advance(600_000);
    const session = signIn();
    clock.advance(10_000);
    expect(await authorize(back, { session })).toBe('/if/flow/consent/');
    expect(world.started.at(-1)?.context?.prompts).toEqual([]);
    expect(paramsOf((await complete(session)).redirect ?? '')).toHaveProperty('code');
    await expect(authorize(back, { session })).rejects.toMatchObject({ reason: 'REQUEST_INVALID' });
  });

  it('belongs to its tenant', async () => {
    const { request_uri } = await push('web');
    const elsewhere = '0197c0de-0000-7000-8000-0000000000ff';
    await protocol.client('web', { tenant: elsewhere });
    const request = endpoint.authorize({ client_id: 'web', request_uri }, origin({ in: elsewhere, query: 'x=y' }));
    await expect(request).rejects.toMatchObject({ reason: 'REQUEST_INVALID' });
  });

  it('is the only kind that a client takes which says so', async () => {
    const plain = await authorize({ ...asked, client_id: 'pushing' }, { session: signIn() });
    expect(paramsOf(plain)).toMatchObject({ error: 'invalid_request' });
    const { request_uri } = await push('pushing');
    expect(await open('pushing', request_uri, signIn())).toBe('/if/flow/consent/');
  });
});

describe('a signed request', () => {
  const now = () => Math.floor(clock.now().getTime() / 1000);
  const AUDIENCE = (client: string) => `https://id.example/application/o/${client}/`;

  const sign = (client: string, change: JWTPayload = {}, key = keys.privateKey, header: object = {}) =>
    new SignJWT({
      ...asked,
      client_id: client,
      iss: client,
      aud: AUDIENCE(client),
      exp: now() + 300,
      nbf: now(),
      ...change,
    })
      .setProtectedHeader({ alg: 'ES256', kid: 'k1', typ: 'oauth-authz-req+jwt', ...header })
      .sign(key);
  const send = (client: string, request: string, more: object = {}) =>
    authorize({ client_id: client, request, ...more }, { session: signIn() });

  const unsigned = () => {
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const claims = { ...asked, client_id: 'signing', iss: 'signing', aud: AUDIENCE('signing'), exp: now() + 60 };
    return `${part({ alg: 'none' })}.${part(claims)}.`;
  };

  it.each([
    ['by somebody else', () => sign('signing', {}, others.privateKey)],
    ['by nobody', async () => unsigned()],
    [
      'by the secret of the client',
      () =>
        new SignJWT({ ...asked, client_id: 'signing', iss: 'signing', aud: AUDIENCE('signing') })
          .setProtectedHeader({ alg: 'HS256' })
          .sign(Buffer.from('signing secret')),
    ],
    ['in the name of another client', () => sign('signing', { iss: 'web' })],
    ['for another client', () => sign('signing', { client_id: 'web' })],
    ['for another server', () => sign('signing', { aud: 'https://other.example/' })],
    ['that is over', () => sign('signing', { exp: now() - 60 })],
    ['that is not yet valid', () => sign('signing', { nbf: now() + 60 })],
    ['that points to another', () => sign('signing', { request_uri: 'https://app.example/r' })],
    ['that holds another', () => sign('signing', { request: 'a.b.c' })],
    ['that proves who the client is', () => sign('signing', { sub: 'signing' })],
    ['that says that it is something else', () => sign('signing', {}, keys.privateKey, { typ: 'at+jwt' })],
  ])('is refused when it was signed %s', async (_name, make) => {
    const location = await send('signing', await make(), asked);
    expect(paramsOf(location)).toMatchObject({ error: 'invalid_request_object', state: 's' });
    await expect(send('signing', await make())).rejects.toMatchObject({ reason: 'REQUEST_INVALID' });
  });

  it('counts alone: nothing beside it does', async () => {
    const session = signIn();
    const beside = { redirect_uri: 'https://evil.example/', scope: 'nonsense', state: 'evil', response_type: 'token' };
    const request = await sign('signing', { max_age: 600, claims: { id_token: { email: null } } });
    await authorize({ client_id: 'signing', request, ...beside }, { session });
    expect(paramsOf((await complete(session)).redirect ?? '')).toMatchObject({ state: 's' });
  });

  it('sends nobody to an address that is not registered', async () => {
    const request = await sign('signing', { redirect_uri: 'https://evil.example/' });
    await expect(send('signing', request, asked)).rejects.toMatchObject({ reason: 'REDIRECT_URI_INVALID' });
  });

  it('is the only kind that a client takes which says so, and then says for how long', async () => {
    expect(paramsOf(await authorize({ ...asked, client_id: 'strict' }, { session: signIn() }))).toMatchObject({
      error: 'invalid_request',
    });
    for (const change of [{ exp: undefined }, { nbf: undefined }, { exp: now() + 7_200 }])
      expect(paramsOf(await send('strict', await sign('strict', change), asked))).toMatchObject({
        error: 'invalid_request_object',
      });
    expect(await send('strict', await sign('strict'))).toBe('/if/flow/consent/');
  });

  it('may be pushed', async () => {
    const bare = { response_type: '', redirect_uri: '', scope: '', state: '' };
    const { request_uri } = await push('signing', { ...bare, request: await sign('signing') });
    expect(await open('signing', request_uri, signIn())).toBe('/if/flow/consent/');
    const forged = push('signing', { ...bare, request: await sign('signing', {}, others.privateKey) });
    await expect(forged).rejects.toMatchObject({ reason: 'INVALID_REQUEST_OBJECT' });
  });

  it.each([
    ['ends soon', {}],
    ['ends in a thousand years', { exp: 4e10 }],
    ['never ends', { exp: undefined }],
  ])('counts once where it has an id and %s', async (_when, change) => {
    const request = await sign('signing', { jti: crypto.randomUUID(), ...change });
    const answers = await Promise.all([1, 2, 3].map(() => send('signing', request, asked)));
    const refused = answers.filter((location) => location.startsWith('https:')).map(paramsOf);
    expect(refused).toMatchObject(Array(2).fill({ error: 'invalid_request_object', state: 's' }));
    const again = push('signing', { request });
    await expect(again).rejects.toMatchObject({ reason: 'INVALID_REQUEST_OBJECT' });
    expect(await send('signing', await sign('signing', { jti: crypto.randomUUID() }))).toBe('/if/flow/consent/');
  });

  it.each([7, '', 'x'.repeat(513), null])('is refused with the id %s', async (jti) => {
    const request = await sign('signing', { jti: jti as string });
    expect(paramsOf(await send('signing', request, asked))).toMatchObject({ error: 'invalid_request_object' });
  });

  it('counts for whoever signs in for it, though it was used up by coming', async () => {
    const request = await sign('signing', { jti: crypto.randomUUID(), ui_locales: 'de', prompt: 'login' });
    const page = await authorize({ client_id: 'signing', request });
    expect(page).toBe('/if/flow/consent/?ui_locales=de');
    const back = new URL(world.started.at(-1)?.next ?? '', 'https://id.example').searchParams;
    expect(await open('signing', back.get('request_uri') ?? '', signIn())).toBe('/if/flow/consent/?ui_locales=de');
  });

  it('is never fetched from elsewhere', async () => {
    const location = await authorize(
      { ...asked, client_id: 'signing', request_uri: 'https://app.example/r' },
      { session: signIn() },
    );
    expect(paramsOf(location)).toMatchObject({ error: 'request_uri_not_supported' });
    expect(world.reads).toEqual([]);
  });
});

describe('a request by form', () => {
  const submit = (request: object, from = {}) =>
    protocol.withHead((onHead) => endpoint.authorizeByForm(request, origin({ ...from }), { onHead }));

  it('comes back by GET, whoever is signed in', async () => {
    const { location, head } = await submit({ ...asked, client_id: 'web' }, { session: signIn() });
    expect(head?.status).toBe(303);
    expect(location?.startsWith('/application/o/authorize/?')).toBe(true);
    expect(Object.fromEntries(new URLSearchParams(location?.split('?')[1]))).toMatchObject({
      client_id: 'web',
      state: 's',
    });
  });

  it('waits here when it is long', async () => {
    const { location = '' } = await submit({ ...asked, client_id: 'web', claims: `{"x":"${'y'.repeat(9_000)}"}` });
    const back = Object.fromEntries(new URLSearchParams(location.split('?')[1]));
    expect(await authorize(back, { session: signIn() })).toBe('/if/flow/consent/');
    const pushing = await submit({ ...asked, client_id: 'pushing', login_hint: 'y'.repeat(9_000) });
    const query = Object.fromEntries(new URLSearchParams((pushing.location ?? '').split('?')[1]));
    expect(paramsOf(await authorize(query, { session: signIn() }))).toMatchObject({ error: 'invalid_request' });
  });

  it('is an unknown address without parameters, and a page for an unknown client', async () => {
    await expect(submit({})).rejects.toMatchObject({ reason: 'NOT_FOUND' });
    await expect(submit({ ...asked, client_id: 'nobody' })).rejects.toMatchObject({ reason: 'CLIENT_ID_INVALID' });
  });
});
