import type { providers } from '@postern/proto';
import type { Call } from '@postern/rpc';
import { DEVICE_CODE_GRANT, isFapiClient, maySignBy } from '../../client-settings/index.ts';
import type { OAuth2Client } from '../../clients/index.ts';
import { type Endpoints, endpointsOf } from '../../providers/index.ts';
import { namedClaims } from '../claims/index.ts';
import { SIGNING_ALGS } from '../client-keys/index.ts';
import { ACR, CHALLENGE_METHODS, PROMPTS, RESPONSE_MODES } from '../vocabulary.ts';

/** Claims of every id token. */
const CLAIMS = ['sub', 'iss', 'aud', 'exp', 'iat', 'auth_time', 'acr', 'amr', 'nonce'];

/** What a client reads about itself: only what is served to it is advertised. */
export function documentOf(client: OAuth2Client, slug: string, { context }: Call): providers.DiscoveryDocument {
  const { settings } = client;
  const endpoints = endpointsOf(context.client, slug, client.issuerMode);
  const scopes = client.scopes.map(({ scopeName }) => scopeName);
  const mapped = client.scopes.flatMap(({ expression }) => namedClaims(expression));
  return {
    ...addressesOf(client, endpoints),
    ...provingOf(client),
    ...requestsOf(client),
    ...LOGOUT,
    response_types_supported: settings.responseTypes.filter((type) => type === 'code' || !isFapiClient(settings)),
    response_modes_supported: [...RESPONSE_MODES],
    grant_types_supported: [...settings.grantTypes],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: [client.signingKey?.alg ?? 'HS256'],
    userinfo_signing_alg_values_supported: [settings.userinfoSignedResponseAlg].filter((alg) => alg !== ''),
    acr_values_supported: [ACR],
    ui_locales_supported: [...LANGUAGES],
    scopes_supported: [...new Set([...scopes, 'openid'])],
    claims_supported: [...new Set([...CLAIMS, ...mapped])],
  };
}

function addressesOf({ settings }: OAuth2Client, endpoints: Endpoints) {
  const hasDevices = settings.grantTypes.includes(DEVICE_CODE_GRANT);
  return {
    issuer: endpoints.issuer ?? '',
    authorization_endpoint: endpoints.authorize,
    token_endpoint: endpoints.token,
    userinfo_endpoint: endpoints.userInfo,
    end_session_endpoint: endpoints.endSession ?? '',
    introspection_endpoint: endpoints.introspect,
    revocation_endpoint: endpoints.revoke,
    device_authorization_endpoint: hasDevices ? endpoints.device : undefined,
    pushed_authorization_request_endpoint: endpoints.push,
    jwks_uri: endpoints.jwks ?? '',
  };
}

/** How the client proves who it is. Whoever asks about tokens has to, also where the client is public. */
function provingOf({ clientType, settings }: OAuth2Client) {
  const only = settings.tokenEndpointAuthMethod;
  const secrets = ['client_secret_post', 'client_secret_basic'];
  const own = only === '' ? secrets : [only].filter((method) => method !== 'none');
  const all = clientType === 'public' ? [...own, 'none'] : own;
  const isByKey = only === 'private_key_jwt';
  const algs = SIGNING_ALGS.filter((alg) => maySignBy(settings, alg));
  return {
    token_endpoint_auth_methods_supported: all,
    token_endpoint_auth_signing_alg_values_supported: isByKey ? algs : [],
    introspection_endpoint_auth_methods_supported: own,
    revocation_endpoint_auth_methods_supported: all,
    dpop_signing_alg_values_supported: algs,
  };
}

function requestsOf({ settings }: OAuth2Client) {
  const { jwks, jwksUri, requirePushedAuthorizationRequests, requireSignedRequestObject } = settings;
  const hasKeys = jwks !== undefined || jwksUri !== '';
  return {
    code_challenge_methods_supported: CHALLENGE_METHODS.filter(
      (method) => method === 'S256' || !isFapiClient(settings),
    ),
    prompt_values_supported: [...PROMPTS],
    request_parameter_supported: hasKeys,
    request_uri_parameter_supported: false,
    request_object_signing_alg_values_supported: hasKeys ? SIGNING_ALGS.filter((alg) => maySignBy(settings, alg)) : [],
    require_pushed_authorization_requests: requirePushedAuthorizationRequests,
    require_signed_request_object: requireSignedRequestObject,
    claims_parameter_supported: true,
    authorization_response_iss_parameter_supported: true,
  };
}

/** Languages of the pages, as `apps/web` has them. */
export const LANGUAGES = ['en', 'de'] as const;

const LOGOUT = {
  frontchannel_logout_supported: true,
  frontchannel_logout_session_supported: true,
  backchannel_logout_supported: true,
  backchannel_logout_session_supported: true,
} as const;
