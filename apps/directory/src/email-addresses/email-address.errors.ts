import { defineErrors } from '@postern/errors';

/** What addresses of users may answer. */
export const emailAddressErrors = defineErrors('directory.email_addresses', {
  EMAIL_ADDRESS_UNKNOWN: {
    code: 'INVALID_ARGUMENT',
    message: 'Unknown email address.',
    field: 'email',
    doc: 'The user does not have this address.',
  },
  EMAIL_ADDRESS_KNOWN: {
    code: 'INVALID_ARGUMENT',
    message: 'This email address is already associated with this account.',
    field: 'email',
    doc: 'The user has this address already, perhaps cased differently.',
  },
  EMAIL_ADDRESS_TAKEN: {
    code: 'INVALID_ARGUMENT',
    message: 'A user is already registered with this email address.',
    field: 'email',
    doc: 'Another user of the tenant has shown that they read this address.',
  },
  EMAIL_ADDRESS_PRIMARY: {
    code: 'INVALID_ARGUMENT',
    message: 'You cannot remove your primary email address.',
    field: 'email',
    doc: 'The primary address would go while there are others.',
  },
  EMAIL_ADDRESS_UNVERIFIED: {
    code: 'INVALID_ARGUMENT',
    message: 'Your primary email address must be verified.',
    field: 'email',
    doc: 'An address that nobody showed that they read would become primary, while another one is verified.',
  },
  EMAIL_ADDRESS_FIXED: {
    code: 'INVALID_ARGUMENT',
    message: 'Not allowed to change email address.',
    field: 'email',
    doc: 'It is said of the user, or of a group of theirs, that they may not change their address.',
  },
  EMAIL_ADDRESSES_FULL: {
    code: 'INVALID_ARGUMENT',
    message: 'You cannot add more than {limit} email addresses.',
    field: 'email',
    doc: 'The user has as many addresses as one can have.',
  },
});
