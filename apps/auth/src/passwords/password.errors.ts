import { defineErrors } from '@postern/errors';

/** Reasons of passwords. */
export const passwordErrors = defineErrors('auth.passwords', {
  SIGN_IN_OVERLOADED: {
    code: 'UNAVAILABLE',
    message: 'Too many people are signing in. Try again in a moment.',
    doc: 'More passwords wait to be checked than the queue holds.',
  },
  PASSWORD_TOO_LONG: {
    code: 'INVALID_ARGUMENT',
    field: 'password',
    message: 'Ensure this field has no more than {max} bytes.',
    doc: 'A password has more bytes than are hashed.',
  },
});
