import { enableTenancy, type Migration, reference } from '@postern/database';

const SETTINGS = `create table oauth2_client_settings (
  provider_pk integer primary key,
  tenant_id uuid not null default current_setting('postern.tenant')::uuid,
  created timestamptz not null default now(),
  updated timestamptz not null default now(),
  response_types text[] not null,
  grant_types text[] not null,
  token_endpoint_auth_method text not null,
  jwks jsonb,
  jwks_uri text not null,
  require_pkce boolean not null,
  require_pushed_authorization_requests boolean not null,
  require_signed_request_object boolean not null,
  dpop_bound_access_tokens boolean not null,
  userinfo_signed_response_alg text not null,
  post_logout_redirect_uris text[] not null,
  backchannel_logout_uri text not null,
  backchannel_logout_session_required boolean not null,
  frontchannel_logout_uri text not null,
  frontchannel_logout_session_required boolean not null,
  resources text[] not null,
  exchange_audiences text[] not null,
  constraint oauth2_client_settings__jwks_check check (jwks is null or jwks_uri = '')
)`;

/** The table of settings. It follows that of providers. */
export const clientSettingsMigrations: Migration[] = [
  {
    name: 'providers/0120-client-settings',
    up: [
      SETTINGS,
      reference('oauth2_client_settings', 'provider_pk', 'provider', 'cascade'),
      ...enableTenancy('oauth2_client_settings'),
    ],
  },
];
