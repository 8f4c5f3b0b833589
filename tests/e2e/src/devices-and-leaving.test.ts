import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createRemoteJWKSet, decodeJwt, jwtVerify } from 'jose';
import * as oidc from 'openid-client';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Api, apiOf, type Json, until } from './api.client.ts';
import { applyExample } from './examples.ts';
import { type FlowClient, signIn } from './flow.client.ts';
import { ADMIN_PASSWORD, ADMIN_TOKEN, BOOTSTRAP, oneProcess, type Platform } from './platforms.ts';
import { type Registered, register } from './scenery.ts';

const CALLBACK = 'https://app.example/cb';
const GONE = 'https://app.example/gone';
/** What a client is told of sessions that end. */
const heard: string[] = [];
const receiver = createServer((request, response) => {
  request.setEncoding('utf8').on('data', (body: string) => {
    heard.push(new URLSearchParams(body).get('logout_token') ?? '');
  });
  request.on('end', () => response.end());
});

let platform: Platform;
let api: Api;
let app: Registered;
let config: oidc.Configuration;

beforeAll(async () => {
  platform = await oneProcess.start({ ...BOOTSTRAP, POSTERN_EGRESS__ALLOW: '127.0.0.0/8' });
  api = apiOf({ url: platform.url, token: ADMIN_TOKEN });
  app = await register(api, { slug: 'tv', name: 'Television', redirectUri: CALLBACK, consent: 'implicit' });
  await api.patch(`/providers/oauth2/${app.provider}/`, { access_code_validity: 'minutes=10' });
  await new Promise<void>((ready) => receiver.listen(0, '127.0.0.1', ready));
  const { port } = receiver.address() as AddressInfo;
  await api.patch(`/api/postern/v1/oauth2/clients/${app.provider}/settings/`, {
    backchannel_logout_uri: `http://127.0.0.1:${port}/`,
    frontchannel_logout_uri: 'https://app.example/front',
    post_logout_redirect_uris: [GONE],
  });
  const issuer = new URL(`/application/o/${app.slug}/`, platform.url);
  config = await oidc.discovery(issuer, app.client.id, app.client.secret, undefined, {
    execute: [oidc.allowInsecureRequests],
  });
}, 120_000);

afterAll(async () => {
  receiver.close();
  await platform?.stop();
});

/** Somebody who is signed in and has seen a page, which gives the browser its token against forgery. */
async function person(): Promise<FlowClient> {
  const client = await signIn({ url: platform.url, username: 'akadmin', password: ADMIN_PASSWORD });
  await client.send('/if/user/');
  return client;
}

/** Waits until the session of a browser is over at the gateway, too. */
const isOver = (client: FlowClient) =>
  until(
    async () => (await client.send('/api/v3/core/users/me/')).status,
    (status) => status === 403,
  );

const leads = async (client: FlowClient, path: string) => (await client.send(path)).headers.location ?? '';
const flowOf = (location: string) => /^\/if\/flow\/([\w-]+)\//.exec(location)?.[1] ?? location;

/** What the client comes back with when the person passes the flow at this address. */
async function passed(client: FlowClient, url: string): Promise<URL> {
  const location = await leads(client, url);
  const { to } = await client.step(flowOf(location), undefined, new URL(location, platform.url).search.slice(1));
  return new URL(String(to));
}

async function tokensOf(client: FlowClient) {
  const state = oidc.randomState();
  const url = oidc.buildAuthorizationUrl(config, { redirect_uri: CALLBACK, scope: 'openid email', state });
  return oidc.authorizationCodeGrant(config, await passed(client, url.href), { expectedState: state });
}

it('serves no page for codes while the brand names no flow for it', async () => {
  expect((await (await person()).send('/device')).status).toBe(404);
});

it('lets a device in by the code that a person enters and consents to', async () => {
  await applyExample(api, 'flow-device-code.yaml');
  const device = await oidc.initiateDeviceAuthorization(config, { scope: 'openid email' });
  expect(device.verification_uri).toBe(`${platform.url}/device`);
  const client = await person();
  const slug = flowOf(await leads(client, '/device'));
  expect(slug).toBe('default-device-code-flow');
  const component = 'ak-provider-oauth2-device-code';
  expect((await client.step(slug)).component).toBe(component);
  const wrong = await client.step(slug, { component, code: (Number(device.user_code) + 1) % 1e9 });
  expect(wrong).toMatchObject({ component, response_errors: { code: [{ string: 'Invalid code', code: 'invalid' }] } });
  const { to } = await client.step(slug, { component, code: Number(device.user_code) });
  expect(to).toBe(`/device?code=${device.user_code}`);
  const own = flowOf(await leads(client, String(to)));
  const asked = await client.step(own);
  expect(asked).toMatchObject({ component: 'ak-stage-consent', header_text: "You're about to sign into Television." });
  expect((asked.permissions as Json[]).map(({ id }) => id)).toEqual(['device_code', 'email', 'openid']);
  const finish = 'ak-provider-oauth2-device-code-finish';
  expect((await client.step(own, { component: 'ak-stage-consent', token: asked.token })).component).toBe(finish);
  const tokens = await oidc.pollDeviceAuthorizationGrant(config, device);
  expect(tokens.claims()).toMatchObject({ aud: app.client.id, sub: expect.any(String) });
  expect(tokens.refresh_token).toBeDefined();
});

