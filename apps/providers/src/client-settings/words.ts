/** Words that settings of clients are made of. Imports nothing. */

/** OAuth 2.0 Multiple Response Types, in the order that the contract lists them. */
export const RESPONSE_TYPE_NAMES = [
  'code',
  'id_token',
  'id_token token',
  'code token',
  'code id_token',
  'code id_token token',
] as const;
export type ResponseType = (typeof RESPONSE_TYPE_NAMES)[number];

/** RFC 8628, section 3.4. */
export const DEVICE_CODE_GRANT = 'urn:ietf:params:oauth:grant-type:device_code';
/** RFC 8693, section 2.1. */
export const TOKEN_EXCHANGE_GRANT = 'urn:ietf:params:oauth:grant-type:token-exchange';

/** Grants that clients of the contract expect, in the order that it lists them. */
export const CONTRACT_GRANT_TYPES = [
  'authorization_code',
  'refresh_token',
  'implicit',
  'client_credentials',
  'password',
  DEVICE_CODE_GRANT,
] as const;

/** Every grant that a client may be allowed. */
export const GRANT_TYPE_NAMES = [...CONTRACT_GRANT_TYPES, TOKEN_EXCHANGE_GRANT] as const;
export type GrantType = (typeof GRANT_TYPE_NAMES)[number];

/** OpenID Connect Core, section 9. */
export const AUTH_METHODS = ['client_secret_basic', 'client_secret_post', 'private_key_jwt', 'none'] as const;
export type AuthMethod = (typeof AUTH_METHODS)[number];

/** Algorithms that sign user info. */
export const USERINFO_ALGS = ['RS256', 'ES256', 'HS256'] as const;
export type UserInfoAlg = (typeof USERINFO_ALGS)[number];
