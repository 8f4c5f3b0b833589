import { expect, it } from 'vitest';
import { FLOW, servedProviders, UNKNOWN } from '../testing/served-providers.ts';

const app = await servedProviders();
const OAUTH2 = 'authentik_providers_oauth2.oauth2provider';
const own = app.tenant();

type Wanted = { app?: object; model?: string; provider?: Record<string, unknown> };

/** Asks for a wiki and its provider, with differences. */
const make = ({ model = OAUTH2, ...wanted }: Wanted = {}, caller = app.as(own)) =>
  app.applicationsWithProviders.createApplicationWithProvider(
    {
      app: { name: 'Wiki', slug: 'wiki', policy_engine_mode: 'any', ...wanted.app },
      provider_model: model,
      provider: { name: 'wiki', authorization_flow: FLOW, ...wanted.provider },
    },
    caller,
  );

const there = async () => ({
  applications: (await app.applications.listApplications({ superuser_full_list: true }, app.as(own))).results,
  providers: (await app.providers.listProviders({}, app.as(own))).results,
});

const wrong = (field: string) => ({ violations: [expect.objectContaining({ field })] });

it('is for superusers alone', async () => {
  const permissions = ['authentik_core.add_application', 'authentik_providers_oauth2.add_oauth2provider'];
  await expect(make({}, app.as(own, { permissions }))).rejects.toMatchObject({ code: 'PERMISSION_DENIED' });
});

it.each([
  ['a provider without a name', { provider: { name: undefined } }, 'provider.name'],
  ['no flow', { provider: { authorization_flow: null } }, 'provider.authorization_flow'],
  ['a flow that does not exist', { provider: { authorization_flow: UNKNOWN } }, 'provider.authorization_flow'],
  ['a duration that is none', { provider: { access_code_validity: 'soon' } }, 'provider.access_code_validity'],
  ['an address that is none', { app: { meta_launch_url: 'javascript:alert(1)' } }, 'app.meta_launch_url'],
  ['a kind that is not served', { model: 'authentik_providers_saml.samlprovider' }, 'provider_model'],
  ['a kind that does not exist', { model: 'authentik_core.user' }, 'provider_model'],
])('refuses %s, names the field and makes nothing', async (_what, wanted, field) => {
  await expect(make(wanted)).rejects.toMatchObject(wrong(field));
  expect(await there()).toEqual({ applications: [], providers: [] });
  expect(await app.changes(own)).toEqual([]);
});

it('makes both, and tells of both', async () => {
  expect(await make({ app: { provider: 4711 } })).toEqual({ applied: true, logs: [] });
  const { applications, providers } = await there();
  expect(applications).toMatchObject([{ slug: 'wiki', provider: providers[0]?.pk }]);
  expect(providers).toMatchObject([{ name: 'wiki', assigned_application_slug: 'wiki' }]);
  expect(await app.changes(own)).toEqual([
    'providers.v1.oauth2_provider.created wiki',
    'providers.v1.application.created Wiki',
  ]);
});

it('leaves a provider of the same name, and what its application is, alone', async () => {
  const before = await there();
  const other = { app: { name: 'Other', slug: 'other' }, provider: { client_id: 'stolen' } };
  await expect(make(other)).rejects.toMatchObject(wrong('provider.name'));
  expect(await there()).toEqual(before);
});

it('makes no provider for an application that is there already', async () => {
  const before = await there();
  const refused = { violations: [{ field: 'app.slug', description: 'Application with this slug already exists.' }] };
  await expect(make({ provider: { name: 'wiki 2' } })).rejects.toMatchObject(refused);
  expect(await there()).toEqual(before);
});

it('makes a provider of another kind', async () => {
  const provider = { name: 'sync', url: 'https://wiki.example/scim', token: 's3cret' };
  const wanted = { app: { slug: 'synced' }, model: 'authentik_providers_scim.scimprovider', provider };
  await expect(make(wanted)).resolves.toMatchObject({ applied: true });
});
