import { expect, it } from 'vitest';
import { aProvider, refusal, servedProviders, UNKNOWN } from '../../testing/served-providers.ts';

const app = await servedProviders();
const { sources, as, tenant } = app;
const aSource = (values: object = {}) => ({
  name: 'GitHub',
  slug: 'github',
  enabled: true,
  policy_engine_mode: 'any',
  user_matching_mode: 'identifier',
  user_path_template: 'goauthentik.io/sources/%(slug)s',
  provider_type: 'github',
  consumer_key: 'id',
  consumer_secret: 'hush',
  ...values,
});

it('refuses what is taken, and a kind without addresses, by name', async () => {
  const own = tenant();
  const create = (values: object) => sources.createOAuthSource({ oauth_source: aSource(values) }, as(own));
  await create({});
  await expect(create({ name: 'other' })).rejects.toMatchObject(
    refusal('slug', 'source with this slug already exists.'),
  );
  await expect(create({ slug: 'other' })).rejects.toMatchObject(
    refusal('name', 'source with this name already exists.'),
  );
  await expect(create({ name: 'c', slug: 'c', authentication_flow: UNKNOWN })).rejects.toMatchObject({
    violations: [{ field: 'authentication_flow' }],
  });
  await expect(
    create({ name: 'c', slug: 'c', provider_type: 'openidconnect', profile_url: 'https://a.example' }),
  ).rejects.toMatchObject({
    violations: [
      { field: 'authorization_url', description: 'authorization_url is required for provider OpenID Connect' },
      { field: 'access_token_url' },
    ],
  });
});

it('lives under its slug, never shows its secret, and is let go of by providers that trusted its keys', async () => {
  const own = tenant();
  const made = await sources.createOAuthSource({ oauth_source: aSource({ oidc_jwks: { keys: [] } }) }, as(own));
  expect(made).toMatchObject({
    consumer_secret: '',
    callback_url: 'https://id.example.com/source/oauth/callback/github/',
    type: { name: 'GitHub', urls_customizable: true },
    oidc_jwks: { keys: [] },
  });
  const [row] = await app.sql<{ consumer_secret: string }>('select consumer_secret from source where pk = $1', [
    made.pk,
  ]);
  expect(row?.consumer_secret).toMatch(/^v1\./);
  const changed = await sources.updateOAuthSource(
    { slug: 'github', oauth_source: { enabled: false }, update_mask: ['enabled'] },
    as(own),
  );
  expect(changed).toMatchObject({ enabled: false, consumer_key: 'id' });
  expect((await sources.listOAuthSources({ has_jwks: true, enabled: false }, as(own))).results).toHaveLength(1);
  expect((await sources.listOAuthSources({ has_jwks: false }, as(own))).results).toHaveLength(0);
  const provider = aProvider({ jwks_sources: [made.pk] });
  const { pk } = await app.oauth2.createOAuth2Provider({ oauth2_provider: provider }, as(own));
  await expect(sources.getOAuthSource({ slug: 'github' }, as(tenant()))).rejects.toMatchObject({ code: 'NOT_FOUND' });
  await sources.deleteOAuthSource({ slug: 'github' }, as(own));
  expect((await app.oauth2.getOAuth2Provider({ id: pk }, as(own))).jwks_sources).toEqual([]);
});

it('lists its kinds', async () => {
  const { items } = await sources.listOAuthSourceTypes({}, as(tenant()));
  expect(items).toHaveLength(13);
  expect((await sources.listOAuthSourceTypes({ name: 'what' }, as(tenant()))).items).toMatchObject([
    { slug: 'default' },
  ]);
});
