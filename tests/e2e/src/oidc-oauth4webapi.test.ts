import * as oauth from 'oauth4webapi';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Api, apiOf } from './api.client.ts';
import { type FlowClient, signIn } from './flow.client.ts';
import { authorizeBy } from './oidc-browser.ts';
import { aClient, aKey, CALLBACK } from './oidc-clients.ts';
import { ADMIN_PASSWORD, ADMIN_TOKEN, oneProcess, type Platform } from './platforms.ts';
import type { Registered } from './scenery.ts';

const PLAIN_HTTP = { [oauth.allowInsecureRequests]: true };
const API = 'goauthentik.io/api';

type Keys = Awaited<ReturnType<typeof oauth.generateKeyPair>>;

let platform: Platform;
let api: Api;
let browser: FlowClient;
let registered: Registered;
let as: oauth.AuthorizationServer;
let client: oauth.Client;
let auth: oauth.ClientAuth;
let mine: Keys;
let thief: Keys;

/** A client as the FAPI 2.0 Security Profile wants one: nothing but pushed requests, a key for a secret, and tokens that are bound to another. */
beforeAll(async () => {
  platform = await oneProcess.start();
  api = apiOf({ url: platform.url, token: ADMIN_TOKEN });
  const { key, kid, jwks } = await aKey();
  const settings = {
    response_types: ['code'],
    grant_types: ['authorization_code', 'refresh_token'],
    token_endpoint_auth_method: 'private_key_jwt',
    jwks,
    require_pkce: true,
    require_pushed_authorization_requests: true,
    dpop_bound_access_tokens: true,
  };
  const mapping = { name: 'API', scope_name: API, expression: 'return {}' };
  const { pk } = await api.post('/propertymappings/scope/', mapping);
  registered = await aClient(api, { slug: 'bank', settings });
  const provider = await api.get(`/providers/oauth2/${registered.provider}/`);
  const property_mappings = [...(provider.property_mappings as string[]), pk];
  await api.patch(`/providers/oauth2/${registered.provider}/`, { property_mappings });

  const issuer = new URL(`${platform.url}/application/o/bank/`);
  as = await oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, PLAIN_HTTP));
  client = { client_id: registered.client.id };
  const forIssuer = (_header: unknown, payload: oauth.JsonValue & { aud?: unknown }) => {
    payload.aud = as.issuer;
  };
  auth = oauth.PrivateKeyJwt({ key, kid }, { [oauth.modifyAssertion]: forIssuer });
  [mine, thief] = await Promise.all([oauth.generateKeyPair('ES256'), oauth.generateKeyPair('ES256')]);
  browser = await signIn({ url: platform.url, username: 'akadmin', password: ADMIN_PASSWORD });
});
afterAll(() => platform?.stop());

const proof = (keys: Keys) => oauth.DPoP(client, keys);

type Sent = { verifier: string; state: string; nonce: string; request: URLSearchParams };

async function aRequest(more: Record<string, string> = {}): Promise<Sent> {
  const verifier = oauth.generateRandomCodeVerifier();
  const [state, nonce] = [oauth.generateRandomState(), oauth.generateRandomNonce()];
  const request = new URLSearchParams({
    client_id: client.client_id,
    response_type: 'code',
    redirect_uri: CALLBACK,
    scope: `openid email offline_access ${API}`,
    state,
    nonce,
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    ...more,
  });
  return { verifier, state, nonce, request };
}

/** Pushes a request; answers the address for the browser. */
async function push({ request }: Sent, options: oauth.PushedAuthorizationRequestOptions = { DPoP: proof(mine) }) {
  const response = await oauth.pushedAuthorizationRequest(as, client, auth, request, { ...PLAIN_HTTP, ...options });
  const { request_uri } = await oauth.processPushedAuthorizationResponse(as, client, response);
  const address = new URL(String(as.authorization_endpoint));
  address.search = String(new URLSearchParams({ client_id: client.client_id, request_uri }));
  return address;
}

/** What came back, with state and issuer checked. */
async function answerTo(sent: Sent) {
  const { url } = await authorizeBy(browser, await push(sent));
  return oauth.validateAuthResponse(as, client, url, sent.state);
}

const redeem = (answer: URLSearchParams, verifier: string, keys: Keys) =>
  oauth.authorizationCodeGrantRequest(as, client, auth, answer, CALLBACK, verifier, {
    ...PLAIN_HTTP,
    DPoP: proof(keys),
  });

async function tokensFor(sent: Sent) {
  const response = await redeem(await answerTo(sent), sent.verifier, mine);
  const checks = { expectedNonce: sent.nonce, requireIdToken: true };
  return oauth.processAuthorizationCodeResponse(as, client, response, checks);
}

const errorOf = async (response: Response) => ((await response.json()) as { error?: string }).error;

