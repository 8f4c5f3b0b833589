import { defineErrors } from '@postern/errors';

/** Reasons of acting in somebody's place. */
export const accountErrors = defineErrors('auth.accounts', {
  RIGHTS_BEYOND_YOURS: {
    code: 'PERMISSION_DENIED',
    message: 'This would give more than you have: {permission}.',
    doc: 'Whoever does this could act as an account, or make somebody a member of a group, that can do more than they can.',
  },
});