it('tells the client of a session that ends, whoever ends it, by a token that its keys verify', async () => {
  const client = await person();
  const { id_token = '' } = await tokensOf(client);
  const { sid, sub } = decodeJwt(id_token);
  const before = heard.length;
  for (const { uuid } of await api.list('/core/authenticated_sessions/'))
    await api.send('DELETE', `/core/authenticated_sessions/${uuid}/`);
  const tokens = await until(
    async () => heard.slice(before),
    (told) => told.some((token) => decodeJwt(token).sid === sid),
  );
  const token = tokens.find((each) => decodeJwt(each).sid === sid) ?? '';
  const { issuer = '', jwks_uri = '' } = config.serverMetadata();
  const keys = createRemoteJWKSet(new URL(jwks_uri));
  const { payload } = await jwtVerify(token, keys, { typ: 'logout+jwt', issuer, audience: app.client.id });
  expect(payload).toMatchObject({ sub, sid, events: { 'http://schemas.openid.net/event/backchannel-logout': {} } });
});

it('ends the session for an id token, tells the client by a frame, and goes where the client registered', async () => {
  const client = await person();
  const { id_token = '' } = await tokensOf(client);
  const asks = oidc.buildEndSessionUrl(config, { post_logout_redirect_uri: GONE, state: 's' });
  expect(await leads(client, asks.href)).toMatch(/^\/if\/session-end\/tv\/\?/);
  expect((await client.send('/api/v3/core/users/me/')).status).toBe(200);
  const url = oidc.buildEndSessionUrl(config, { id_token_hint: id_token, post_logout_redirect_uri: GONE, state: 's' });
  const page = await client.send(await leads(client, url.href));
  expect(page.headers['content-type']).toMatch(/^text\/html/);
  expect(page.headers['content-security-policy']).toContain('frame-src https://app.example/front;');
  expect(page.text).toContain(`url=${GONE}?state=s`);
  await isOver(client);
});

it('signs out whoever says so on the page, and nobody by a form of another site', async () => {
  const client = await person();
  const path = '/api/postern/v1/oauth2/end-session/tv/';
  const forged = await fetch(new URL(path, platform.url), { method: 'POST', body: '{}' });
  expect(forged.status).toBe(403);
  const form = await fetch(new URL('/application/o/tv/end-session/', platform.url), {
    method: 'POST',
    redirect: 'manual',
    headers: { origin: 'https://evil.example' },
    body: new URLSearchParams({ state: 's' }),
  });
  expect([form.status, form.headers.get('location')]).toEqual([303, '/application/o/tv/end-session/?state=s']);
  const { status, text } = await client.send(path, { post_logout_redirect_uri: GONE });
  expect([status, JSON.parse(text)]).toEqual([200, { to: GONE }]);
  await isOver(client);
});

it('signs people in to programs that know GitHub alone', async () => {
  const client = await person();
  const { id, secret } = app.client;
  const query = new URLSearchParams({
    response_type: 'code',
    client_id: id,
    redirect_uri: CALLBACK,
    scope: 'user:email read:org',
  });
  const code = (await passed(client, `/login/oauth/authorize?${query}`)).searchParams.get('code') ?? '';
  const body = { grant_type: 'authorization_code', client_id: id, client_secret: secret, redirect_uri: CALLBACK, code };
  const answer = await fetch(new URL('/login/oauth/access_token', platform.url), {
    method: 'POST',
    body: new URLSearchParams(body),
  });
  const { access_token }: Json = Object(await answer.json());
  const read = async (path: string, scheme = 'Bearer') => {
    const headers = { authorization: `${scheme} ${access_token}` };
    return (await fetch(new URL(path, platform.url), { headers })).json();
  };
  expect(await read('/user')).toMatchObject({
    login: 'akadmin',
    type: 'User',
    created_at: expect.stringMatching(/^20\d\d-/),
  });
  expect(await read('/user/emails', 'token')).toMatchObject([{ email: 'admin@example.com' }]);
  const [team] = Object(await read('/user/teams'));
  expect(team).toMatchObject({ slug: 'authentik-admins', organization: { name: 'Postern', type: 'Organization' } });
  const nobody = await fetch(new URL('/user', platform.url));
  expect([nobody.status, nobody.headers.get('www-authenticate')]).toEqual([401, expect.stringMatching(/^Bearer/)]);
});