describe('oauth4webapi, as a bank uses it', () => {
  it('finds what it needs in the discovery document', () => {
    expect(as).toMatchObject({
      pushed_authorization_request_endpoint: expect.any(String),
      authorization_response_iss_parameter_supported: true,
      dpop_signing_alg_values_supported: expect.arrayContaining(['ES256']),
      token_endpoint_auth_methods_supported: expect.arrayContaining(['private_key_jwt']),
      code_challenge_methods_supported: expect.arrayContaining(['S256']),
    });
  });

  it('is refused a request that was not pushed, has no challenge, or has a redirect URI of others', async () => {
    const { request } = await aRequest();
    const { url } = await authorizeBy(browser, `${as.authorization_endpoint}?${request}`);
    expect(url.searchParams.get('error')).toBe('invalid_request');
    const naked = await aRequest();
    naked.request.delete('code_challenge');
    naked.request.delete('code_challenge_method');
    await expect(push(naked)).rejects.toMatchObject({ error: 'invalid_request' });
    const evil = await aRequest({ redirect_uri: 'https://evil.example/cb' });
    await expect(push(evil)).rejects.toMatchObject({ error: expect.stringMatching(/^invalid_/) });
  });

  it('pushes by POST alone', async () => {
    const address = String(as.pushed_authorization_request_endpoint);
    for (const method of ['GET', 'PUT', 'DELETE']) {
      const { status, headers } = await fetch(address, { method, redirect: 'manual' });
      expect([status, headers.get('location')], method).toEqual([405, null]);
    }
  });

  it('reads about the person by GET and POST, with its key', async () => {
    const { access_token } = await tokensFor(await aRequest());
    for (const method of ['GET', 'POST']) {
      const address = new URL(String(as.userinfo_endpoint));
      const options = { ...PLAIN_HTTP, DPoP: proof(mine) };
      const response = await oauth.protectedResourceRequest(
        access_token,
        method,
        address,
        undefined,
        undefined,
        options,
      );
      expect([response.status, await response.json()], method).toMatchObject([200, { sub: expect.any(String) }]);
    }
  });

  it('may use what it pushed once, and nobody else may', async () => {
    const sent = await aRequest();
    const address = await push(sent);
    const other = new URL(address);
    other.searchParams.set('client_id', 'somebody');
    await expect(authorizeBy(browser, other)).rejects.toThrow();
    await authorizeBy(browser, address);
    const again = await authorizeBy(browser, address).then(
      ({ url }) => url.searchParams.get('code'),
      () => null,
    );
    expect(again).toBeNull();
  });

  it('gets tokens that it alone can use: they open nothing to a thief, with a key of their own or none', async () => {
    const tokens = await tokensFor(await aRequest());
    expect(tokens.token_type).toBe('dpop');
    const { sub } = oauth.getValidatedIdTokenClaims(tokens) ?? { sub: '' };
    const info = await oauth.userInfoRequest(as, client, tokens.access_token, { ...PLAIN_HTTP, DPoP: proof(mine) });
    expect(await oauth.processUserInfoResponse(as, client, sub, info)).toMatchObject({ email: 'admin@example.com' });
    const stolen = await oauth.userInfoRequest(as, client, tokens.access_token, { ...PLAIN_HTTP, DPoP: proof(thief) });
    expect(stolen.status).toBe(401);
    expect(stolen.headers.get('www-authenticate')).toMatch(/^DPoP error="invalid_token"/);
    const me = `${platform.url}/api/v3/core/users/me/`;
    const bearer = await fetch(me, { headers: { authorization: `Bearer ${tokens.access_token}` } });
    expect(bearer.status).toBe(403);
  });

  it('is refused when a thief brings its code, with its challenge or without', async () => {
    const sent = await aRequest();
    const stolen = await answerTo(sent);
    expect(await errorOf(await redeem(stolen, sent.verifier, thief))).toBe('invalid_grant');
    const other = await aRequest();
    expect(await errorOf(await redeem(await answerTo(other), oauth.generateRandomCodeVerifier(), mine))).toBe(
      'invalid_grant',
    );
  });

  it('refreshes, perhaps with a new key: its refresh token is bound to its assertions (RFC 9449, section 5)', async () => {
    const { refresh_token = '' } = await tokensFor(await aRequest());
    const next = await oauth.generateKeyPair('ES256');
    const refresh = (options: oauth.TokenEndpointRequestOptions) =>
      oauth.refreshTokenGrantRequest(as, client, auth, refresh_token, { ...PLAIN_HTTP, ...options });
    expect(await errorOf(await refresh({}))).toMatch(/^invalid_/);
    const fresh = await oauth.processRefreshTokenResponse(as, client, await refresh({ DPoP: proof(next) }));
    expect(fresh).toMatchObject({ token_type: 'dpop', refresh_token: expect.any(String) });
    const info = await oauth.userInfoRequest(as, client, fresh.access_token, { ...PLAIN_HTTP, DPoP: proof(next) });
    expect(info.status).toBe(200);
  });

  it('is refused with an assertion that was used, that is for another server, or with its secret', async () => {
    const sent = await aRequest();
    let assertion = '';
    const once: oauth.ClientAuth = async (server, known, body, headers) => {
      await auth(server, known, body, headers);
      if (assertion === '') assertion = String(body.get('client_assertion'));
      else body.set('client_assertion', assertion);
    };
    const pushWith = (by: oauth.ClientAuth) =>
      oauth.pushedAuthorizationRequest(as, client, by, sent.request, { ...PLAIN_HTTP, DPoP: proof(mine) });
    expect((await pushWith(once)).status).toBe(201);
    expect(await errorOf(await pushWith(once))).toBe('invalid_client');
    const { key, kid } = await aKey();
    expect(await errorOf(await pushWith(oauth.PrivateKeyJwt({ key, kid })))).toBe('invalid_client');
    expect(await errorOf(await pushWith(oauth.ClientSecretPost(registered.client.secret)))).toBe('invalid_client');
  });
});
