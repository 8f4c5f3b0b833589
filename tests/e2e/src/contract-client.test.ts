import { randomUUID } from 'node:crypto';
import * as ak from '@goauthentik/api';
import * as oidc from 'openid-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { apiOf } from './api.client.ts';
import { signIn } from './flow.client.ts';
import { type ForeignClient, foreignClient, uncalled, whole, wholePage } from './foreign.client.ts';
import { authorizeBy } from './oidc-browser.ts';
import { ADMIN_PASSWORD, ADMIN_TOKEN, oneProcess, type Platform } from './platforms.ts';
import { register } from './scenery.ts';

const CALLBACK = 'https://app.example/cb';
const PICTURE = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);
/** What the operations of applications, OAuth 2, mappings and keys are. */
const PARTS = [
  '/providers/oauth2/',
  '/providers/all/',
  '/core/applications/',
  '/core/transactional/',
  '/oauth2/',
  '/propertymappings/scope/',
  '/propertymappings/all/',
  '/crypto/',
];

let platform: Platform;
let client: ForeignClient;
let flow: string;

beforeAll(async () => {
  platform = await oneProcess.start();
  client = foreignClient(platform.url, ADMIN_TOKEN);
  const flows = new ak.FlowsApi(client.configuration);
  const slug = 'default-provider-authorization-implicit-consent';
  flow = (await flows.flowsInstancesRetrieve({ slug })).pk;
});
afterAll(() => platform?.stop());

