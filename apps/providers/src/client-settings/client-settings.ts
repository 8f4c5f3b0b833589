import type { AuthMethod, GrantType, ResponseType, UserInfoAlg } from './words.ts';
import { CONTRACT_GRANT_TYPES, RESPONSE_TYPE_NAMES } from './words.ts';

/** A JSON object that nobody has looked into yet. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** What a client may do beyond what the public model of a provider says. */
export type ClientSettings = {
  readonly responseTypes: readonly ResponseType[];
  readonly grantTypes: readonly GrantType[];
  /** The one way in which the client proves who it is; empty takes its secret by header or form. */
  readonly tokenEndpointAuthMethod: '' | AuthMethod;
  /** Public keys of the client, or where they lie: never both. */
  readonly jwks: JsonObject | undefined;
  readonly jwksUri: string;
  /** Public clients need PKCE whatever this says. */
  readonly requirePkce: boolean;
  readonly requirePushedAuthorizationRequests: boolean;
  readonly requireSignedRequestObject: boolean;
  readonly dpopBoundAccessTokens: boolean;
  /** Empty answers with plain JSON. */
  readonly userinfoSignedResponseAlg: '' | UserInfoAlg;
  /** Compared character by character; none is followed where there is none. */
  readonly postLogoutRedirectUris: readonly string[];
  readonly backchannelLogoutUri: string;
  readonly backchannelLogoutSessionRequired: boolean;
  readonly frontchannelLogoutUri: string;
  readonly frontchannelLogoutSessionRequired: boolean;
  /** Audiences that the client may ask for: RFC 8707. */
  readonly resources: readonly string[];
  /** Client ids that it may exchange tokens for (RFC 8693); none means itself alone. */
  readonly exchangeAudiences: readonly string[];
};

/** Settings of a client that nobody set any for: what clients of the contract expect, and nothing beyond it. */
export const CONTRACT_SETTINGS: ClientSettings = {
  responseTypes: RESPONSE_TYPE_NAMES,
  grantTypes: CONTRACT_GRANT_TYPES,
  tokenEndpointAuthMethod: '',
  jwks: undefined,
  jwksUri: '',
  requirePkce: false,
  requirePushedAuthorizationRequests: false,
  requireSignedRequestObject: false,
  dpopBoundAccessTokens: false,
  userinfoSignedResponseAlg: '',
  postLogoutRedirectUris: [],
  backchannelLogoutUri: '',
  backchannelLogoutSessionRequired: false,
  frontchannelLogoutUri: '',
  frontchannelLogoutSessionRequired: false,
  resources: [],
  exchangeAudiences: [],
};
