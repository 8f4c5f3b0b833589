import { expect, it } from 'vitest';
import { aProvider, servedProviders } from '../testing/served-providers.ts';

const app = await servedProviders();
const { oauth2, sources, scopes: scopeMappings, as, tenant } = app;
const ALL = ['oauth2provider', 'scopemapping'].flatMap((model) =>
  ['add', 'change', 'delete', 'view'].map((verb) => `authentik_providers_oauth2.${verb}_${model}`),
);
const SOURCES = ['add', 'change', 'delete', 'view'].map((verb) => `authentik_sources_oauth.${verb}_oauthsource`);
const CLIENT = { code: 'PERMISSION_DENIED', reason: 'API_CLIENT_RESERVED' };
const SOURCE = { code: 'PERMISSION_DENIED', reason: 'SOURCE_RESERVED' };

it('lets superusers alone make a client that gets tokens for the API, and change it', async () => {
  const own = tenant();
  const clerk = as(own, { permissions: ALL });
  const mapping = { name: 'api', scope_name: 'goauthentik.io/api', expression: 'return {}' };
  const { pk } = await scopeMappings.createScopeMapping({ scope_mapping: mapping }, as(own));
  const client = (name: string, property_mappings: string[] = []) => ({
    oauth2_provider: aProvider({ name, client_id: name, property_mappings }),
  });
  await expect(oauth2.createOAuth2Provider(client('one', [pk]), clerk)).rejects.toMatchObject(CLIENT);
  const plain = await oauth2.createOAuth2Provider(client('two'), clerk);
  const add = { id: plain.pk, oauth2_provider: { property_mappings: [pk] }, update_mask: ['property_mappings'] };
  await expect(oauth2.updateOAuth2Provider(add, clerk)).rejects.toMatchObject(CLIENT);
  const trusted = await oauth2.createOAuth2Provider(client('three', [pk]), as(own));
  const lead = { id: trusted.pk, oauth2_provider: { redirect_uris: 'https://evil.example' } };
  await expect(oauth2.updateOAuth2Provider({ ...lead, update_mask: ['redirect_uris'] }, clerk)).rejects.toMatchObject(
    CLIENT,
  );
  await oauth2.deleteOAuth2Provider({ id: trusted.pk }, clerk);
});

it('sees through a mapping that is renamed', async () => {
  const own = tenant();
  const clerk = as(own, { permissions: ALL });
  const scope_mapping = { name: 'x', scope_name: 'x', expression: 'return {}' };
  const { pk } = await scopeMappings.createScopeMapping({ scope_mapping }, clerk);
  await oauth2.createOAuth2Provider({ oauth2_provider: aProvider({ property_mappings: [pk] }) }, clerk);
  const rename = { pm_uuid: pk, scope_mapping: { scope_name: 'goauthentik.io/api' }, update_mask: ['scope_name'] };
  await expect(scopeMappings.updateScopeMapping(rename, clerk)).rejects.toMatchObject(CLIENT);
});

it('lets superusers alone decide whom a source is believed about', async () => {
  const own = tenant();
  const clerk = as(own, { permissions: SOURCES });
  const source = (slug: string, user_matching_mode: string) => ({
    oauth_source: {
      ...{ name: slug, slug, user_matching_mode, provider_type: 'github', policy_engine_mode: 'any' },
      ...{ consumer_key: 'id', consumer_secret: 'hush', user_path_template: 'sources' },
    },
  });
  await expect(sources.createOAuthSource(source('one', 'username_link'), clerk)).rejects.toMatchObject(SOURCE);
  await sources.createOAuthSource(source('two', 'identifier'), clerk);
  const update = (oauth_source: object) =>
    sources.updateOAuthSource({ slug: 'two', oauth_source, update_mask: Object.keys(oauth_source) }, clerk);
  await expect(update({ user_matching_mode: 'email_link' })).rejects.toMatchObject(SOURCE);
  await expect(update({ consumer_key: 'other' })).rejects.toMatchObject(SOURCE);
  expect(await update({ enabled: false })).toMatchObject({ enabled: false });
});
