import { generateKeyPairSync } from 'node:crypto';
import { events } from '@postern/proto';
import { expect, it } from 'vitest';
import { createClients } from '../clients/index.ts';
import { createSigningKeys } from '../keys/index.ts';
import { aProvider, servedProviders } from '../testing/served-providers.ts';

const app = await servedProviders();
const { as, clientSettings } = app;
const clients = createClients({ signingKeys: createSigningKeys() });
const EXCHANGE = 'urn:ietf:params:oauth:grant-type:token-exchange';
const VIEW = 'authentik_providers_oauth2.view_oauth2provider';

async function aClient(values = {}) {
  const tenant = app.tenant();
  const { pk } = await app.oauth2.createOAuth2Provider({ oauth2_provider: aProvider(values) }, as(tenant));
  const set = (settings: Parameters<typeof clientSettings.updateClientSettings>[0]['settings']) =>
    clientSettings.updateClientSettings(
      { provider: pk, settings, update_mask: Object.keys(settings ?? {}) },
      as(tenant),
    );
  return { tenant, pk, set, get: () => clientSettings.getClientSettings({ provider: pk }, as(tenant)) };
}

const publicKey = (bits = 2048) =>
  generateKeyPairSync('rsa', { modulusLength: bits }).publicKey.export({ format: 'jwk' });
const privateKey = () => generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' });

it('shows what clients of the contract expect for a provider that nobody set anything for', async () => {
  const { get, pk } = await aClient();
  const shown = await get();
  expect(shown).toMatchObject({ provider: pk, token_endpoint_auth_method: '', require_pkce: false, resources: [] });
  expect(shown.response_types).toHaveLength(6);
  expect(shown.grant_types).not.toContain(EXCHANGE);
  expect(shown.jwks).toBeUndefined();
});

it.each([
  ['response_types', { response_types: ['token'] }],
  ['response_types', { response_types: ['code'], grant_types: ['implicit'] }],
  ['response_types', { response_types: ['code', 'id_token'], grant_types: ['authorization_code'] }],
  ['grant_types', { grant_types: ['urn:ietf:params:oauth:grant-type:jwt-bearer'] }],
  ['token_endpoint_auth_method', { token_endpoint_auth_method: 'tls_client_auth' }],
  ['token_endpoint_auth_method', { token_endpoint_auth_method: 'none' }],
  ['token_endpoint_auth_method', { token_endpoint_auth_method: 'private_key_jwt' }],
  ['jwks', { jwks: {} }],
  ['jwks', { jwks: { keys: [privateKey()] } }],
  ['jwks', { jwks: { keys: [{ kty: 'oct', k: 'c2VjcmV0' }] } }],
  ['jwks', { jwks: { keys: [{ kty: 'RSA', n: 'AQAB', e: 'AQAB' }] } }],
  ['jwks', { jwks: { keys: [publicKey(1024)] } }],
  ['jwks', { jwks: { keys: [publicKey()] }, jwks_uri: 'https://app.example/jwks' }],
  ['jwks_uri', { jwks_uri: 'http://app.example/jwks' }],
  ['jwks_uri', { jwks_uri: 'https://user:pass@app.example/jwks' }],
  ['userinfo_signed_response_alg', { userinfo_signed_response_alg: 'none' }],
  ['require_signed_request_object', { require_signed_request_object: true }],
  ['post_logout_redirect_uris', { post_logout_redirect_uris: ['javascript:alert(1)'] }],
  ['post_logout_redirect_uris', { post_logout_redirect_uris: ['https://app.example/#out'] }],
  ['post_logout_redirect_uris', { post_logout_redirect_uris: ['/out'] }],
  ['post_logout_redirect_uris', { post_logout_redirect_uris: ['https:\\\\app.example'] }],
  ['backchannel_logout_uri', { backchannel_logout_uri: 'http://app.example/out' }],
  ['frontchannel_logout_uri', { frontchannel_logout_uri: 'data:text/html,x' }],
  ['resources', { resources: ['api'] }],
  ['resources', { resources: ['https://api.example/#a'] }],
])('refuses a wrong %s and names it', async (field, settings) => {
  const { set, get } = await aClient();
  const before = await get();
  await expect(set(settings)).rejects.toMatchObject({
    code: 'INVALID_ARGUMENT',
    violations: [{ field: expect.stringMatching(new RegExp(`(^|\\.)${field}$`)) }],
  });
  expect(await get()).toEqual(before);
});

