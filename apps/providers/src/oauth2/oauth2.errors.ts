import { defineErrors } from '@postern/errors';

/** What the endpoints refuse. The reasons are the codes of the protocol in upper case: the gateway writes them as the protocol wants them. */
export const oauth2Errors = defineErrors('providers.oauth2', {
  INVALID_REQUEST: {
    code: 'INVALID_ARGUMENT',
    message: 'The request is otherwise malformed',
    doc: 'A parameter of a token request is missing, malformed or must not be there (RFC 6749, section 5.2).',
  },
  INVALID_CLIENT: {
    code: 'UNAUTHENTICATED',
    message:
      'Client authentication failed (e.g., unknown client, no client authentication included, or unsupported authentication method)',
    doc: 'The client is unknown or did not prove who it is (RFC 6749, section 5.2).',
  },
  INVALID_GRANT: {
    code: 'INVALID_ARGUMENT',
    message:
      'The provided authorization grant or refresh token is invalid, expired, revoked, does not match the redirection URI used in the authorization request, or was issued to another client',
    doc: 'A code or refresh token may not be redeemed (RFC 6749, section 5.2).',
  },
  AUTHORIZATION_PENDING: {
    code: 'FAILED_PRECONDITION',
    message:
      "The authorization request is still pending as the end user hasn't yet completed the user-interaction steps",
    doc: 'Nobody has approved the device yet: it asks again after the interval (RFC 8628, section 3.5).',
  },
  SLOW_DOWN: {
    code: 'FAILED_PRECONDITION',
    message: 'The device asks too often: it has to wait five seconds longer from now on',
    doc: 'Nobody has approved the device yet, and it asked before its interval was over (RFC 8628, section 3.5).',
  },
  EXPIRED_TOKEN: {
    code: 'FAILED_PRECONDITION',
    message: 'The device code has expired',
    doc: 'Nobody approved the device in time (RFC 8628, section 3.5).',
  },
  ACCESS_DENIED: {
    code: 'PERMISSION_DENIED',
    message: 'The resource owner or authorization server denied the request',
    doc: 'Whoever was to approve the device may not use the application (RFC 8628, section 3.5).',
  },
  UNAUTHORIZED_CLIENT: {
    code: 'INVALID_ARGUMENT',
    message: 'The authenticated client is not authorized to use this authorization grant type',
    doc: 'The settings of the client, or a missing application, rule the grant out (RFC 6749, section 5.2).',
  },
  UNSUPPORTED_GRANT_TYPE: {
    code: 'INVALID_ARGUMENT',
    message: 'The authorization grant type is not supported by the authorization server',
    doc: 'The token endpoint does not redeem this grant (RFC 6749, section 5.2).',
  },
  INVALID_DPOP_PROOF: {
    code: 'INVALID_ARGUMENT',
    message: 'The DPoP proof is missing, malformed, too old, used before, or not for this request',
    doc: 'A request does not prove to hold the key that its tokens are, or have to be, bound to (RFC 9449, section 5).',
  },
  INVALID_SCOPE: {
    code: 'INVALID_ARGUMENT',
    message: 'The requested scope is invalid, unknown, malformed, or exceeds the scope granted by the resource owner',
    doc: 'A refresh asks for more than was granted (RFC 6749, section 6).',
  },
  SERVER_ERROR: {
    code: 'INTERNAL',
    message: 'The client is set up in a way that no token can be signed for it.',
    doc: 'The provider has neither a usable signing key nor a client secret.',
  },
  INVALID_TOKEN: {
    code: 'UNAUTHENTICATED',
    message: 'The access token provided is expired, revoked, malformed, or invalid for other reasons',
    doc: 'A protected endpoint got no usable access token (RFC 6750, section 3.1).',
  },
  INSUFFICIENT_SCOPE: {
    code: 'PERMISSION_DENIED',
    message: 'The request requires higher privileges than provided by the access token',
    doc: 'The access token lacks a scope (RFC 6750, section 3.1).',
  },
  CLIENT_ID_INVALID: {
    code: 'INVALID_ARGUMENT',
    message: 'The client identifier (client_id) is missing or invalid.',
    doc: 'An authorization request names no known client. Nobody is sent back: the address to go to is not proven.',
  },
  REDIRECT_URI_INVALID: {
    code: 'INVALID_ARGUMENT',
    message: 'The request fails due to a missing, invalid, or mismatching redirection URI (redirect_uri).',
    doc: 'An authorization request names an address that is not registered. Nobody is sent there.',
  },
  APPLICATION_MISSING: {
    code: 'FAILED_PRECONDITION',
    message: 'Failed to resolve application',
    doc: 'A client asks for an authorization while no application uses its provider.',
  },
  APPLICATION_DENIED: {
    code: 'PERMISSION_DENIED',
    message: '{message}',
    doc: 'The policies of an application do not let this person use it.',
  },
  UNSUPPORTED_RESPONSE_TYPE: {
    code: 'INVALID_ARGUMENT',
    message: 'The authorization server does not support this response type',
    doc: 'A pushed authorization request names a response type that nobody knows (RFC 9126, section 2.3).',
  },
  INVALID_TARGET: {
    code: 'INVALID_ARGUMENT',
    message: 'The requested resource is invalid, missing, unknown, or malformed',
    doc: 'A token is asked for a resource that the client may not use (RFC 8707, section 2).',
  },
  INVALID_REQUEST_OBJECT: {
    code: 'INVALID_ARGUMENT',
    message: 'The request object is invalid',
    doc: 'A pushed authorization request is not signed by its client, not for us, or out of date (RFC 9101, section 7).',
  },
  REQUEST_NOT_SUPPORTED: {
    code: 'INVALID_ARGUMENT',
    message: 'The client has no keys to sign requests with',
    doc: 'A client signs a pushed authorization request, and its keys are not known here (RFC 9101, section 7).',
  },
  REQUEST_INVALID: {
    code: 'INVALID_ARGUMENT',
    message: '{message}. Go back to the application and try again.',
    doc: 'An authorization request was pushed or signed, and is used up, out of date or not from its client. Nobody is sent back: the address to go to is not proven.',
  },
});
