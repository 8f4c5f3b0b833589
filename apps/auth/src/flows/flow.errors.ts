import { defineErrors } from '@postern/errors';

/** What looking after flows can refuse. */
export const flowErrors = defineErrors('auth.flows', {
  NO_PLAN_IN_SESSION: {
    code: 'FAILED_PRECONDITION',
    message: 'No flow plan in session.',
    doc: 'Whoever looks into a flow is not on the way through it in this browser session.',
  },
  FLOW_NOT_EXECUTABLE: {
    code: 'FAILED_PRECONDITION',
    message: 'Flow not applicable to current user/request: {message}',
    doc: 'The flow refuses whoever wants to run it.',
  },
  NEVER_EVALUATED: {
    code: 'INVALID_ARGUMENT',
    message: 'Either evaluation on plan or evaluation on run must be enabled',
    field: '',
    doc: 'A stage binding would never ask its policies.',
  },
  BINDING_EXISTS: {
    code: 'INVALID_ARGUMENT',
    message: 'The fields target, stage, order must make a unique set.',
    field: '',
    doc: 'The stage stands at this place of the flow already.',
  },
});
