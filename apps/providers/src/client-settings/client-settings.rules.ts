import { invalidFields, type Violation } from '@postern/errors';
import type { ClientSettings } from './client-settings.ts';
import { keySetError } from './jwks.rules.ts';
import { landingAddressError, resourceError, webAddressError } from './uris.ts';

/** What the rules look at besides: the provider that the client is. */
export type SettingsOwner = { readonly clientType: 'confidential' | 'public' };

type Check = (settings: ClientSettings, owner: SettingsOwner) => string | undefined;

const FLOW_TYPES: readonly string[] = ['code', 'code token', 'code id_token', 'code id_token token'];

/** What each field has to be, together with the others; the first thing wrong with it is told. */
const CHECKS: Readonly<Record<string, Check>> = {
  response_types: ({ responseTypes, grantTypes }) => {
    if (responseTypes.some((type) => FLOW_TYPES.includes(type)) && !grantTypes.includes('authorization_code'))
      return 'A response type with "code" needs the grant "authorization_code".';
    const isImplicit = responseTypes.some((type) => type !== 'code');
    return isImplicit && !grantTypes.includes('implicit')
      ? 'A response type with tokens needs the grant "implicit".'
      : undefined;
  },
  token_endpoint_auth_method: ({ tokenEndpointAuthMethod, jwks, jwksUri }, { clientType }) => {
    if (tokenEndpointAuthMethod === 'none' && clientType === 'confidential')
      return 'A confidential client has to prove who it is.';
    const hasKeys = jwks !== undefined || jwksUri !== '';
    return tokenEndpointAuthMethod === 'private_key_jwt' && !hasKeys ? 'This takes "jwks" or "jwks_uri".' : undefined;
  },
  jwks: ({ jwks, jwksUri }) => {
    if (jwks === undefined) return undefined;
    return jwksUri === '' ? keySetError(jwks) : 'Either "jwks" or "jwks_uri" says what the keys are, not both.';
  },
  jwks_uri: ({ jwksUri }) => ifAny(jwksUri, webAddressError),
  require_signed_request_object: ({ requireSignedRequestObject, jwks, jwksUri }) =>
    requireSignedRequestObject && jwks === undefined && jwksUri === '' ? 'This takes "jwks" or "jwks_uri".' : undefined,
  post_logout_redirect_uris: ({ postLogoutRedirectUris }) => firstOf(postLogoutRedirectUris, landingAddressError),
  backchannel_logout_uri: ({ backchannelLogoutUri }) => ifAny(backchannelLogoutUri, webAddressError),
  frontchannel_logout_uri: ({ frontchannelLogoutUri }) => ifAny(frontchannelLogoutUri, webAddressError),
  resources: ({ resources }) => firstOf(resources, resourceError),
};

/** Throws field errors for settings that make no sense. */
export function checkClientSettings(settings: ClientSettings, owner: SettingsOwner): void {
  const violations = Object.entries(CHECKS).flatMap(([field, check]): Violation[] => {
    const description = check(settings, owner);
    return description === undefined ? [] : [{ field, description, reason: 'CLIENT_SETTING_INVALID' }];
  });
  if (violations.length > 0) throw invalidFields(violations);
}

function ifAny(text: string, check: (text: string) => string | undefined): string | undefined {
  return text === '' ? undefined : check(text);
}

function firstOf(texts: readonly string[], check: (text: string) => string | undefined): string | undefined {
  for (const text of texts) {
    const error = check(text);
    if (error !== undefined) return error;
  }
  return undefined;
}
