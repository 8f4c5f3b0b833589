import { defineErrors } from '@postern/errors';

/** What licences may answer. */
export const licenceErrors = defineErrors('directory.licences', {
  LICENSE_UNKNOWN: {
    code: 'INVALID_ARGUMENT',
    message: 'Unable to verify license',
    field: 'key',
    doc: 'Nobody sells licences of Postern: no key is one. Everything is permitted without.',
  },
});
