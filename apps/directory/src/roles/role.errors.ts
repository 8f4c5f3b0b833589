import { defineErrors } from '@postern/errors';

/** What roles may answer. */
export const roleErrors = defineErrors('directory.roles', {
  ROLE_NAME_TAKEN: {
    code: 'INVALID_ARGUMENT',
    message: 'Role with this name already exists.',
    field: 'name',
    doc: 'Another role of the tenant has this name.',
  },
});