describe('the client of the reference product', () => {
  it('makes, changes, tries and deletes scope mappings', async () => {
    const api = new ak.PropertymappingsApi(client.configuration);
    const scopeMappingRequest = {
      name: 'team',
      scopeName: 'team',
      description: 'Your team',
      expression: 'return {"team": x}',
    };
    const { pk: pmUuid } = whole(
      ak.instanceOfScopeMapping,
      await api.propertymappingsScopeCreate({ scopeMappingRequest }),
    );
    const managed = ['goauthentik.io/providers/oauth2/scope-email', 'goauthentik.io/providers/oauth2/scope-openid'];
    const found = wholePage(ak.instanceOfScopeMapping, await api.propertymappingsScopeList({ managed }));
    expect(found.map(({ scopeName }) => scopeName).toSorted()).toEqual(['email', 'openid']);
    await api.propertymappingsScopeUpdate({ pmUuid, scopeMappingRequest: { ...scopeMappingRequest, name: 'a team' } });
    await api.propertymappingsScopePartialUpdate({ pmUuid, patchedScopeMappingRequest: { description: '' } });
    const kept = whole(ak.instanceOfScopeMapping, await api.propertymappingsScopeRetrieve({ pmUuid }));
    expect(kept).toMatchObject({
      name: 'a team',
      description: '',
      managed: undefined,
      component: 'ak-property-mapping-scope-form',
    });

    const all = wholePage(ak.instanceOfPropertyMapping, await api.propertymappingsAllList({ managedIsnull: true }));
    expect(all.map(({ name }) => name)).toContain('a team');
    whole(ak.instanceOfPropertyMapping, await api.propertymappingsAllRetrieve({ pmUuid }));
    const [type] = await api.propertymappingsAllTypesList();
    whole(ak.instanceOfTypeCreate, type ?? {});
    const { user } = await new ak.CoreApi(client.configuration).coreUsersMeRetrieve();
    const test = { pmUuid, policyTestRequest: { user: user.pk, context: { x: 'garden' } }, formatResult: true };
    expect(await api.propertymappingsAllTestCreate(test)).toEqual({
      result: '{\n    "team": "garden"\n}',
      successful: true,
    });
    const failing = await api.propertymappingsAllTestCreate({ pmUuid, policyTestRequest: { user: user.pk } });
    expect(failing).toEqual({ result: "name 'x' is not defined", successful: false });
    expect(await api.propertymappingsAllUsedByList({ pmUuid })).toEqual([]);
    expect(await api.propertymappingsScopeUsedByList({ pmUuid })).toEqual([]);
    await api.propertymappingsScopeDestroy({ pmUuid });
    const other = await api.propertymappingsScopeCreate({ scopeMappingRequest });
    await api.propertymappingsAllDestroy({ pmUuid: other.pk });
  });

  it('generates, imports, shows and deletes keys', async () => {
    const api = new ak.CryptoApi(client.configuration);
    const certificateGenerationRequest = {
      commonName: 'generated',
      subjectAltName: 'a.example,b.example',
      validityDays: 7,
    };
    const generated = await api.cryptoCertificatekeypairsGenerateCreate({ certificateGenerationRequest });
    const { pk: kpUuid, certExpiry } = whole(ak.instanceOfCertificateKeyPair, generated);
    expect(certExpiry).toBeInstanceOf(Date);
    const certificate = await api.cryptoCertificatekeypairsViewCertificateRetrieve({ kpUuid });
    const key = await api.cryptoCertificatekeypairsViewPrivateKeyRetrieve({ kpUuid });
    const certificateKeyPairRequest = { name: 'imported', certificateData: certificate.data, keyData: key.data };
    const imported = await api.cryptoCertificatekeypairsCreate({ certificateKeyPairRequest });
    expect(imported.fingerprintSha256).toBe(generated.fingerprintSha256);
    const own = { kpUuid: imported.pk };
    await api.cryptoCertificatekeypairsUpdate({
      ...own,
      certificateKeyPairRequest: { ...certificateKeyPairRequest, name: 'in' },
    });
    await api.cryptoCertificatekeypairsPartialUpdate({ ...own, patchedCertificateKeyPairRequest: { name: 'brought' } });
    expect(whole(ak.instanceOfCertificateKeyPair, await api.cryptoCertificatekeypairsRetrieve(own)).name).toBe(
      'brought',
    );
    wholePage(
      ak.instanceOfCertificateKeyPair,
      await api.cryptoCertificatekeypairsList({ hasKey: true, includeDetails: true }),
    );
    expect(await api.cryptoCertificatekeypairsUsedByList(own)).toEqual([]);
    await api.cryptoCertificatekeypairsDestroy(own);
  });

  it('makes a provider with an application, looks at both from every side, and deletes them', async () => {
    const providers = new ak.ProvidersApi(client.configuration);
    const core = new ak.CoreApi(client.configuration);
    const crypto = new ak.CryptoApi(client.configuration);
    const [key] = (await crypto.cryptoCertificatekeypairsList({ hasKey: true })).results;
    const oAuth2ProviderRequest = {
      name: 'shop',
      authorizationFlow: flow,
      redirectUris: CALLBACK,
      signingKey: key?.pk,
    };
    const made = whole(ak.instanceOfOAuth2Provider, await providers.providersOauth2Create({ oAuth2ProviderRequest }));
    const id = made.pk;
    const applicationRequest = { name: 'Shop', slug: 'shop', provider: id };
    const slug = whole(ak.instanceOfApplication, await core.coreApplicationsCreate({ applicationRequest })).slug;

    const changed = {
      ...oAuth2ProviderRequest,
      clientType: ak.ClientTypeEnum.Public,
      subMode: ak.SubModeEnum.UserEmail,
    };
    await providers.providersOauth2Update({ id, oAuth2ProviderRequest: changed });
    await providers.providersOauth2PartialUpdate({ id, patchedOAuth2ProviderRequest: { name: 'a shop' } });
    const kept = whole(ak.instanceOfOAuth2Provider, await providers.providersOauth2Retrieve({ id }));
    expect(kept).toMatchObject({
      name: 'a shop',
      clientType: 'public',
      subMode: 'user_email',
      assignedApplicationSlug: slug,
    });
    wholePage(
      ak.instanceOfOAuth2Provider,
      await providers.providersOauth2List({ clientType: ak.ProvidersOauth2ListClientTypeEnum.Public }),
    );
    const urls = whole(ak.instanceOfOAuth2ProviderSetupURLs, await providers.providersOauth2SetupUrlsRetrieve({ id }));
    expect(urls.issuer).toBe(`${platform.url}/application/o/shop/`);
    const { preview } = await providers.providersOauth2PreviewUserRetrieve({ id });
    expect(preview).toMatchObject({ iss: urls.issuer, sub: 'admin@example.com', aud: made.clientId });
    wholePage(ak.instanceOfProvider, await providers.providersAllList({ applicationIsnull: false }));
    expect(whole(ak.instanceOfProvider, await providers.providersAllRetrieve({ id })).assignedApplicationName).toBe(
      'Shop',
    );
    for (const type of await providers.providersAllTypesList()) whole(ak.instanceOfTypeCreate, type);
    // An application is no use of its provider, says the reference; the provider is one of its key.
    expect(await providers.providersAllUsedByList({ id })).toEqual([]);
    expect(await providers.providersOauth2UsedByList({ id })).toEqual([]);
    const [use] = await crypto.cryptoCertificatekeypairsUsedByList({ kpUuid: key?.pk ?? '' });
    expect(whole(ak.instanceOfUsedBy, use ?? {})).toMatchObject({
      modelName: 'oauth2provider',
      name: 'a shop',
      action: 'SET_NULL',
    });

    await core.coreApplicationsUpdate({ slug, applicationRequest: { ...applicationRequest, group: 'Daily' } });
    await core.coreApplicationsPartialUpdate({
      slug,
      patchedApplicationRequest: { metaLaunchUrl: 'https://app.example/%(username)s' },
    });
    await core.coreApplicationsSetIconUrlCreate({ slug, filePathRequest: { url: 'https://app.example/icon.png' } });
    const shown = whole(ak.instanceOfApplication, await core.coreApplicationsRetrieve({ slug }));
    expect(shown).toMatchObject({
      group: 'Daily',
      launchUrl: 'https://app.example/akadmin',
      metaIcon: 'https://app.example/icon.png',
      providerObj: { name: 'a shop' },
    });
    await core.coreApplicationsSetIconCreate({ slug, file: new File([PICTURE], 'icon.png', { type: 'image/png' }) });
    const { metaIcon } = await core.coreApplicationsRetrieve({ slug });
    const icon = await fetch(new URL(String(metaIcon), platform.url));
    expect(Buffer.from(await icon.arrayBuffer())).toEqual(PICTURE);
    wholePage(ak.instanceOfApplication, await core.coreApplicationsList({ superuserFullList: true, search: 'shop' }));
    expect(whole(ak.instanceOfPolicyTestResult, await core.coreApplicationsCheckAccessRetrieve({ slug })).passing).toBe(
      true,
    );
    expect(await core.coreApplicationsMetricsList({ slug })).toBeInstanceOf(Array);
    expect(await core.coreApplicationsUsedByList({ slug })).toEqual([]);

    await core.coreApplicationsDestroy({ slug });
    await providers.providersOauth2Destroy({ id });
    const other = await providers.providersOauth2Create({ oAuth2ProviderRequest });
    await providers.providersAllDestroy({ id: other.pk });
  });

  it('makes an application and its provider at once', async () => {
    const core = new ak.CoreApi(client.configuration);
    const providerModel = ak.ProviderModelEnum.Oauth2Oauth2provider;
    const provider = { providerModel, name: 'both', authorizationFlow: flow };
    const answer = await core.coreTransactionalApplicationsUpdate({
      transactionApplicationRequest: { app: { name: 'Both', slug: 'both' }, providerModel, provider },
    });
    expect(whole(ak.instanceOfTransactionApplicationResponse, answer)).toEqual({ applied: true, logs: [] });
    expect((await core.coreApplicationsRetrieve({ slug: 'both' })).providerObj).toMatchObject({ name: 'both' });
  });

  it('looks at codes and tokens that were given, and deletes them', async () => {
    const api = new ak.Oauth2Api(client.configuration);
    const registered = await register(apiOf({ url: platform.url, token: ADMIN_TOKEN }), {
      slug: 'given',
      name: 'Given',
      redirectUri: CALLBACK,
      consent: 'implicit',
    });
    const issuer = new URL(`${platform.url}/application/o/given/`);
    const { id, secret } = registered.client;
    const config = await oidc.discovery(issuer, id, secret, undefined, { execute: [oidc.allowInsecureRequests] });
    const browser = await signIn({ url: platform.url, username: 'akadmin', password: ADMIN_PASSWORD });
    const parameters = { redirect_uri: CALLBACK, scope: 'openid email offline_access', state: randomUUID() };
    const authorize = () => authorizeBy(browser, oidc.buildAuthorizationUrl(config, parameters));
    const { url } = await authorize();
    await oidc.authorizationCodeGrant(config, url, { expectedState: parameters.state });
    await authorize();

    const [code] = wholePage(
      ak.instanceOfExpiringBaseGrantModel,
      await api.oauth2AuthorizationCodesList({ provider: registered.provider }),
    );
    const own = { id: Number(code?.pk) };
    expect(whole(ak.instanceOfExpiringBaseGrantModel, await api.oauth2AuthorizationCodesRetrieve(own))).toMatchObject({
      scope: ['openid', 'email', 'offline_access'],
      user: { username: 'akadmin' },
      provider: { name: 'Given' },
    });
    expect(await api.oauth2AuthorizationCodesUsedByList(own)).toBeInstanceOf(Array);
    await api.oauth2AuthorizationCodesDestroy(own);

    const [access] = wholePage(ak.instanceOfTokenModel, await api.oauth2AccessTokensList({}));
    const accessId = { id: Number(access?.pk) };
    const { idToken } = whole(ak.instanceOfTokenModel, await api.oauth2AccessTokensRetrieve(accessId));
    expect(JSON.parse(String(idToken))).toMatchObject({ email: 'admin@example.com' });
    expect(await api.oauth2AccessTokensUsedByList(accessId)).toBeInstanceOf(Array);
    await api.oauth2AccessTokensDestroy(accessId);

    const [refresh] = wholePage(ak.instanceOfTokenModel, await api.oauth2RefreshTokensList({}));
    const refreshId = { id: Number(refresh?.pk) };
    whole(ak.instanceOfTokenModel, await api.oauth2RefreshTokensRetrieve(refreshId));
    expect(await api.oauth2RefreshTokensUsedByList(refreshId)).toBeInstanceOf(Array);
    await api.oauth2RefreshTokensDestroy(refreshId);
  });

  it('has called every operation of these parts', async () => {
    const document = await apiOf({ url: platform.url, token: ADMIN_TOKEN }).get('/schema/?format=json');
    expect(uncalled(document, PARTS, client.called)).toEqual([]);
  });
});
