import { defineErrors } from '@postern/errors';

/** What the engine refuses before it has a challenge to say it with. */
export const planErrors = defineErrors('auth.plans', {
  FLOW_NOT_FOUND: { code: 'NOT_FOUND', message: 'Not found.', doc: 'No flow has this slug.' },
  FLOW_NOT_APPLICABLE: {
    code: 'FAILED_PRECONDITION',
    message: '{message}',
    doc: 'The flow refuses the person on whose behalf it was to be started.',
  },
  SESSION_REQUIRED: {
    code: 'FAILED_PRECONDITION',
    message: 'Nobody is signed in to the session in which the flow ended.',
    doc: 'A flow that a service waits for ended in a session that nobody is signed in to.',
  },
});

/** A stage found out in the middle of its effect that the person may not go on; everything the effect did is undone. */
export class StageDenied extends Error {
  override readonly name = 'StageDenied';
}
