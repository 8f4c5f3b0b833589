import type { ClientSettings } from './client-settings.ts';

/** Signatures that the FAPI 2.0 Security Profile knows, section 5.4. */
export const FAPI_ALGS: readonly string[] = ['PS256', 'ES256', 'EdDSA'];

type Marks = Pick<
  ClientSettings,
  'tokenEndpointAuthMethod' | 'requirePushedAuthorizationRequests' | 'dpopBoundAccessTokens'
>;

/**
 * Whether a client is one of the FAPI 2.0 Security Profile: it proves itself by a key, pushes its requests, and its tokens are bound to a key (section
 * 5.3.2.1). Whoever sets all three gets the rest of the profile: codes alone, S256 alone, assertions for the issuer alone, and its signatures.
 */
export function isFapiClient(settings: Marks): boolean {
  const { tokenEndpointAuthMethod, requirePushedAuthorizationRequests, dpopBoundAccessTokens } = settings;
  return tokenEndpointAuthMethod === 'private_key_jwt' && requirePushedAuthorizationRequests && dpopBoundAccessTokens;
}

/** Whether a client may sign this way what proves who it is, or which key it holds. */
export function maySignBy(settings: Marks, alg: string): boolean {
  return !isFapiClient(settings) || FAPI_ALGS.includes(alg);
}
