import { defineErrors } from './catalogue.ts';

/** The reasons that any service can give. Each code of gRPC has one, so that a bare status of another server finds its words here. */
export const common = defineErrors('postern', {
  NOT_FOUND: { code: 'NOT_FOUND', message: 'Not found.', doc: 'The object does not exist, or not for this caller.' },
  PERMISSION_DENIED: {
    code: 'PERMISSION_DENIED',
    message: 'You do not have permission to perform this action.',
    doc: 'The caller is known and lacks the permission that the operation needs.',
  },
  UNAUTHENTICATED: {
    code: 'UNAUTHENTICATED',
    message: 'Authentication credentials were not provided.',
    doc: 'The operation needs a caller and the request names none.',
  },
  CREDENTIALS_INVALID: {
    code: 'UNAUTHENTICATED',
    message: 'Token invalid/expired',
    doc: 'The credential of the request is unknown, expired or revoked.',
  },
  INVALID_FIELDS: {
    code: 'INVALID_ARGUMENT',
    message: 'Some fields are invalid.',
    doc: 'Fields of the request break a rule; the violations name each of them.',
  },
  MALFORMED_REQUEST: {
    code: 'INVALID_ARGUMENT',
    message: 'The request could not be read.',
    doc: 'The bytes of the request are not a message of the operation.',
  },
  INVALID_ARGUMENT: {
    code: 'INVALID_ARGUMENT',
    message: 'The request is invalid.',
    doc: 'The request as a whole makes no sense.',
  },
  ALREADY_EXISTS: {
    code: 'ALREADY_EXISTS',
    message: 'It exists already.',
    doc: 'An object with this identity exists.',
  },
  FAILED_PRECONDITION: {
    code: 'FAILED_PRECONDITION',
    message: 'The state of the object does not allow this.',
    doc: 'The operation needs the object in another state.',
  },
  ABORTED: {
    code: 'ABORTED',
    message: 'Someone else changed it meanwhile.',
    doc: 'A concurrent change won; try again.',
  },
  OUT_OF_RANGE: { code: 'OUT_OF_RANGE', message: 'Out of range.', doc: 'The position lies beyond the end.' },
  RESOURCE_EXHAUSTED: {
    code: 'RESOURCE_EXHAUSTED',
    message: 'Too much was asked for.',
    doc: 'A limit of size or of rate is exceeded.',
  },
  UNIMPLEMENTED: { code: 'UNIMPLEMENTED', message: 'Not implemented.', doc: 'The server does not know the operation.' },
  UNAVAILABLE: {
    code: 'UNAVAILABLE',
    message: 'The service is not available. Try again later.',
    doc: 'The service that would answer is down, starting or shutting down.',
  },
  DEADLINE_EXCEEDED: {
    code: 'DEADLINE_EXCEEDED',
    message: 'The request took too long.',
    doc: 'The deadline of the call passed before the answer was ready.',
  },
  CANCELLED: { code: 'CANCELLED', message: 'The request was cancelled.', doc: 'The caller went away.' },
  DATA_LOSS: { code: 'DATA_LOSS', message: 'Data was lost.', doc: 'Stored data cannot be read any more.' },
  UNKNOWN: { code: 'UNKNOWN', message: 'An unknown error occurred.', doc: 'Another server failed without saying why.' },
  INTERNAL: {
    code: 'INTERNAL',
    message: 'An internal error occurred.',
    doc: 'A fault of Postern. The log holds the cause under the id of the request.',
  },
});
