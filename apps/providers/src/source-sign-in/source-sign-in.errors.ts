import { defineErrors } from '@postern/errors';

/** What may go wrong between an identity provider and us. */
export const sourceSignInErrors = defineErrors('providers.source_sign_in', {
  SOURCE_STATE_INVALID: {
    code: 'INVALID_ARGUMENT',
    message: 'The sign-in did not begin here, or too long ago.',
    doc: 'What comes back from an identity provider belongs to no sign-in that the session has begun (RFC 6749, section 10.12).',
  },
  SOURCE_REFUSED: {
    code: 'INVALID_ARGUMENT',
    message: 'The identity provider refuses the code.',
    doc: 'The token endpoint of a source did not redeem the code: it is wrong, used, or too old.',
  },
  SOURCE_TOKEN_INVALID: {
    code: 'INVALID_ARGUMENT',
    message: 'The token of the identity provider proves nothing.',
    doc: 'An id token is not of the source, not for us, too old, used before, or not signed by a key of the source (OpenID Connect Core, section 3.1.3.7).',
  },
  SOURCE_UNREACHABLE: {
    code: 'UNAVAILABLE',
    message: 'The identity provider does not answer as it should.',
    doc: 'The discovery document, the token endpoint or the user info of a source cannot be read.',
  },
});
