import { defineErrors } from '@postern/errors';

/** Reasons of tokens. */
export const tokenErrors = defineErrors('auth.tokens', {
  TOKEN_IDENTIFIER_TAKEN: {
    code: 'INVALID_ARGUMENT',
    field: 'identifier',
    message: 'Token with this identifier already exists.',
    doc: 'Another token of the tenant has this identifier.',
  },
  TOKEN_MANAGED_TAKEN: {
    code: 'INVALID_ARGUMENT',
    field: 'managed',
    message: 'Token with this Managed by authentik already exists.',
    doc: 'Another token of the tenant is kept under this name.',
  },
  TOKEN_KEY_UNUSABLE: {
    code: 'INVALID_ARGUMENT',
    field: 'key',
    message: 'This key cannot be used.',
    doc: 'A key that was chosen is longer than 4096 bytes, or is the key of another token.',
  },
  TOKEN_REVOKED: {
    code: 'UNAUTHENTICATED',
    message: 'Token has been revoked',
    doc: 'The access key was revoked. Whoever has it knows that it was one.',
  },
  TOKEN_EXPIRED: {
    code: 'UNAUTHENTICATED',
    message: 'Token has expired',
    doc: 'The last day of the access key is over. Whoever has it knows that it was one.',
  },
  TOKEN_OWNER_INACTIVE: {
    code: 'UNAUTHENTICATED',
    message: 'User inactive or deleted.',
    doc: 'The owner of the access key may not be signed in.',
  },
  TOKEN_INTENT_INVALID: {
    code: 'INVALID_ARGUMENT',
    field: 'intent',
    message: 'Invalid intent {intent}',
    doc: 'People make tokens with the intents `api` and `app_password` only; the others are made by flows.',
  },
});

/** Which error a violated constraint of the table means. */
export const TOKEN_CONSTRAINTS = {
  token__identifier: tokenErrors.TOKEN_IDENTIFIER_TAKEN,
  token__managed: tokenErrors.TOKEN_MANAGED_TAKEN,
  token__key: tokenErrors.TOKEN_KEY_UNUSABLE,
};
