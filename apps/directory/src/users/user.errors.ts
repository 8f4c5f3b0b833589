import { defineErrors } from '@postern/errors';

/** What users may answer. */
export const userErrors = defineErrors('directory.users', {
  USERNAME_TAKEN: {
    code: 'INVALID_ARGUMENT',
    message: 'This field must be unique.',
    field: 'username',
    doc: 'Another user of the tenant has this name.',
  },
  SERVICE_ACCOUNT_NAME_TAKEN: {
    code: 'INVALID_ARGUMENT',
    message: 'A user with this name already exists.',
    field: '',
    doc: 'The account of a program would have the name of another user.',
  },
  SERVICE_ACCOUNT_TOKEN_TAKEN: {
    code: 'INVALID_ARGUMENT',
    message: 'A token with the identifier of this account already exists.',
    field: '',
    doc: 'The token of an account of the same name is still there.',
  },
  SERVICE_ACCOUNT_EXPIRED: {
    code: 'INVALID_ARGUMENT',
    message: 'This time has passed.',
    field: 'expires',
    doc: 'The token of a service account would end before it begins.',
  },
  INTERNAL_ACCOUNT_READONLY: {
    code: 'INVALID_ARGUMENT',
    message: "Can't modify internal service account users",
    field: '',
    doc: 'The account belongs to the platform, which alone changes it.',
  },
});
