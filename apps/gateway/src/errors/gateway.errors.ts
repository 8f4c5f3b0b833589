import { defineErrors } from '@postern/errors';

/** What the gateway itself refuses, before any service is asked. */
export const gatewayErrors = defineErrors('gateway', {
  METHOD_NOT_ALLOWED: {
    code: 'UNIMPLEMENTED',
    message: 'Method "{method}" not allowed.',
    doc: 'The path exists, the method does not. The `Allow` header lists those that do.',
  },
  PARSE_ERROR: {
    code: 'INVALID_ARGUMENT',
    message: '{format} parse error - {problem}',
    doc: 'The body is not what its Content-Type says.',
  },
  UNSUPPORTED_MEDIA_TYPE: {
    code: 'INVALID_ARGUMENT',
    message: 'Unsupported media type "{type}" in request.',
    doc: 'The operation does not take bodies of this type.',
  },
  NOT_ACCEPTABLE: {
    code: 'INVALID_ARGUMENT',
    message: 'Could not satisfy the request Accept header.',
    doc: 'The Accept header allows no JSON.',
  },
  BODY_TOO_LARGE: {
    code: 'RESOURCE_EXHAUSTED',
    message: 'The request body is larger than {limit} bytes.',
    doc: 'The body exceeds the limit that the gateway is configured with.',
  },
  BAD_REQUEST: {
    code: 'INVALID_ARGUMENT',
    message: 'The request could not be understood.',
    doc: 'The request breaks the rules of HTTP.',
  },
  UNSUPPORTED_AUTHENTICATION: {
    code: 'UNAUTHENTICATED',
    message: 'Unsupported authentication type',
    doc: 'The Authorization header has another scheme than Bearer.',
  },
  CREDENTIAL_REFUSED: {
    code: 'UNAUTHENTICATED',
    message: '{problem}',
    doc: 'The Authorization header of a request to the REST auth API is malformed, or what it holds is worth nothing.',
  },
  FACTOR_REQUIRED: {
    code: 'UNAUTHENTICATED',
    message: 'You must enable two-factor authentication before doing anything else.',
    doc: 'The tenant wants everybody to have a second factor, and whoever is signed in to this session has none yet.',
  },
  CSRF_FAILED: {
    code: 'PERMISSION_DENIED',
    message: 'CSRF Failed: {problem}',
    doc: 'A request that changes something with a session cookie did not prove that it comes from our own pages.',
  },
  THROTTLED: {
    code: 'RESOURCE_EXHAUSTED',
    message: 'Request was throttled. Expected available in {wait}.',
    doc: 'The client address sends more requests than the limit allows.',
  },
  PAGES_MISSING: {
    code: 'UNAVAILABLE',
    message: 'The pages are not built. Run the build of the web app and start again.',
    doc: 'The folder of the web app holds no index.html.',
  },
});
