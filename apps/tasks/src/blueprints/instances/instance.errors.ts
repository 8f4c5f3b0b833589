import { defineErrors } from '@postern/errors';

/** What instances of blueprints may answer. */
export const instanceErrors = defineErrors('tasks.blueprints', {
  BLUEPRINT_NAME_TAKEN: {
    code: 'INVALID_ARGUMENT',
    message: 'Blueprint Instance with this name already exists.',
    field: 'name',
    doc: 'Another instance of the tenant has this name.',
  },
  BLUEPRINT_SOURCE_MISSING: {
    code: 'INVALID_ARGUMENT',
    message: 'Either path or content must be set.',
    field: '',
    doc: 'An instance has a path or a content; a request that changes something else names one of them again.',
  },
  BLUEPRINT_FILE_MISSING: {
    code: 'INVALID_ARGUMENT',
    message: 'Blueprint file does not exist',
    field: 'path',
    doc: 'No blueprint of the folder has this path.',
  },
  BLUEPRINT_ADDRESS_INVALID: {
    code: 'INVALID_ARGUMENT',
    message: 'Enter a valid URL.',
    field: 'path',
    doc: 'A path that begins with `oci://` names a registry, a repository, and perhaps a tag or digest.',
  },
  BLUEPRINT_CONTENT_INVALID: {
    code: 'INVALID_ARGUMENT',
    message: 'Failed to validate blueprint: {problems}',
    field: 'content',
    doc: 'The content is no blueprint, or could not be applied as it stands.',
  },
});
