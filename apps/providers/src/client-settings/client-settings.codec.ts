import { invalidField } from '@postern/errors';
import type { providers } from '@postern/proto';
import { type ClientSettings, CONTRACT_SETTINGS, type JsonObject } from './client-settings.ts';
import { AUTH_METHODS, GRANT_TYPE_NAMES, RESPONSE_TYPE_NAMES, USERINFO_ALGS } from './words.ts';

/** Settings as they are changed, field by field. */
export type SettingsDraft = { -readonly [Field in keyof ClientSettings]: ClientSettings[Field] };

/** Fields that a caller may set, and where each goes. Throws field errors for words that nobody knows. */
export const SETTINGS_FIELDS = {
  response_types: (draft: SettingsDraft, values: readonly string[]) => {
    draft.responseTypes = wordsOf('response_types', values, RESPONSE_TYPE_NAMES);
  },
  grant_types: (draft: SettingsDraft, values: readonly string[]) => {
    draft.grantTypes = wordsOf('grant_types', values, GRANT_TYPE_NAMES);
  },
  token_endpoint_auth_method: (draft: SettingsDraft, value: string) => {
    draft.tokenEndpointAuthMethod = wordOf('token_endpoint_auth_method', value, AUTH_METHODS);
  },
  jwks: (draft: SettingsDraft, value: JsonObject | undefined) => {
    draft.jwks = value;
  },
  jwks_uri: 'jwksUri',
  require_pkce: 'requirePkce',
  require_pushed_authorization_requests: 'requirePushedAuthorizationRequests',
  require_signed_request_object: 'requireSignedRequestObject',
  dpop_bound_access_tokens: 'dpopBoundAccessTokens',
  userinfo_signed_response_alg: (draft: SettingsDraft, value: string) => {
    draft.userinfoSignedResponseAlg = wordOf('userinfo_signed_response_alg', value, USERINFO_ALGS);
  },
  post_logout_redirect_uris: 'postLogoutRedirectUris',
  backchannel_logout_uri: 'backchannelLogoutUri',
  backchannel_logout_session_required: 'backchannelLogoutSessionRequired',
  frontchannel_logout_uri: 'frontchannelLogoutUri',
  frontchannel_logout_session_required: 'frontchannelLogoutSessionRequired',
  resources: 'resources',
  exchange_audiences: 'exchangeAudiences',
} as const;

/** The settings of a provider's client, as callers see them. */
export function encodeClientSettings(provider: number, settings: ClientSettings): providers.ClientSettings {
  return {
    provider,
    response_types: [...settings.responseTypes],
    grant_types: [...settings.grantTypes],
    token_endpoint_auth_method: settings.tokenEndpointAuthMethod,
    jwks: settings.jwks && { ...settings.jwks },
    jwks_uri: settings.jwksUri,
    require_pkce: settings.requirePkce,
    require_pushed_authorization_requests: settings.requirePushedAuthorizationRequests,
    require_signed_request_object: settings.requireSignedRequestObject,
    dpop_bound_access_tokens: settings.dpopBoundAccessTokens,
    userinfo_signed_response_alg: settings.userinfoSignedResponseAlg,
    post_logout_redirect_uris: [...settings.postLogoutRedirectUris],
    backchannel_logout_uri: settings.backchannelLogoutUri,
    backchannel_logout_session_required: settings.backchannelLogoutSessionRequired,
    frontchannel_logout_uri: settings.frontchannelLogoutUri,
    frontchannel_logout_session_required: settings.frontchannelLogoutSessionRequired,
    resources: [...settings.resources],
    exchange_audiences: [...settings.exchangeAudiences],
  };
}

/** A draft of these settings, the defaults without any. */
export function draftOf(settings: ClientSettings = CONTRACT_SETTINGS): SettingsDraft {
  return { ...settings };
}

/** The known words of a list, each once, in the order that the list of all has. */
function wordsOf<Word extends string>(field: string, values: readonly string[], known: readonly Word[]): Word[] {
  const stranger = values.find((value) => !known.some((word) => word === value));
  if (stranger !== undefined)
    throw invalidField(field, `"${stranger}" is not a valid choice.`, 'CLIENT_SETTING_INVALID');
  return known.filter((word) => values.includes(word));
}

function wordOf<Word extends string>(field: string, value: string, known: readonly Word[]): '' | Word {
  const found = known.find((word) => word === value);
  if (found === undefined && value !== '')
    throw invalidField(field, `"${value}" is not a valid choice.`, 'CLIENT_SETTING_INVALID');
  return found ?? '';
}
