import { defineErrors } from '@postern/errors';

/** What changes of users and groups may answer when they reach for rights. */
export const membershipErrors = defineErrors('directory.memberships', {
  SUPERUSER_REQUIRED: {
    code: 'PERMISSION_DENIED',
    message: 'Only a superuser may change superusers and what makes one.',
    doc: 'Someone who is no superuser would make, change or remove one.',
  },
  RIGHTS_EXCEEDED: {
    code: 'PERMISSION_DENIED',
    message: 'You cannot manage what gives a permission that you do not have: {permission}.',
    doc: 'A user or group that would be changed has a permission that the caller lacks.',
  },
});
