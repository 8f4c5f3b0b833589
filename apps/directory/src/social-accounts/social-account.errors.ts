import { defineErrors } from '@postern/errors';

/** What accounts elsewhere may answer. */
export const socialAccountErrors = defineErrors('directory.social_accounts', {
  SOCIAL_ACCOUNT_TAKEN: {
    code: 'INVALID_ARGUMENT',
    message: 'The third-party account is already connected to a different account.',
    field: '',
    doc: 'Another user of the tenant has connected this account of an identity provider.',
  },
  SOCIAL_ACCOUNT_LAST: {
    code: 'INVALID_ARGUMENT',
    message: 'You cannot disconnect your last remaining third-party account.',
    field: '',
    doc: 'The user has no other way to sign in than this account of an identity provider.',
  },
});
