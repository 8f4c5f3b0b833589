import { defineErrors } from '@postern/errors';

/** What the REST auth API refuses. The words are the contract's. */
export const restAuthErrors = defineErrors('auth.rest', {
  REST_MFA_REQUIRED: {
    code: 'PERMISSION_DENIED',
    message: 'MFA required for this user',
    doc: 'Whoever has a second factor, or has to have one, does not sign in by the REST auth API: it has no way to ask for one.',
  },
  REST_THROTTLED: {
    code: 'RESOURCE_EXHAUSTED',
    message: 'Request was throttled.',
    doc: 'It was done more often than the tenant allows.',
  },
});
