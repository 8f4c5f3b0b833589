import { describe, expect, it } from 'vitest';
import { bundledScopes } from '../../testing/bundled-scopes.fixture.ts';
import { aProvider, FLOW, refusal, servedProviders, UNKNOWN } from '../../testing/served-providers.ts';

const app = await servedProviders();
const { oauth2, as, tenant } = app;

describe('an OAuth2 provider', () => {
  it('refuses durations, redirect URIs and references that make no sense, names them all, and stores nothing', async () => {
    const own = tenant();
    const bad = aProvider({ access_code_validity: 'soon', redirect_uris: 'https://a.example ^https://(' });
    await expect(oauth2.createOAuth2Provider({ oauth2_provider: bad }, as(own))).rejects.toMatchObject({
      violations: [
        { field: 'access_code_validity', description: "soon is not in the correct format of 'hours=3;minutes=1'." },
        { field: 'redirect_uris', description: '"^https://(" is not a valid regular expression.' },
      ],
    });
    const endless = aProvider({ access_token_validity: 'days=99999999', refresh_token_validity: 'weeks=1e308' });
    await expect(oauth2.createOAuth2Provider({ oauth2_provider: endless }, as(own))).rejects.toMatchObject({
      violations: [
        { field: 'access_token_validity', description: 'days=99999999 is longer than a thousand years.' },
        { field: 'refresh_token_validity', description: 'weeks=1e308 is longer than a thousand years.' },
      ],
    });
    const script = aProvider({ redirect_uris: 'javascript:alert(1)' });
    await expect(oauth2.createOAuth2Provider({ oauth2_provider: script }, as(own))).rejects.toMatchObject(
      refusal('redirect_uris', '"javascript:alert(1)" has a scheme that is not allowed.'),
    );
    const lost = aProvider({ authorization_flow: UNKNOWN, property_mappings: [UNKNOWN] });
    await expect(oauth2.createOAuth2Provider({ oauth2_provider: lost }, as(own))).rejects.toMatchObject({
      violations: [
        { field: 'authorization_flow', description: `Invalid pk "${UNKNOWN}" - object does not exist.` },
        { field: 'property_mappings' },
      ],
    });
    expect(await app.changes(own)).toEqual([]);
  });

  it('refuses a name that a provider of any kind has, and a client id that is taken', async () => {
    const own = tenant();
    await app.scim.createSCIMProvider(
      { scim_provider: { name: 'web', url: 'https://scim.example', token: 't' } },
      as(own),
    );
    await expect(oauth2.createOAuth2Provider({ oauth2_provider: aProvider() }, as(own))).rejects.toMatchObject(
      refusal('name', 'provider with this name already exists.'),
    );
    await oauth2.createOAuth2Provider({ oauth2_provider: aProvider({ name: 'first' }) }, as(own));
    await expect(
      oauth2.createOAuth2Provider({ oauth2_provider: aProvider({ name: 'second' }) }, as(own)),
    ).rejects.toMatchObject(refusal('client_id', 'OAuth2/OpenID Provider with this Client ID already exists.'));
    await oauth2.createOAuth2Provider({ oauth2_provider: aProvider() }, as(tenant()));
  });

  it('chooses a client id and a secret when nobody does, and keeps the secret sealed', async () => {
    const own = tenant();
    const made = await oauth2.createOAuth2Provider({ oauth2_provider: aProvider({ client_id: '' }) }, as(own));
    expect(made.client_id).toMatch(/^[A-Za-z0-9]{40}$/);
    expect(made.client_secret).toMatch(/^[A-Za-z0-9]{128}$/);
    const [row] = await app.sql<{ client_secret: string }>('select client_secret from provider where pk = $1', [
      made.pk,
    ]);
    expect(row?.client_secret).toMatch(/^v1\./);
  });

  it('shows the secret only to those who may change the provider', async () => {
    const own = tenant();
    const { pk } = await oauth2.createOAuth2Provider(
      { oauth2_provider: aProvider({ client_secret: 'hush' }) },
      as(own),
    );
    const view = ['authentik_providers_oauth2.view_oauth2provider'];
    const seen = await oauth2.getOAuth2Provider({ id: pk }, as(own, { permissions: view }));
    expect(seen).toMatchObject({ client_secret: '', client_id: 'web' });
    const change = [...view, 'authentik_providers_oauth2.change_oauth2provider'];
    expect(await oauth2.getOAuth2Provider({ id: pk }, as(own, { permissions: change }))).toMatchObject({
      client_secret: 'hush',
    });
  });

  it('changes what the mask names and leaves the rest, and is gone for another tenant', async () => {
    const own = tenant();
    const { pk } = await oauth2.createOAuth2Provider(
      { oauth2_provider: aProvider({ authentication_flow: FLOW }) },
      as(own),
    );
    const changed = await oauth2.updateOAuth2Provider(
      { id: pk, oauth2_provider: { sub_mode: 'user_email' }, update_mask: ['sub_mode', 'authentication_flow'] },
      as(own),
    );
    expect(changed).toMatchObject({
      sub_mode: 'user_email',
      client_id: 'web',
      redirect_uris: 'https://app.example/cb',
    });
    expect(changed.authentication_flow).toBeUndefined();
    await expect(oauth2.getOAuth2Provider({ id: pk }, as(tenant()))).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await oauth2.deleteOAuth2Provider({ id: pk }, as(own));
    expect(await app.changes(own)).toEqual([
      'providers.v1.oauth2_provider.created web',
      'providers.v1.oauth2_provider.updated web',
      'providers.v1.oauth2_provider.deleted web',
    ]);
  });

  it('is found by what it is made of', async () => {
    const own = tenant();
    const scope = { name: 'openid', scope_name: 'openid', expression: 'return {}' };
    const mapping = await app.scopes.createScopeMapping({ scope_mapping: scope }, as(own));
    const provider = aProvider({ property_mappings: [mapping.pk] });
    const { pk } = await oauth2.createOAuth2Provider({ oauth2_provider: provider }, as(own));
    await oauth2.createOAuth2Provider({ oauth2_provider: aProvider({ name: 'b', client_id: 'b' }) }, as(own));
    const made = await app.applications.createApplication(
      { application: { name: 'A', slug: 'a', provider: pk, policy_engine_mode: 'any' } },
      as(own),
    );
    for (const filter of [
      { client_id: 'web' },
      { property_mappings: [mapping.pk, UNKNOWN] },
      { application: made.pk },
      { search: 'WE' },
    ]) {
      const { results } = await oauth2.listOAuth2Providers(filter, as(own));
      expect(results.map((one) => one.pk)).toEqual([pk]);
    }
    expect((await oauth2.listOAuth2Providers({ ordering: '-name' }, as(own))).results.map(({ name }) => name)).toEqual([
      'web',
      'b',
    ]);
    const { items } = await app.scopes.listScopeMappingUsedBy({ pm_uuid: mapping.pk }, as(own));
    expect(items).toEqual([
      {
        app: 'authentik_providers_oauth2',
        model_name: 'oauth2provider',
        pk: String(pk),
        name: 'web',
        action: 'CASCADE_MANY',
      },
    ]);
    await app.scopes.deleteScopeMapping({ pm_uuid: mapping.pk }, as(own));
    expect((await oauth2.getOAuth2Provider({ id: pk }, as(own))).property_mappings).toEqual([]);
  });

  it('goes with its authorization flow, and forgets its authentication flow', async () => {
    const own = tenant();
    const other = '0197c0de-0000-7000-8000-00000000f10b';
    app.around.known.add(other);
    const provider = aProvider({ authentication_flow: other });
    const { pk } = await oauth2.createOAuth2Provider({ oauth2_provider: provider }, as(own));
    await app.hear(own, 'auth.v1.flow.deleted', { model: 'authentik_flows.flow', pk: other });
    expect((await oauth2.getOAuth2Provider({ id: pk }, as(own))).authentication_flow).toBeUndefined();
    await app.hear(own, 'auth.v1.flow.deleted', { model: 'authentik_flows.flow', pk: FLOW });
    await expect(oauth2.getOAuth2Provider({ id: pk }, as(own))).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('tells its addresses and what a token would say', async () => {
    const own = tenant();
    const email = (await bundledScopes()).find(({ scopeName }) => scopeName === 'email');
    const mapping = { name: 'email', scope_name: 'email', expression: email?.expression };
    const { pk: scope } = await app.scopes.createScopeMapping({ scope_mapping: mapping }, as(own));
    const provider = aProvider({ property_mappings: [scope], sub_mode: 'user_username' });
    const { pk } = await oauth2.createOAuth2Provider({ oauth2_provider: provider }, as(own));
    expect(await oauth2.getOAuth2SetupUrls({ id: pk }, as(own))).toMatchObject({
      issuer: '',
      authorize: 'https://id.example.com/application/o/authorize/',
    });
    await app.applications.createApplication(
      { application: { name: 'A', slug: 'a', provider: pk, policy_engine_mode: 'any' } },
      as(own),
    );
    expect(await oauth2.getOAuth2SetupUrls({ id: pk }, as(own))).toEqual({
      issuer: 'https://id.example.com/application/o/a/',
      authorize: 'https://id.example.com/application/o/authorize/',
      token: 'https://id.example.com/application/o/token/',
      user_info: 'https://id.example.com/application/o/userinfo/',
      provider_info: 'https://id.example.com/application/o/a/.well-known/openid-configuration',
      logout: 'https://id.example.com/application/o/a/end-session/',
      jwks: 'https://id.example.com/application/o/a/jwks/',
    });
    expect((await oauth2.previewOAuth2User({ id: pk }, as(own))).preview).toMatchObject({
      iss: 'https://id.example.com/application/o/a/',
      sub: 'ada',
      aud: 'web',
      email: 'ada@example.com',
      email_verified: true,
    });
    await expect(oauth2.previewOAuth2User({ id: pk + 1_000 }, as(own))).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('needs the permission of each verb', async () => {
    const own = tenant();
    const nobody = as(own, { permissions: [] });
    await expect(oauth2.listOAuth2Providers({}, nobody)).rejects.toMatchObject({ code: 'PERMISSION_DENIED' });
    await expect(oauth2.createOAuth2Provider({ oauth2_provider: aProvider() }, nobody)).rejects.toMatchObject({
      code: 'PERMISSION_DENIED',
    });
  });
});