it('refuses whoever may not see or change the provider, and knows none of another tenant', async () => {
  const { pk, tenant } = await aClient();
  const settings = { require_pkce: true };
  const may = (permissions: string[]) => as(tenant, { permissions });
  await expect(clientSettings.getClientSettings({ provider: pk }, may([]))).rejects.toMatchObject({
    code: 'PERMISSION_DENIED',
  });
  await expect(clientSettings.updateClientSettings({ provider: pk, settings }, may([VIEW]))).rejects.toMatchObject({
    code: 'PERMISSION_DENIED',
  });
  const elsewhere = as(app.tenant());
  await expect(clientSettings.getClientSettings({ provider: pk }, elsewhere)).rejects.toMatchObject({
    code: 'NOT_FOUND',
  });
});

it('changes what the mask names, tells of it, and lets the protocol see it', async () => {
  const { set, pk, tenant } = await aClient({ client_type: 'public' });
  const jwks = { keys: [publicKey()] };
  await set({ response_types: ['code'], grant_types: [EXCHANGE, 'authorization_code'], jwks });
  const after = await set({
    dpop_bound_access_tokens: true,
    post_logout_redirect_uris: ['https://app.example/out', 'http://127.0.0.1:8080/out', 'com.example.app:/out'],
    resources: ['urn:example:api', 'https://api.example/'],
    token_endpoint_auth_method: 'none',
  });
  expect(after).toMatchObject({ response_types: ['code'], grant_types: ['authorization_code', EXCHANGE], jwks });
  const told = (await app.facts(tenant)).map(({ subject, payload }) => [subject, events.ModelChanged.decode(payload)]);
  expect(told.slice(1)).toMatchObject([
    ['providers.v1.oauth2_provider.updated', { name: 'web', changed: ['response_types', 'grant_types', 'jwks'] }],
    ['providers.v1.oauth2_provider.updated', { after: { dpop_bound_access_tokens: true } }],
  ]);
  const client = await app.db.read({ tenant }, (em) => clients.find(em, pk));
  expect(client?.settings).toMatchObject({ responseTypes: ['code'], jwks, dpopBoundAccessTokens: true, jwksUri: '' });
  await app.oauth2.deleteOAuth2Provider({ id: pk }, as(tenant));
  expect(await app.sql('select from oauth2_client_settings where provider_pk = $1', [pk])).toEqual([]);
});

it('lists what somebody set, makes it once, and takes it back to the defaults', async () => {
  const { pk, tenant, get } = await aClient();
  const before = await get();
  const list = async () => (await clientSettings.listClientSettings({}, as(tenant))).results;
  const create = (settings: object) => clientSettings.createClientSettings({ settings }, as(tenant));
  expect(await list()).toEqual([]);
  await expect(create({ ...before, provider: 4711 })).rejects.toMatchObject({ violations: [{ field: 'provider' }] });
  await expect(create({ ...before, resources: ['api'] })).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
  const made = await create({ ...before, require_pkce: true });
  expect(await list()).toEqual([made]);
  expect((await clientSettings.listClientSettings({ provider: pk + 1 }, as(tenant))).results).toEqual([]);
  await expect(create(before)).rejects.toMatchObject({ violations: [{ field: 'provider' }] });
  const viewer = as(tenant, { permissions: [VIEW] });
  await expect(clientSettings.deleteClientSettings({ provider: pk }, viewer)).rejects.toMatchObject({
    code: 'PERMISSION_DENIED',
  });
  const elsewhere = as(app.tenant());
  expect((await clientSettings.listClientSettings({}, elsewhere)).results).toEqual([]);
  await clientSettings.deleteClientSettings({ provider: pk }, as(tenant));
  expect([await list(), await get()]).toEqual([[], before]);
  expect((await app.facts(tenant)).at(-1)?.subject).toBe('providers.v1.oauth2_provider.updated');
});
