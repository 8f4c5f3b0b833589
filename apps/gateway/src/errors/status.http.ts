import type { Code, PosternError } from '@postern/errors';

/** The HTTP status of each gRPC code. A caller without credentials gets 403: the contract knows no 401. */
const STATUS: Readonly<Record<Code, number>> = {
  CANCELLED: 499,
  UNKNOWN: 500,
  INVALID_ARGUMENT: 400,
  DEADLINE_EXCEEDED: 504,
  NOT_FOUND: 404,
  ALREADY_EXISTS: 400,
  PERMISSION_DENIED: 403,
  RESOURCE_EXHAUSTED: 429,
  FAILED_PRECONDITION: 400,
  ABORTED: 409,
  OUT_OF_RANGE: 400,
  UNIMPLEMENTED: 501,
  INTERNAL: 500,
  UNAVAILABLE: 503,
  DATA_LOSS: 500,
  UNAUTHENTICATED: 403,
};

/** Reasons of the gateway for which HTTP has a status of its own. */
const BY_REASON: Readonly<Record<string, number>> = {
  METHOD_NOT_ALLOWED: 405,
  UNSUPPORTED_MEDIA_TYPE: 415,
  NOT_ACCEPTABLE: 406,
  BODY_TOO_LARGE: 413,
};

/** The HTTP status that an error means where its family does not say otherwise. */
export function statusOf({ code, reason, domain }: PosternError): number {
  return (domain === 'gateway' ? BY_REASON[reason] : undefined) ?? STATUS[code];
}
