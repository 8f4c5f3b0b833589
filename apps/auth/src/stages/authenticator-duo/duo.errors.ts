import { defineErrors } from '@postern/errors';

/** What looking after devices at Duo can refuse. */
export const duoErrors = defineErrors('auth.duo', {
  DUO_NOT_ENROLLING: {
    code: 'FAILED_PRECONDITION',
    message: 'No enrollment runs in this session.',
    doc: 'The status of an enrolment at Duo was asked for in a session in which none runs at this stage.',
  },
  DUO_USER_UNKNOWN: {
    code: 'INVALID_ARGUMENT',
    message: 'User does not exist.',
    field: '',
    doc: 'A device at Duo was to be taken over for somebody whose name nobody has.',
  },
  DUO_DEVICE_EXISTS: {
    code: 'INVALID_ARGUMENT',
    message: 'Device exists already.',
    field: '',
    doc: 'A device at Duo was to be taken over that is here already.',
  },
  DUO_ADMIN_MISSING: {
    code: 'INVALID_ARGUMENT',
    message: 'Stage does not have Admin API configured, which is required for automatic imports.',
    field: '',
    doc: 'Devices at Duo were to be taken over by a stage without an integration for the Admin API.',
  },
});
