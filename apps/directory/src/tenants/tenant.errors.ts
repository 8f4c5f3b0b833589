import { defineErrors } from '@postern/errors';

/** What tenants may answer. */
export const tenantErrors = defineErrors('directory.tenants', {
  DOMAIN_TAKEN: {
    code: 'ALREADY_EXISTS',
    message: 'Domain with this domain already exists.',
    field: 'domains',
    doc: 'A tenant already answers to this host name.',
  },
});
