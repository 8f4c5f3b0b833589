import { defineErrors } from '@postern/errors';

/** What making links for others can refuse. */
export const recoveryErrors = defineErrors('auth.recovery', {
  RECOVERY_EXCEEDS_RIGHTS: {
    code: 'PERMISSION_DENIED',
    message: 'This user may do more than you: a link would let you act as them.',
    doc: 'Whoever makes a recovery link can sign in with it, so it takes every right that the account has.',
  },
});
