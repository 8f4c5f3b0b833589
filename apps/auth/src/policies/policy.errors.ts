import { defineErrors } from '@postern/errors';

/** What looking after policies can refuse. */
export const policyErrors = defineErrors('auth.policies', {
  ONE_SUBJECT_ONLY: {
    code: 'INVALID_ARGUMENT',
    message: "Only one of 'policy', 'group' or 'user' can be set.",
    field: '',
    doc: 'A binding names more than one of a policy, a group and a user.',
  },
  NO_SUBJECT: {
    code: 'INVALID_ARGUMENT',
    message: "One of 'policy', 'group' or 'user' must be set.",
    field: '',
    doc: 'A binding names neither a policy nor a group nor a user.',
  },
  POLICY_BOUND_ALREADY: {
    code: 'INVALID_ARGUMENT',
    message: 'The fields policy, target, order must make a unique set.',
    field: '',
    doc: 'The policy is bound to this target at this place already.',
  },
});
