import { decodeJwt } from 'jose';
import * as oidc from 'openid-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Api, apiOf, until } from './api.client.ts';
import { type FlowClient, flowClient, signIn } from './flow.client.ts';
import { authorizeBy, componentBy } from './oidc-browser.ts';
import { aClient, aKey, aProof, CALLBACK, configured } from './oidc-clients.ts';
import { ADMIN_TOKEN, oneProcess, type Platform } from './platforms.ts';
import { createPerson } from './scenery.ts';

const PASSWORD = 'a long walk in the hills';
const JWT_BEARER = { token_endpoint_auth_method: 'private_key_jwt' };
const EXCHANGE = 'urn:ietf:params:oauth:grant-type:token-exchange';
const ACCESS_TOKEN = 'urn:ietf:params:oauth:token-type:access_token';

let platform: Platform;
let api: Api;
let browser: FlowClient;

beforeAll(async () => {
  platform = await oneProcess.start();
  api = apiOf({ url: platform.url, token: ADMIN_TOKEN });
  await createPerson(api, 'ada', PASSWORD);
  browser = await signIn({ url: platform.url, username: 'ada', password: PASSWORD });
});
afterAll(() => platform?.stop());

/** Signs ada in to a client by a code. */
async function tokensOf(config: oidc.Configuration, more: Record<string, string> = {}, options?: oidc.DPoPOptions) {
  const { parameters, checks } = await aProof();
  const { url } = await authorizeBy(browser, oidc.buildAuthorizationUrl(config, { ...parameters, ...more }));
  return oidc.authorizationCodeGrant(config, url, checks, undefined, options);
}

/** What the person's browser is answered with when it opens an address. */
const errorAt = async (address: URL) => (await authorizeBy(browser, address)).url.searchParams.get('error');

