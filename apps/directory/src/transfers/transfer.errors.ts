import { defineErrors } from '@postern/errors';

/** What imports may answer. */
export const transferErrors = defineErrors('directory.transfers', {
  DIRECTORY_IMPORT_STARTED: {
    code: 'FAILED_PRECONDITION',
    message: 'The import has been started.',
    doc: 'A part of a file is sent, or an import started, after it was started.',
  },
  DIRECTORY_IMPORT_INCOMPLETE: {
    code: 'INVALID_ARGUMENT',
    message: 'Part {number} of the file was not sent.',
    field: '',
    doc: 'An import would be started whose file has no first part, or lacks one in between.',
  },
});
