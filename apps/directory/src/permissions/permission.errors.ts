import { defineErrors } from '@postern/errors';

/** What giving and taking permissions may answer. */
export const permissionErrors = defineErrors('directory.permissions', {
  PERMISSION_WITHOUT_APP: {
    code: 'INVALID_ARGUMENT',
    message: 'When assigning global permissions, codename must be given as app_label.codename',
    field: 'permissions',
    doc: 'A permission on everything is named with its app.',
  },
  PERMISSION_UNKNOWN: {
    code: 'INVALID_ARGUMENT',
    message: 'Permission "{permission}" does not exist.',
    field: 'permissions',
    doc: 'There is no permission of this name, or none on objects of this model.',
  },
  PERMISSION_TARGET_INCOMPLETE: {
    code: 'INVALID_ARGUMENT',
    message: 'The fields model, object_pk must be used together.',
    field: '',
    doc: 'An object is named by its model and its key.',
  },
  PERMISSION_OBJECT_MISSING: {
    code: 'INVALID_ARGUMENT',
    message: 'Invalid pk "{key}" - object does not exist.',
    field: 'object_pk',
    doc: 'There is no object of this model with this key.',
  },
  PERMISSION_HOLDER_INTERNAL: {
    code: 'INVALID_ARGUMENT',
    message: 'Permissions cannot be {verb} an internal service account.',
    field: '',
    doc: 'What accounts of the platform may do is not for anybody to change.',
  },
});