describe('openid-client', () => {
  it.each([
    ['basic', (secret: string) => oidc.ClientSecretBasic(secret)],
    ['post', (secret: string) => oidc.ClientSecretPost(secret)],
  ])('signs people in with its secret by %s, and checks who answered', async (name, by) => {
    const registered = await aClient(api, { slug: `secret-${name}` });
    const config = await configured(platform.url, registered, by(registered.client.secret));
    const tokens = await tokensOf(config);
    expect(tokens.claims()).toMatchObject({ aud: registered.client.id, email: 'ada@example.com', groups: [] });
    expect(await oidc.fetchUserInfo(config, tokens.access_token, String(tokens.claims()?.sub))).toMatchObject({
      preferred_username: 'ada',
    });
  });

  it('needs no secret where the client is public', async () => {
    const registered = await aClient(api, { slug: 'public', provider: { client_type: 'public' } });
    const config = await configured(platform.url, registered, oidc.None());
    const { refresh_token = '' } = await tokensOf(config);
    await expect(oidc.refreshTokenGrant(config, refresh_token)).resolves.toHaveProperty('access_token');
  });

  it('proves itself by a key, and with no secret then', async () => {
    const { key, kid, jwks } = await aKey();
    const registered = await aClient(api, { slug: 'key', settings: { ...JWT_BEARER, jwks } });
    const config = await configured(platform.url, registered, oidc.PrivateKeyJwt({ key, kid }));
    expect((await tokensOf(config)).claims()).toMatchObject({ aud: registered.client.id });
    const program = await oidc.clientCredentialsGrant(config, { scope: 'email' });
    expect(decodeJwt(program.access_token)).toMatchObject({ azp: registered.client.id });
    await expect(tokensOf(await configured(platform.url, registered))).rejects.toMatchObject({
      error: 'invalid_client',
    });
    const other = oidc.PrivateKeyJwt({ key: (await aKey()).key, kid });
    await expect(tokensOf(await configured(platform.url, registered, other))).rejects.toMatchObject({
      error: 'invalid_client',
    });
  });

  it('pushes its request, where nothing else is taken', async () => {
    const registered = await aClient(api, {
      slug: 'pushed',
      settings: { require_pushed_authorization_requests: true },
    });
    const config = await configured(platform.url, registered);
    const { parameters, checks } = await aProof();
    expect(await errorAt(oidc.buildAuthorizationUrl(config, parameters))).toBe('invalid_request');
    const pushed = await oidc.buildAuthorizationUrlWithPAR(config, parameters);
    expect([...pushed.searchParams.keys()].toSorted()).toEqual(['client_id', 'request_uri']);
    const { url } = await authorizeBy(browser, pushed);
    expect((await oidc.authorizationCodeGrant(config, url, checks)).claims()?.nonce).toBe(parameters.nonce);
  });

  it('signs its request, where nothing else is taken', async () => {
    const { key, kid, jwks } = await aKey();
    const registered = await aClient(api, { slug: 'signed', settings: { require_signed_request_object: true, jwks } });
    const config = await configured(platform.url, registered);
    const { parameters, checks } = await aProof();
    expect(await errorAt(oidc.buildAuthorizationUrl(config, parameters))).toBe('invalid_request');
    const signed = await oidc.buildAuthorizationUrlWithJAR(config, parameters, { key, kid });
    const { url } = await authorizeBy(browser, signed);
    expect((await oidc.authorizationCodeGrant(config, url, checks)).claims()?.nonce).toBe(parameters.nonce);
  });

  it('binds its tokens to a key: without it they are of no use', async () => {
    const settings = { dpop_bound_access_tokens: true };
    const registered = await aClient(api, { slug: 'bound', settings, provider: { client_type: 'public' } });
    const config = await configured(platform.url, registered, oidc.None());
    await expect(tokensOf(config)).rejects.toMatchObject({ error: expect.stringMatching(/^invalid_/) });
    const mine = oidc.getDPoPHandle(config, await oidc.randomDPoPKeyPair('ES256'));
    const thief = oidc.getDPoPHandle(config, await oidc.randomDPoPKeyPair('ES256'));
    const tokens = await tokensOf(config, {}, { DPoP: mine });
    expect(tokens.token_type).toBe('dpop');
    const info = (DPoP?: oidc.DPoPHandle) =>
      oidc.fetchUserInfo(config, tokens.access_token, String(tokens.claims()?.sub), { DPoP });
    await expect(info()).rejects.toThrow();
    await expect(info(thief)).rejects.toThrow();
    expect(await info(mine)).toMatchObject({ email: 'ada@example.com' });
    const refresh = (DPoP: oidc.DPoPHandle) =>
      oidc.refreshTokenGrant(config, String(tokens.refresh_token), undefined, { DPoP });
    await expect(refresh(thief)).rejects.toMatchObject({ error: 'invalid_grant' });
    await expect(refresh(mine)).resolves.toMatchObject({ token_type: 'dpop' });
  });

  it('is answered by a form', async () => {
    const config = await configured(platform.url, await aClient(api, { slug: 'form' }));
    const { parameters, checks } = await aProof();
    const asked = oidc.buildAuthorizationUrl(config, { ...parameters, response_mode: 'form_post' });
    const { url, form } = await authorizeBy(browser, asked);
    expect(url.href).toBe(CALLBACK);
    const posted = new Request(url, { method: 'POST', body: new URLSearchParams(form) });
    expect((await oidc.authorizationCodeGrant(config, posted, checks)).claims()?.nonce).toBe(parameters.nonce);
  });

  it('takes id tokens from the authorization endpoint, alone and beside a code', async () => {
    const registered = await aClient(api, { slug: 'hybrid' });
    const implicit = await configured(platform.url, registered);
    oidc.useIdTokenResponseType(implicit);
    const { parameters, checks } = await aProof();
    const { code_challenge, code_challenge_method, ...plain } = parameters;
    const { expectedNonce, expectedState } = checks;
    const answer = await authorizeBy(browser, oidc.buildAuthorizationUrl(implicit, plain));
    const claims = await oidc.implicitAuthentication(implicit, answer.url, expectedNonce, { expectedState });
    expect(claims).toMatchObject({ email: 'ada@example.com', nonce: expectedNonce });

    const hybrid = await configured(platform.url, registered);
    oidc.useCodeIdTokenResponseType(hybrid);
    const { url } = await authorizeBy(browser, oidc.buildAuthorizationUrl(hybrid, parameters));
    expect(url.hash).toMatch(/^#(?=.*code=)(?=.*id_token=)/);
    expect((await oidc.authorizationCodeGrant(hybrid, url, checks)).claims()?.nonce).toBe(expectedNonce);
  });

  it('asks for claims one by one, for fresh sign-ins, and for silence', async () => {
    const provider = { include_claims_in_id_token: false };
    const config = await configured(platform.url, await aClient(api, { slug: 'wishes', provider }));
    const claims = JSON.stringify({ id_token: { nickname: { essential: true }, email: null } });
    const tokens = await tokensOf(config, { claims, scope: 'openid email profile' });
    expect(tokens.claims()).toMatchObject({ nickname: 'ada', email: 'ada@example.com' });
    expect(tokens.claims()).not.toHaveProperty('groups');
    const { parameters } = await aProof();
    const silent = oidc.buildAuthorizationUrl(config, { ...parameters, prompt: 'none' });
    const { url } = await authorizeBy(browser, silent);
    expect(url.searchParams.get('code')).toEqual(expect.any(String));
    const stranger = flowClient({ url: platform.url });
    expect((await authorizeBy(stranger, silent)).url.searchParams.get('error')).toBe('login_required');
  });

  it('is told about people in signed answers', async () => {
    const settings = { userinfo_signed_response_alg: 'RS256' };
    const registered = await aClient(api, { slug: 'sealed', settings });
    const config = await configured(platform.url, registered, undefined, settings);
    const tokens = await tokensOf(config);
    const info = await oidc.fetchUserInfo(config, tokens.access_token, String(tokens.claims()?.sub));
    expect(info).toMatchObject({ aud: registered.client.id, email: 'ada@example.com' });
  });

  it('asks for tokens for a resource', async () => {
    const settings = { resources: ['https://api.example/'] };
    const config = await configured(platform.url, await aClient(api, { slug: 'resource', settings }));
    const { parameters, checks } = await aProof();
    const ask = (resource: string) => oidc.buildAuthorizationUrl(config, { ...parameters, resource });
    expect(await errorAt(ask('https://other.example/'))).toBe('invalid_target');
    const { url } = await authorizeBy(browser, ask('https://api.example/'));
    const { access_token } = await oidc.authorizationCodeGrant(config, url, checks);
    expect([decodeJwt(access_token).aud].flat()).toContain('https://api.example/');
  });

  it('gets tokens for a program, and exchanges those of a person', async () => {
    const grant_types = ['authorization_code', 'refresh_token', 'client_credentials', EXCHANGE];
    const settings = { response_types: ['code'], grant_types };
    const registered = await aClient(api, { slug: 'program', settings });
    const config = await configured(platform.url, registered);
    const program = await oidc.clientCredentialsGrant(config, { scope: 'profile' });
    expect(program).not.toHaveProperty('refresh_token');
    const { access_token: subject_token } = await tokensOf(config);
    const exchanged = await oidc.genericGrantRequest(config, EXCHANGE, {
      subject_token,
      subject_token_type: ACCESS_TOKEN,
      scope: 'email',
    });
    expect(exchanged).toMatchObject({ issued_token_type: ACCESS_TOKEN, scope: 'email' });
    expect(decodeJwt(exchanged.access_token).sub).toBe(decodeJwt(subject_token).sub);
    const plain = await configured(platform.url, await aClient(api, { slug: 'plain' }));
    const refused = oidc.genericGrantRequest(plain, EXCHANGE, { subject_token, subject_token_type: ACCESS_TOKEN });
    await expect(refused).rejects.toMatchObject({ error: 'unauthorized_client' });
  });

  it('signs people in on a device without a browser', async () => {
    const flow = await api.post('/flows/instances/', {
      name: 'Device codes',
      slug: 'device-codes',
      title: 'Enter your code',
      designation: 'stage_configuration',
    });
    const [brand] = await api.list('/core/brands/?default=true');
    await api.patch(`/core/brands/${brand?.brand_uuid}/`, { flow_device_code: flow.pk });
    const registered = await aClient(api, { slug: 'device', provider: { client_type: 'public' } });
    const config = await configured(platform.url, registered, oidc.None());
    const codes = await oidc.initiateDeviceAuthorization(config, { scope: 'openid email' });
    expect(await componentBy(browser, String(codes.verification_uri_complete))).toBe(
      'ak-provider-oauth2-device-code-finish',
    );
    const tokens = await oidc.pollDeviceAuthorizationGrant(config, { ...codes, interval: 0.1 });
    expect(tokens.claims()).toMatchObject({ email: 'ada@example.com' });
  });

  it('signs people out, and is told of tokens that ended', async () => {
    const settings = { post_logout_redirect_uris: ['https://app.example/bye'] };
    const config = await configured(platform.url, await aClient(api, { slug: 'leaving', settings }));
    browser = await signIn({ url: platform.url, username: 'ada', password: PASSWORD });
    const tokens = await tokensOf(config, { scope: 'openid' });
    const parameters = {
      post_logout_redirect_uri: 'https://app.example/bye',
      id_token_hint: String(tokens.id_token),
      state: 'x',
    };
    const elsewhere = { ...parameters, post_logout_redirect_uri: 'https://evil.example/bye' };
    await expect(authorizeBy(browser, oidc.buildEndSessionUrl(config, elsewhere))).rejects.toThrow();
    browser = await signIn({ url: platform.url, username: 'ada', password: PASSWORD });
    const again = await tokensOf(config, { scope: 'openid' });
    const leave = oidc.buildEndSessionUrl(config, { ...parameters, id_token_hint: String(again.id_token) });
    const { url } = await authorizeBy(browser, leave);
    expect(url.href).toBe('https://app.example/bye?state=x');
    await until(
      () => oidc.tokenIntrospection(config, again.access_token),
      ({ active }) => !active,
    );
    await expect(oidc.refreshTokenGrant(config, String(again.refresh_token))).rejects.toMatchObject({
      error: 'invalid_grant',
    });
  });
});
