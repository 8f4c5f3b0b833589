/** Identity providers of a test: a house like ours, and a server that says whatever it is told to. */

import { generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { auth as authProtos, providers as protos } from '@postern/proto';
import { asService } from '@postern/rpc';
import { bundledEntries } from '@postern/testkit';
import { afterAll } from 'vitest';
import type { HeadlessClient, HeadlessHouse, Json } from './headless-house.fixture.ts';

/** What a house needs to reach servers on this machine. */
export const NEARBY = { POSTERN_EGRESS__ALLOW: '127.0.0.0/8' };

/** Where an identity provider is, and who we are there. */
export type Upstream = { readonly discovery: string; readonly clientId: string; readonly clientSecret: string };

const FLOW = {
  policy_engine_mode: 'any',
  layout: 'stacked',
  denied_action: 'message_continue',
  authentication: 'require_authenticated',
};

/** Makes a house an identity provider whose people need not consent. */
export async function upstreamIn(house: HeadlessHouse, redirectUri: string): Promise<Upstream> {
  const origin = asService(house.tenant);
  const { client } = house.running;
  const flow = await client(authProtos.FlowInstanceServiceDefinition, 'auth').createFlow(
    { flow: { ...FLOW, name: 'implicit', slug: 'implicit', title: 'On the way', designation: 'authorization' } },
    origin,
  );
  const scopes = client(protos.ScopeMappingServiceDefinition, 'providers');
  const entries = await bundledEntries('authentik_providers_oauth2.scopemapping');
  const wanted = entries.filter(({ attrs }) => ['openid', 'email', 'profile'].includes(String(attrs.scope_name)));
  const property_mappings = [];
  for (const { attrs } of wanted) {
    const scope_mapping = { name: String(attrs.name), scope_name: String(attrs.scope_name) };
    const made = await scopes.createScopeMapping(
      { scope_mapping: { ...scope_mapping, expression: String(attrs.expression) } },
      origin,
    );
    property_mappings.push(made.pk);
  }
  const keys = client(protos.CertificateKeyPairServiceDefinition, 'providers');
  const { results } = await keys.listCertificateKeyPairs({}, origin);
  const oauth2_provider = {
    name: 'downstream',
    authorization_flow: flow.pk,
    client_type: 'confidential',
    client_id: 'downstream',
    client_secret: 'hush',
    access_code_validity: 'minutes=1',
    access_token_validity: 'hours=1',
    refresh_token_validity: 'days=30',
    include_claims_in_id_token: true,
    sub_mode: 'user_uuid',
    issuer_mode: 'per_provider',
    redirect_uris: redirectUri,
    property_mappings,
    ...(results[0] ? { signing_key: results[0].pk } : {}),
  };
  const provider = await client(protos.OAuth2ProviderServiceDefinition, 'providers').createOAuth2Provider(
    { oauth2_provider },
    origin,
  );
  await client(protos.ApplicationServiceDefinition, 'providers').createApplication(
    { application: { name: 'Downstream', slug: 'downstream', provider: provider.pk, policy_engine_mode: 'any' } },
    origin,
  );
  const discovery = `${house.url}/application/o/downstream/.well-known/openid-configuration`;
  return { discovery, clientId: 'downstream', clientSecret: 'hush' };
}

/** A source of a house, by which people sign in there. */
export async function sourceIn(house: HeadlessHouse, slug: string, upstream: Upstream) {
  const sources = house.running.client(protos.OAuthSourceServiceDefinition, 'providers');
  const origin = asService(house.tenant);
  const oauth_source = protos.OAuthSource.fromPartial({
    name: slug.toUpperCase(),
    slug,
    enabled: true,
    policy_engine_mode: 'any',
    user_matching_mode: 'identifier',
    user_path_template: 'users',
    provider_type: 'openidconnect',
    consumer_key: upstream.clientId,
    consumer_secret: upstream.clientSecret,
    oidc_well_known_url: upstream.discovery,
  });
  const { pk } = await sources.createOAuthSource({ oauth_source }, origin);
  return {
    pk,
    enable: (enabled: boolean) =>
      sources.updateOAuthSource({ slug, oauth_source: { enabled }, update_mask: ['enabled'] }, origin),
    /** How answers show it. */
    entry: {
      id: slug,
      name: slug.toUpperCase(),
      flows: ['provider_redirect', 'provider_token'],
      client_id: upstream.clientId,
      openid_configuration_url: upstream.discovery,
    },
  };
}

/** A page's form sends a browser to a provider: answers where it is sent. */
export async function depart(house: HeadlessHouse, browser: HeadlessClient, fields: Fields): Promise<string> {
  if (!browser.cookies.has('csrftoken')) await browser.get('/auth/session');
  const csrfmiddlewaretoken = browser.cookies.get('csrftoken') ?? '';
  const body = new URLSearchParams({ csrfmiddlewaretoken, ...fields });
  return turn(browser, `${house.url}/_allauth/browser/v1/auth/provider/redirect`, { method: 'POST', body });
}

type Fields = Readonly<Record<string, string>>;

/** A browser goes to a page, with its cookies and no program of ours: answers where it is sent. */
export async function turn(browser: HeadlessClient, url: string, init: RequestInit = {}): Promise<string> {
  const cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  const { status, headers } = await fetch(url, { redirect: 'manual', headers: { cookie }, ...init });
  for (const line of headers.getSetCookie()) {
    const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
    browser.cookies.set(name, decodeURIComponent(value));
  }
  return status === 302 ? (headers.get('location') ?? '') : `status ${status}`;
}

/** A server that signs what it is told to. */
export async function rogueUpstream() {
  const pair = () => generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const [keys, others] = [pair(), pair()];
  const kid = 'one';
  const state = {
    /** Claims instead of the usual ones of the next id token. */
    claims: {} as Json,
    userInfo: {} as Json,
    /** It is signed by a key that is not published. */
    isForged: false,
    forms: [] as URLSearchParams[],
    spent: new Set<string>(),
    nonce: '',
    sub: 'somebody',
  };
  const server = createServer(async (request, response) => {
    const [status, body] = await answerTo(request);
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  afterAll(() => server.close());
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const issuer = `http://127.0.0.1:${address.port}`;

  /** An id token for whoever is to be. */
  function idToken(claims: Json = {}): string {
    const now = Math.floor(Date.now() / 1000);
    const usual = { iss: issuer, aud: 'us', sub: state.sub, iat: now, exp: now + 300, jti: randomUUID() };
    const header = { alg: 'ES256', typ: 'JWT', kid };
    const parts = [header, { ...usual, ...claims, ...state.claims }];
    const signed = parts.map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
    const key = state.isForged ? others.privateKey : keys.privateKey;
    const signature = sign('sha256', Buffer.from(signed), { key, dsaEncoding: 'ieee-p1363' });
    return `${signed}.${signature.toString('base64url')}`;
  }

  async function answerTo(request: IncomingMessage): Promise<[number, object]> {
    switch (request.url) {
      case '/.well-known/openid-configuration':
        return [200, { issuer, ...endpointsOf(issuer), token_endpoint_auth_methods_supported: ['client_secret_post'] }];
      case '/jwks':
        return [200, { keys: [{ ...keys.publicKey.export({ format: 'jwk' }), kid, use: 'sig', alg: 'ES256' }] }];
      case '/userinfo':
        return [200, { sub: state.sub, ...state.userInfo }];
      default: {
        const form = new URLSearchParams(await text(request));
        const code = form.get('code') ?? '';
        state.forms.push(form);
        if (state.spent.has(code)) return [400, { error: 'invalid_grant' }];
        state.spent.add(code);
        return [200, { token_type: 'Bearer', access_token: 'access', id_token: idToken({ nonce: state.nonce }) }];
      }
    }
  }

  return {
    state,
    idToken,
    upstream: { discovery: `${issuer}/.well-known/openid-configuration`, clientId: 'us', clientSecret: 'secret' },
    /** Says yes to whoever was sent here: answers what a browser comes back with. */
    approve(location: string): { readonly path: string; readonly query: URLSearchParams } {
      const asked = new URL(location).searchParams;
      state.nonce = asked.get('nonce') ?? '';
      const query = new URLSearchParams({ code: randomUUID(), state: asked.get('state') ?? '' });
      return { path: new URL(asked.get('redirect_uri') ?? '').pathname, query };
    },
  };
}

function endpointsOf(issuer: string) {
  return {
    authorization_endpoint: `${issuer}/authorize`,
    token_endpoint: `${issuer}/token`,
    userinfo_endpoint: `${issuer}/userinfo`,
    jwks_uri: `${issuer}/jwks`,
  };
}
