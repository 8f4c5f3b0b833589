import type { providers } from '@postern/proto';

type Known = Partial<Omit<providers.SourceType, 'slug' | 'name'>>;

/** A kind of OAuth source. Addresses left out are the administrator's to give. */
const kind = (slug: string, name: string, known: Known = {}): providers.SourceType => ({
  slug,
  name,
  urls_customizable: false,
  request_token_url: undefined,
  authorization_url: undefined,
  access_token_url: undefined,
  profile_url: undefined,
  oidc_well_known_url: undefined,
  oidc_jwks_url: undefined,
  ...known,
});

const urls = (authorization_url: string, access_token_url: string, profile_url: string) => ({
  authorization_url,
  access_token_url,
  profile_url,
});

const MICROSOFT = 'https://login.microsoftonline.com/common';
const GITHUB_ACTIONS = 'https://token.actions.githubusercontent.com/.well-known';

/** The kinds of OAuth sources, in the order of their names. */
export const SOURCE_TYPES: readonly providers.SourceType[] = [
  kind('apple', 'Apple', urls('https://appleid.apple.com/auth/authorize', 'https://appleid.apple.com/auth/token', '')),
  kind('azuread', 'Azure AD', {
    urls_customizable: true,
    ...urls(
      `${MICROSOFT}/oauth2/v2.0/authorize`,
      `${MICROSOFT}/oauth2/v2.0/token`,
      'https://graph.microsoft.com/v1.0/me',
    ),
    oidc_well_known_url: `${MICROSOFT}/.well-known/openid-configuration`,
    oidc_jwks_url: `${MICROSOFT}/discovery/keys`,
  }),
  kind(
    'discord',
    'Discord',
    urls(
      'https://discord.com/api/oauth2/authorize',
      'https://discord.com/api/oauth2/token',
      'https://discord.com/api/users/@me',
    ),
  ),
  kind(
    'facebook',
    'Facebook',
    urls(
      'https://www.facebook.com/v7.0/dialog/oauth',
      'https://graph.facebook.com/v7.0/oauth/access_token',
      'https://graph.facebook.com/v7.0/me?fields=id,name,email',
    ),
  ),
  kind('github', 'GitHub', {
    urls_customizable: true,
    ...urls(
      'https://github.com/login/oauth/authorize',
      'https://github.com/login/oauth/access_token',
      'https://api.github.com/user',
    ),
    oidc_well_known_url: `${GITHUB_ACTIONS}/openid-configuration`,
    oidc_jwks_url: `${GITHUB_ACTIONS}/jwks`,
  }),
  kind('google', 'Google', {
    ...urls(
      'https://accounts.google.com/o/oauth2/auth',
      'https://oauth2.googleapis.com/token',
      'https://www.googleapis.com/oauth2/v1/userinfo',
    ),
    oidc_well_known_url: 'https://accounts.google.com/.well-known/openid-configuration',
    oidc_jwks_url: 'https://www.googleapis.com/oauth2/v3/certs',
  }),
  kind('mailcow', 'Mailcow', { urls_customizable: true }),
  kind('okta', 'Okta', { urls_customizable: true }),
  kind('openidconnect', 'OpenID Connect', { urls_customizable: true }),
  kind(
    'patreon',
    'Patreon',
    urls(
      'https://www.patreon.com/oauth2/authorize',
      'https://www.patreon.com/api/oauth2/token',
      'https://www.patreon.com/api/oauth2/api/current_user',
    ),
  ),
  kind(
    'reddit',
    'Reddit',
    urls(
      'https://www.reddit.com/api/v1/authorize',
      'https://www.reddit.com/api/v1/access_token',
      'https://oauth.reddit.com/api/v1/me',
    ),
  ),
  kind(
    'twitch',
    'Twitch',
    urls(
      'https://id.twitch.tv/oauth2/authorize',
      'https://id.twitch.tv/oauth2/token',
      'https://id.twitch.tv/oauth2/userinfo',
    ),
  ),
  kind(
    'twitter',
    'Twitter',
    urls(
      'https://twitter.com/i/oauth2/authorize',
      'https://api.twitter.com/2/oauth2/token',
      'https://api.twitter.com/2/users/me',
    ),
  ),
];

/** What stands for a kind that nobody knows. */
const DEFAULT_TYPE = kind('default', 'default');

/** The kind with this slug; a plain one when there is none. */
export function sourceType(slug: string): providers.SourceType {
  return SOURCE_TYPES.find((type) => type.slug === slug) ?? DEFAULT_TYPE;
}
