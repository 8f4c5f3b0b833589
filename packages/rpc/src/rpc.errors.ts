import { defineErrors } from '@postern/errors';

/** What the transport itself refuses. */
export const rpcErrors = defineErrors('postern.rpc', {
  CALLER_TOKEN_INVALID: {
    code: 'UNAUTHENTICATED',
    message: 'The caller could not be verified.',
    doc: 'The signed principal or client of a call is forged, malformed, expired, or of another tenant.',
  },
  SEALING_KEY_MISSING: {
    code: 'FAILED_PRECONDITION',
    message: 'A secret key of at least 16 characters is needed to sign callers.',
    doc: 'A process started without a usable secret key.',
  },
  ACCESS_UNDECLARED: {
    code: 'FAILED_PRECONDITION',
    message: 'These RPCs do not declare who may call them: {methods}.',
    doc: 'A server does not start with an RPC that lacks the access option.',
  },
  CONTRACT_MISMATCH: {
    code: 'FAILED_PRECONDITION',
    message: 'The contract does not describe {method} as a unary RPC.',
    doc: 'A server does not start with an RPC that the descriptor set lacks, that streams, or that has no handler.',
  },
});
