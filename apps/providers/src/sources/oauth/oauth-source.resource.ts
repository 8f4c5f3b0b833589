import { boolean, custom, defineList, exact, type PlainRow, raw, referable } from '@postern/database';
import { invalidField } from '@postern/errors';
import type { providers } from '@postern/proto';
import type { Resource } from '@postern/resource';
import type { ClientInfo } from '@postern/rpc';
import { OAuthSourceEntity, type OAuthSourceRow } from './oauth-source.entity.ts';
import { sourceType } from './source-types.ts';

const MODEL = 'authentik_sources_oauth.oauthsource';

/** Fields of the message and the property of each, where a caller may both filter and order. */
const PLAIN = {
  access_token_url: 'accessTokenUrl',
  additional_scopes: 'additionalScopes',
  authentication_flow: 'authenticationFlow',
  authorization_url: 'authorizationUrl',
  consumer_key: 'consumerKey',
  enrollment_flow: 'enrollmentFlow',
  name: 'name',
  policy_engine_mode: 'policyEngineMode',
  profile_url: 'profileUrl',
  provider_type: 'providerType',
  request_token_url: 'requestTokenUrl',
  slug: 'slug',
  user_matching_mode: 'userMatchingMode',
} as const;

const hasKeys = raw((alias) => `("${alias}".oidc_jwks <> '{}')`);

/** Another sign-in by OAuth, as a plain resource. */
export const oauthSources: Resource<OAuthSourceRow, providers.OAuthSource> = {
  model: MODEL,
  families: ['authentik_core.source', 'authentik_policies.policybindingmodel'],
  type: 'postern.providers.v1.OAuthSource',
  subject: 'providers.v1.oauth_source',
  entity: OAuthSourceEntity,
  key: 'slug',
  list: defineList({
    entity: OAuthSourceEntity,
    filters: {
      ...Object.fromEntries(Object.entries(PLAIN).map(([field, property]) => [field, exact(property)])),
      enabled: boolean('enabled'),
      has_jwks: custom((value) => {
        const text = String(value).toLowerCase();
        return text === 'true' || text === 'false' ? { [hasKeys]: text === 'true' } : undefined;
      }),
    },
    search: ['name', 'slug'],
    ordering: { ...PLAIN, enabled: 'enabled', user_path_template: 'userPathTemplate' },
    defaultOrder: ['name'],
  }),
  fields: {
    ...PLAIN,
    enabled: 'enabled',
    policy_engine_mode: (row, mode) => {
      row.policyEngineMode = mode === 'all' ? 'all' : 'any';
    },
    user_matching_mode: 'userMatchingMode',
    user_path_template: 'userPathTemplate',
    oidc_well_known_url: 'oidcWellKnownUrl',
    oidc_jwks_url: 'oidcJwksUrl',
    oidc_jwks: (row, jwks) => {
      row.oidcJwks = jwks ?? {};
    },
    consumer_secret: 'consumerSecret',
  },
  title: ({ name }) => name,
  encode: (rows, { call }) => rows.map((row) => encodeSource(row, call.context.client)),
  constraints: {
    source__name_key: () => invalidField('name', 'source with this name already exists.', 'SOURCE_NAME_TAKEN'),
    source__slug_key: () => invalidField('slug', 'source with this slug already exists.', 'SOURCE_SLUG_TAKEN'),
  },
};

/** What others refer to: by key, although paths name the slug. */
export const referableOAuthSources = referable(oauthSources);

function encodeSource(row: PlainRow<OAuthSourceRow>, { scheme, host }: ClientInfo): providers.OAuthSource {
  const { pk, name, slug } = row;
  return {
    pk,
    name,
    slug,
    enabled: row.enabled,
    authentication_flow: row.authenticationFlow ?? undefined,
    enrollment_flow: row.enrollmentFlow ?? undefined,
    component: 'ak-source-oauth-form',
    verbose_name: 'OAuth Source',
    verbose_name_plural: 'OAuth Sources',
    meta_model_name: MODEL,
    policy_engine_mode: row.policyEngineMode,
    user_matching_mode: row.userMatchingMode,
    managed: row.managed ?? undefined,
    user_path_template: row.userPathTemplate,
    icon: row.icon ?? undefined,
    provider_type: row.providerType,
    request_token_url: row.requestTokenUrl ?? undefined,
    authorization_url: row.authorizationUrl ?? undefined,
    access_token_url: row.accessTokenUrl ?? undefined,
    profile_url: row.profileUrl ?? undefined,
    consumer_key: row.consumerKey,
    callback_url: `${scheme || 'https'}://${host}/source/oauth/callback/${slug}/`,
    additional_scopes: row.additionalScopes,
    type: sourceType(row.providerType),
    oidc_well_known_url: row.oidcWellKnownUrl,
    oidc_jwks_url: row.oidcJwksUrl,
    oidc_jwks: row.oidcJwks,
    consumer_secret: '',
  };
}
